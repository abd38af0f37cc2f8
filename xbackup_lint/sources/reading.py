"""All inputs of a run into one estate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from xbackup_lint.config.deployments import Assignments, UsageError
from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.model.deployment import Deployment, deployment
from xbackup_lint.model.estate import Estate, Listing
from xbackup_lint.model.mishap import survived
from xbackup_lint.model.problem import Problem
from xbackup_lint.model.suppression import Suppression
from xbackup_lint.sources import policy_documents
from xbackup_lint.sources.attach import attach
from xbackup_lint.sources.attach_roles import attach_roles
from xbackup_lint.sources.aws_cli import calls as aws_cli
from xbackup_lint.sources.aws_cli.neighbours import Nameless
from xbackup_lint.sources.cloudformation.parameter_files import ParameterFile, read_parameter_file
from xbackup_lint.sources.cloudformation.reading import infer_account, is_template, read_stack
from xbackup_lint.sources.cloudformation.stacks import arrange
from xbackup_lint.sources.configured_documents import attach_document, policy_in
from xbackup_lint.sources.files import Input, Opened, open_input
from xbackup_lint.sources.manifest_controls import attach_manifest_controls
from xbackup_lint.sources.manifests import Controlled, Placement, controls_in, placements_in
from xbackup_lint.sources.organization import control_policies
from xbackup_lint.sources.organization import policies as organizations
from xbackup_lint.sources.organization.control_policies import attach_controls, is_attached
from xbackup_lint.sources.organization.documents import settle_organization
from xbackup_lint.sources.organization.reach import spread
from xbackup_lint.sources.remarks import remarks
from xbackup_lint.sources.suppressions import suppressions_in
from xbackup_lint.sources.terraform import root_module
from xbackup_lint.sources.watch import Watch, unwatched
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Document, Mapping, Node
from xbackup_lint.text.source import Source
from xbackup_lint.text.walk import scalars

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration

_OCTAL = re.compile(r"(?<![\w'\"-])0[0-7]{11}(?![\w'\"-])")


@dataclass(slots=True)
class Readings:
    """What became of the inputs: the estate, and for each file whether it was read."""

    estate: Estate = field(default_factory=Estate)
    read: list[str] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    """Path, and why."""
    unreadable: list[str] = field(default_factory=list)
    parameters: set[str] = field(default_factory=set)
    """The parameters that templates declare, for those who misspell them."""
    templates: list[Template] = field(default_factory=list)
    parameter_files: list[ParameterFile] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    """Where manifests deploy templates."""
    controls: list[Controlled] = field(default_factory=list)
    """The control policies that manifests attach."""
    nameless: Nameless = field(default_factory=Nameless)
    notes: list[str] = field(default_factory=list)
    """What is worth a word and no finding: a parameter file for no template."""


def read_inputs(inputs: Iterable[Input], assignments: Assignments, watch: Watch = unwatched) -> Readings:
    """Read every input. Raises UsageError where a file is told two accounts."""
    readings = Readings()
    if assignments.configuration is not None:
        _configure(readings.estate, assignments.configuration)
    for given in watch("reading", tuple(inputs)):
        _read_or_survive(given, assignments, readings)
    readings.notes.extend(readings.nameless.settle(readings.estate))
    stacks = arrange(
        readings.templates, readings.parameter_files, assignments, infer_account, readings.placements
    )
    readings.notes.extend(_nowhere(readings))
    readings.notes.extend(stacks.notes)
    for scope in watch("joining", stacks.scopes):
        with survived(readings.estate.mishaps, f"joining {scope.template.path}", UsageError):
            read_stack(scope, stacks.links, readings.estate)
    attach(readings.estate)
    attach_roles(readings.estate)
    readings.notes.extend(settle_organization(readings.estate))
    readings.notes.extend(remarks(readings.estate))
    attach_manifest_controls(readings.estate, readings.controls, assignments.configuration)
    attach_controls(readings.estate, assignments.configuration)
    readings.notes.extend(spread(readings.estate, assignments.configuration))
    return readings


def _read_or_survive(given: Input, assignments: Assignments, readings: Readings) -> None:
    mishaps = readings.estate.mishaps
    before = len(mishaps)
    with survived(mishaps, f"reading {given.path}", UsageError):
        _read(given, open_input(_asked_for(given, assignments)), assignments, readings)
    if len(mishaps) > before:
        readings.unreadable.append(given.path)


def _asked_for(given: Input, assignments: Assignments) -> Input:
    """A policy that the configuration attaches is read as if it was named: it need not hold a word of backups."""
    return replace(given, named=True) if is_attached(given.path, assignments.configuration) else given


def _configure(estate: Estate, configuration: Configuration) -> None:
    """What the configuration tells of the accounts as a whole."""
    estate.trusted_key_accounts = frozenset(word.text for word in configuration.trusted_key_accounts)
    estate.organization = configuration.organization.text if configuration.organization is not None else None
    units = (
        (account.id, account.unit.ids if account.unit is not None else None)
        for account in configuration.accounts
    )
    if estate.organization is not None:
        estate.members = frozenset(account.id for account in configuration.accounts)
    estate.units = {account: ids for account, ids in units if ids is not None}
    complete = (account for account in configuration.accounts if account.complete)
    estate.listings.extend(
        Listing(deployment("", account.span, account.id, None), account.span, everywhere=True)
        for account in complete
    )


def _nowhere(readings: Readings) -> Iterator[str]:
    """Manifests that name files which are not there."""
    there = {template.path for template in readings.templates} | {path for path, _ in readings.passed_over}
    for one in readings.placements:
        manifest = one.deployed.span.source.path
        if one.template not in there:
            yield f"{manifest}: `{one.written}`, which it names, is not among the files"


def _read(given: Input, opened: Opened, assignments: Assignments, readings: Readings) -> None:
    if opened.problem is not None:
        readings.unreadable.append(given.path)
        readings.estate.problems.append(opened.problem)
        return
    documents = opened.lines or ((opened.document,) if opened.document is not None else ())
    if not documents or opened.source is None:
        readings.passed_over.append((given.path, opened.why))
        return
    recognise = _is_document if opened.lines else _recognised
    known = [one for one in documents if recognise(opened.source, one, assignments, readings)]
    if known or given.named:
        readings.estate.problems.extend(opened.problems)
    if not known:
        readings.passed_over.append((given.path, "no template and no policy"))
        return
    readings.read.append(given.path)
    for document in known:
        readings.estate.problems.extend(_noticed(opened.source, document))
        readings.suppressions.extend(suppressions_in(opened.source, document.root))


def _recognised(source: Source, document: Document, assignments: Assignments, readings: Readings) -> bool:
    root = document.root
    if is_template(root) and isinstance(root, Mapping):
        template = Template(source, root)
        readings.templates.append(template)
        readings.parameters.update(template.parameters)
        return True
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
    return _is_document(source, document, assignments, readings)


def _is_document(source: Source, document: Document, assignments: Assignments, readings: Readings) -> bool:
    """Whether it is a policy, or what the AWS CLI prints; a line of JSON lines is nothing else."""
    root = document.root
    here = _deployment(source, root, assignments)
    if control_policies.read_document(root, here, assignments.configuration, readings.estate):
        return True
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


def _noticed(source: Source, document: Document) -> Iterator[Problem]:
    """What the reader read past, and account ids that YAML takes for other numbers."""
    for remark in document.remarks:
        yield Problem(
            "input-duplicate-key", remark.span, facts={"what": remark.message}, related=remark.related
        )
    if _OCTAL.search(source.text):
        for scalar in scalars(document.root, under_tags=False):
            if scalar.tag == "int" and scalar.style == "plain" and _OCTAL.fullmatch(scalar.text):
                read = str(int(scalar.text, 8))
                facts = {"written": scalar.text, "read": read, "meant": scalar.text}
                yield Problem("account-id-not-text", scalar.span, "octal", facts)
