"""What is no template of CloudFormation: which of the documents that we read it is."""

from __future__ import annotations

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.deployment import Deployment, deployment
from xbackup_lint.sources import policy_documents
from xbackup_lint.sources.aws_cli import calls as aws_cli
from xbackup_lint.sources.aws_cli.neighbours import Nameless
from xbackup_lint.sources.cloudformation.parameter_files import read_parameter_file
from xbackup_lint.sources.configured_documents import attach_document, policy_in
from xbackup_lint.sources.manifests import controls_in, placements_in
from xbackup_lint.sources.organization import control_policies
from xbackup_lint.sources.organization import policies as organizations
from xbackup_lint.sources.readings import Readings
from xbackup_lint.sources.terraform import root_module
from xbackup_lint.text.node import Document, Mapping, Node
from xbackup_lint.text.source import Source


def recognised(source: Source, document: Document, assignments: Assignments, readings: Readings) -> bool:
    """Whether a document is one that we read. What it tells is added to the readings."""
    root = document.root
    if isinstance(root, Mapping) and root_module(root) is not None:
        from xbackup_lint.sources.terraform.documents import templates_of  # few runs read Terraform

        for template, placement in templates_of(source, root):
            readings.templates.append(template)
            readings.placements.append(placement)
        return True
    placements = placements_in(source, root, assignments.configuration)
    if placements is not None:
        readings.placements.extend(placements)
        readings.controls.extend(controls_in(source, root))
        return True
    file = read_parameter_file(source, root)
    if file is not None:
        readings.parameter_files.append(file)
        return True
    return is_document(source, document, assignments, readings)


def is_document(source: Source, document: Document, assignments: Assignments, readings: Readings) -> bool:
    """Whether it is a policy, or what the AWS CLI prints; a line of JSON lines is nothing else."""
    root = document.root
    here = _deployment(source, root, assignments)
    if control_policies.read_document(root, here, assignments.configuration, readings.estate):
        return True
    readings.nameless = readings.nameless or Nameless()
    if _attached(source, root, assignments, readings) or readings.nameless.take(root):
        return True
    reading = aws_cli.reading_of(root)
    if reading is not None and isinstance(root, Mapping):
        reading(root, _deployment(source, root, assignments), readings.estate)
        return True
    backup_policies = organizations.policies_in(document)
    if backup_policies:
        here = _deployment(source, root, assignments)
        organizations.read_document(backup_policies, here, readings.estate)
        return True
    if policy_documents.is_policy(root):
        policy_documents.read_document(root, _deployment(source, root, assignments), readings.estate)
        return True
    return False


def _attached(source: Source, root: Node, assignments: Assignments, readings: Readings) -> bool:
    """Whether it is a policy that the configuration attaches to something."""
    configuration = assignments.configuration
    attachments = configuration.attachments_of(source.path) if configuration is not None else ()
    policy = policy_in(root) if attachments else None
    if policy is not None:
        attach_document(policy, attachments, _deployment(source, root, assignments), readings.estate)
    return policy is not None


def _deployment(source: Source, root: Node, assignments: Assignments) -> Deployment:
    account, region = assignments.account(source.path), assignments.region(source.path)
    return deployment(
        source.path,
        root.span,
        account.value or assignments.fallback_account,
        region.value or assignments.fallback_region,
        account.how,
    )
