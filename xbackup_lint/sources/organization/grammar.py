"""The grammar of Organizations backup policies, as data: which keys stand where, and which operators they take."""

from __future__ import annotations

from collections.abc import Mapping

from xbackup_lint.dataclass import dataclass
from xbackup_lint.sources.plans import Properties


@dataclass(frozen=True, slots=True)
class Setting:
    """A key with a value. AWS: `@@append` and `@@remove` are for lists only (F7.14)."""

    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """A key that holds keys of fixed names."""

    properties: Properties
    inside: Mapping[str, Part]
    required: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        return self.properties.owner


@dataclass(frozen=True, slots=True)
class Named:
    """A key whose keys are names that the author gives, each with the same inside."""

    holds: str
    """What they name, in words."""
    inside: Keys


@dataclass(frozen=True, slots=True)
class Free:
    """A key of whose inside documentation and examples differ: its keys are not judged."""


Part = Setting | Keys | Named | Free

ONE, LIST, FREE = Setting(), Setting(is_list=True), Free()


def _keys(owner: str, inside: Mapping[str, Part], required: tuple[str, ...] = (), **elsewhere: str) -> Keys:
    """`elsewhere`: the letters of names of other forms, and of names that are often written, and what they mean."""
    return Keys(Properties(owner, tuple(inside), elsewhere), inside, required)


# AWS: the syntax of backup policies (facts section 7a, F7.1, F7.3, F7.8, F7.11). Its older examples call
# `delete_after_days` `to_delete_after_days`, which its syntax never had.
_LIFECYCLE = _keys(
    "a lifecycle",
    {
        "move_to_cold_storage_after_days": ONE,
        "delete_after_days": ONE,
        "opt_in_to_archive_for_supported_resources": ONE,
    },
    deleteafter="delete_after_days",
    todeleteafterdays="delete_after_days",
    coldstorageafter="move_to_cold_storage_after_days",
    coldstorageafterdays="move_to_cold_storage_after_days",
)
COPY = _keys(
    "a copy action",
    {"target_backup_vault_arn": ONE, "lifecycle": _LIFECYCLE},
    destinationbackupvaultarn="target_backup_vault_arn",
    destinationvaultarn="target_backup_vault_arn",
    targetvaultarn="target_backup_vault_arn",
)
_TAGS = Named("tags", _keys("a tag", {"tag_key": ONE, "tag_value": ONE}))
RULE = _keys(
    "a rule",
    {
        "schedule_expression": ONE,
        "target_backup_vault_name": ONE,
        "target_logically_air_gapped_backup_vault_arn": ONE,
        "start_backup_window_minutes": ONE,
        "complete_backup_window_minutes": ONE,
        "enable_continuous_backup": ONE,
        "lifecycle": _LIFECYCLE,
        "copy_actions": Named("copy actions by the ARNs of their vaults", COPY),
        "recovery_point_tags": _TAGS,
        "index_actions": _keys("an index action", {"resource_types": LIST}),
        "scan_actions": Named("scan actions by their scanners", _keys("a scan action", {"scan_mode": ONE})),
    },
    ("schedule_expression", "target_backup_vault_name"),
    schedule="schedule_expression",
    targetbackupvault="target_backup_vault_name",
    targetvaultname="target_backup_vault_name",
    backupvaultname="target_backup_vault_name",
    startwindow="start_backup_window_minutes",
    startwindowminutes="start_backup_window_minutes",
    completionwindow="complete_backup_window_minutes",
    completionwindowminutes="complete_backup_window_minutes",
    continuousbackup="enable_continuous_backup",
)
_CONDITIONS = _keys(
    "the conditions of a selection",
    dict.fromkeys(
        ("string_equals", "string_not_equals", "string_like", "string_not_like"),
        Named("conditions", _keys("a condition", {"condition_key": ONE, "condition_value": ONE})),
    ),
)
_ROLE = {"iamrole": "iam_role_arn", "rolearn": "iam_role_arn"}
_SELECTIONS = _keys(
    "`selections`",
    {
        "tags": Named(
            "selections",
            _keys(
                "a selection by tags",
                {"iam_role_arn": ONE, "tag_key": ONE, "tag_value": LIST, "conditions": _CONDITIONS},
                ("iam_role_arn", "tag_key", "tag_value"),
                **_ROLE,
            ),
        ),
        "resources": Named(
            "selections",
            _keys(
                "a selection by resources",
                {
                    "iam_role_arn": ONE,
                    "resource_types": LIST,
                    "not_resource_types": LIST,
                    "conditions": _CONDITIONS,
                },
                ("iam_role_arn", "resource_types"),
                **_ROLE,
                resources="resource_types",
                notresources="not_resource_types",
            ),
        ),
    },
)
_SCANS = _keys("a scan setting", {"resource_types": LIST, "scanner_role_arn": ONE})
PLAN = _keys(
    "a plan",
    {
        "regions": LIST,
        "rules": Named("rules by their names", RULE),
        "selections": _SELECTIONS,
        "advanced_backup_settings": FREE,
        "backup_plan_tags": _TAGS,
        "scan_settings": Named("scan settings by their scanners", _SCANS),
    },
    ("regions", "rules", "selections"),
    backupplanrule="rules",
    backupplanrules="rules",
    backuprules="rules",
)
POLICY = _keys("a backup policy", {"plans": Named("plans by their names", PLAN)})
