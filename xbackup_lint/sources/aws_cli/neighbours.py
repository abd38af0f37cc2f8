"""Documents that do not say whose they are, and those beside them that do.

`get-key-policy`, `list-attached-role-policies`, `list-role-policies`, `get-policy-version` and
`list-targets-for-policy` print no name. What stands beside them tells it: in one file of JSON lines the document
before, where each has one after it; in one folder the only one of its kind.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence as List
from typing import Protocol, TypeVar

from xbackup_lint.dataclass import replace
from xbackup_lint.model.control_policy import Attachment, ControlPolicy
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.organization import BackupPolicy
from xbackup_lint.model.role import IdentityPolicy, Role
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.aws_cli.roles import attached_arns, decoded, is_default, unknown_policy
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Span
from xbackup_lint.values.literal import literal
from xbackup_lint.values.value import Field

_Subject = TypeVar("_Subject", Key, Role, IdentityPolicy, ControlPolicy | BackupPolicy)
_Document = TypeVar("_Document", Mapping, Policy)


class _HasSpan(Protocol):
    @property
    def span(self) -> Span: ...


_Placed = TypeVar("_Placed", bound=_HasSpan)


class Nameless:
    """The documents of a run that do not say whose they are, by kind."""

    def __init__(self) -> None:
        self._found: dict[str, list[Mapping]] = defaultdict(list)

    def take(self, root: Node) -> bool:
        """Whether a document is one of these. Keeps it."""
        kind = _kind(root) if isinstance(root, Mapping) else None
        if kind is not None and isinstance(root, Mapping):
            self._found[kind].append(root)
        return kind is not None

    def settle(self, estate: Estate) -> list[str]:
        """Give each document to what it is of. Returns notes on those that no document beside them names."""
        _settle_keys(estate)
        loose = [
            *self._settle_targets(estate),
            *self._settle_versions(estate),
            *self._settle_roles(estate),
        ]
        return [f"{path}: no file beside it tells which {what}" for path, what in dict.fromkeys(loose)]

    def _settle_targets(self, estate: Estate) -> list[tuple[str, str]]:
        controls = [one for one in estate.control_policies if not one.attachments]
        backups = [one for one in estate.backup_policies if not one.attached_to and one.effective_in is None]
        subjects: list[ControlPolicy | BackupPolicy] = [*controls, *backups]
        pairs, loose = _paired(subjects, self._found["targets"])
        for subject, root in pairs:
            ids = [
                text
                for one in literal(root).get("Targets").elements()
                for text in one.get("TargetId").texts().values
                if text is not None
            ]
            if isinstance(subject, ControlPolicy):
                attached = replace(subject, attachments=tuple(map(Attachment, ids)))
                estate.control_policies[estate.control_policies.index(subject)] = attached
            else:
                at = estate.backup_policies.index(subject)
                estate.backup_policies[at] = replace(subject, attached_to=tuple(ids))
        return [(one.span.source.path, "policy is attached to these targets") for one in loose]

    def _settle_versions(self, estate: Estate) -> list[tuple[str, str]]:
        waiting = [one for one in estate.identity_policies if one.is_printed and one.policy.unknown]
        versions = [one for one in self._found["version"] if is_default(literal(one).get("PolicyVersion"))]
        pairs, loose = _paired(waiting, versions)
        for subject, root in pairs:
            policy = read_policy(decoded(literal(root).path("PolicyVersion", "Document")))
            if policy is not None:
                at = estate.identity_policies.index(subject)
                estate.identity_policies[at] = replace(subject, policy=policy)
        return [(one.span.source.path, "policy this is a version of") for one in loose]

    def _settle_roles(self, estate: Estate) -> list[tuple[str, str]]:
        """A role shows its policies where both its lists are there, and each policy of the one by itself."""
        roles = [role for role in estate.roles if role.is_printed and not role.shows_policies]
        attached, loose = _paired(roles, self._found["attached"])
        names, alone = _paired(roles, self._found["names"])
        listed = dict(names)
        for role, root in attached:
            inline = listed.get(role)
            if inline is not None:
                estate.roles[estate.roles.index(role)] = replace(
                    role,
                    managed=attached_arns(literal(root).get("AttachedPolicies")),
                    inline=tuple(_not_told(role, literal(inline), estate.identity_policies)),
                    shows_policies=True,
                )
        return [(one.span.source.path, "role has these policies") for one in (*loose, *alone)]


def _kind(root: Mapping) -> str | None:
    """Which call prints a document. A page of a longer list is none: what it leaves out, it may hold."""
    targets, version = root.get("Targets"), root.get("PolicyVersion")
    items = targets.items if isinstance(targets, Sequence) else ()
    if items and all(isinstance(one, Mapping) and {"TargetId", "Type"} <= _members(one) for one in items):
        return "targets"
    if isinstance(version, Mapping) and {"Document", "IsDefaultVersion"} <= _members(version):
        return "version"
    more = root.get("IsTruncated")
    if (isinstance(more, Scalar) and more.text == "true") or root.get("NextToken") is not None:
        return None
    if isinstance(root.get("AttachedPolicies"), Sequence):
        return "attached"
    named = root.get("PolicyNames")
    return (
        "names" if isinstance(named, Sequence) and _members(root) <= {"PolicyNames", "IsTruncated"} else None
    )


def _members(mapping: Mapping) -> set[str]:
    return {key.text for key, _ in mapping.entries}


def _not_told(role: Role, names: Field, policies: Iterable[IdentityPolicy]) -> Iterable[Policy]:
    """The policies of a role that a list names, and that no `get-role-policy` printed."""
    told = {one.name for one in policies if one.name and _is_of(one, role)}
    for one in names.get("PolicyNames").elements():
        name = one.texts().only
        if name is not None and name.known not in told:
            yield unknown_policy(name.span)


def _is_of(policy: IdentityPolicy, role: Role) -> bool:
    return any(str(name) == role.label for _, name in policy.roles)


def _settle_keys(estate: Estate) -> None:
    """`get-key-policy` beside `describe-key`."""
    loose = (s.policy for s in estate.statements if s.policy_kind == "key" and s.kms_key is None)
    described = [key for key in estate.keys if not key.shows_policy]
    pairs, _ = _paired(described, list(dict.fromkeys(loose))) if described else ([], [])
    if not pairs:
        return
    became: dict[Policy, Key] = {}
    for key, policy in pairs:
        whole = became[policy] = replace(key, policy=policy, shows_policy=True)
        estate.keys[estate.keys.index(key)] = whole
    estate.statements = [
        replace(s, kms_key=became[s.policy], deployment=became[s.policy].deployment)
        if s.kms_key is None and s.policy in became
        else s
        for s in estate.statements
    ]


def _paired(
    subjects: Iterable[_Subject], documents: Iterable[_Document]
) -> tuple[list[tuple[_Subject, _Document]], list[_Document]]:
    """Documents with what they are of, and those of which that cannot be told."""
    here, folders = _by_path(subjects), defaultdict[str, list[_Subject]](list)
    waiting, alone = _by_path(documents), defaultdict[str, list[_Document]](list)
    pairs: list[tuple[_Subject, _Document]] = []
    loose: list[_Document] = []
    for path, found in here.items():
        folders[posixpath.dirname(path)].extend(found)
    for path, these in waiting.items():
        if path not in here:
            alone[posixpath.dirname(path)].extend(these)
        elif _alternate(here[path], these):
            pairs.extend(zip(here[path], these, strict=True))
        else:
            loose.extend(these)
    for folder, these in alone.items():
        if len(these) == len(folders[folder]) == 1:
            pairs.append((folders[folder][0], these[0]))
        else:
            loose.extend(these)
    return pairs, loose


def _by_path(nouns: Iterable[_Placed]) -> dict[str, list[_Placed]]:
    """What stands in each file, in its order."""
    found = defaultdict[str, list[_Placed]](list)
    for noun in nouns:
        found[noun.span.source.path].append(noun)
    return {path: sorted(these, key=lambda one: one.span.start) for path, these in found.items()}


def _alternate(subjects: List[_Subject], documents: List[_Document]) -> bool:
    """Whether each subject of a file has one document after it, before the next."""
    if len(subjects) != len(documents):
        return False
    if len(subjects) == 1:
        return True
    starts = [noun.span.start for pair in zip(subjects, documents, strict=True) for noun in pair]
    return starts == sorted(starts)
