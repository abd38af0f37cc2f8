"""What the AWS CLI prints, and takes as JSON: which reader reads a document is told by its members."""

from __future__ import annotations

from collections.abc import Callable

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.sources.aws_cli import config_items
from xbackup_lint.sources.aws_cli import keys as key_documents
from xbackup_lint.sources.aws_cli import locks as lock_documents
from xbackup_lint.sources.aws_cli import plans as plan_documents
from xbackup_lint.sources.aws_cli import roles as role_documents
from xbackup_lint.sources.aws_cli import selections as selection_documents
from xbackup_lint.sources.aws_cli import shares as share_documents
from xbackup_lint.sources.aws_cli import vaults as vault_documents
from xbackup_lint.sources.cloudformation import notifications as notification_resources
from xbackup_lint.sources.organization import documents as organization_documents
from xbackup_lint.sources.organization.settings import holds_settings, read_settings
from xbackup_lint.text.node import Mapping, Node, Sequence

Reading = Callable[[Mapping, Deployment, Estate], None]

_BY_MEMBERS: tuple[tuple[Callable[[set[str]], bool], Reading], ...] = (
    (notification_resources.is_notification, vault_documents.read_notification),
    (vault_documents.is_vault, vault_documents.read_vault),
    (selection_documents.is_bare, selection_documents.read_bare_selection),
    (selection_documents.is_settings, selection_documents.read_settings),
    (share_documents.is_share, share_documents.read_share),
    (lock_documents.is_lock, lock_documents.read_lock),
    (role_documents.is_role_policy, role_documents.read_role_policy),
    (role_documents.is_authorization, role_documents.read_authorization),
)
"""Documents that the names of their members tell from all others."""

_BY_ROOT: tuple[tuple[Callable[[Mapping], bool], Reading], ...] = (
    (holds_settings, read_settings),
    (role_documents.is_role, role_documents.read_role),
    (role_documents.is_managed_policy, role_documents.read_managed_policy),
    (organization_documents.is_organization, organization_documents.read_organization),
    (organization_documents.is_accounts, organization_documents.read_accounts),
    (config_items.holds_items, config_items.read_items),
)
"""Documents that what stands in their members tells from all others."""


def reading_of(root: Node) -> Reading | None:
    """What to do with a document: which call printed or takes it."""
    if not isinstance(root, Mapping):
        return None
    members = {key.text for key, _ in root.entries}
    if plan_documents.is_plan(root.get("BackupPlan")):
        return plan_documents.read_plan
    if "BackupPlanName" in members and plan_documents.is_plan(root):
        return plan_documents.read_bare_plan
    if isinstance(root.get("BackupSelection"), Mapping):
        return selection_documents.read_selection
    if isinstance(root.get("BackupVaultList"), Sequence):
        return vault_documents.read_list
    for fits, reading in _BY_MEMBERS:
        if fits(members):
            return reading
    for is_it, reading in _BY_ROOT:
        if is_it(root):
            return reading
    return key_documents.reading_of(root, members)
