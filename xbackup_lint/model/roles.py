"""Roles found by the ARN that a selection gives, and what their policies say, wherever these stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.requirement import Requirement
from xbackup_lint.model.role import IdentityPolicy, Role
from xbackup_lint.model.selection import Selection
from xbackup_lint.model.vault_names import Owner, owner
from xbackup_lint.policy import managed
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.everywhere import told, untold
from xbackup_lint.policy.matching import same
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_Identity = tuple[str | Hole, ...]
_Key = tuple[Owner | None, _Identity]
Statements = tuple[Statement, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FoundRole:
    """A role that an ARN leads to. `taken_to_be` is the account that its template is taken to be in."""

    role: Role
    verdict: Verdict
    guard: Guard
    taken_to_be: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What the policies of a role say. Of a policy that is not known there is a statement that may say anything."""

    identity: Statements
    boundaries: tuple[tuple[Guard, Statements], ...]
    """The guards under which the role has a boundary, and what that says."""
    of_aws: frozenset[str]
    """The names of AWS's managed policies that it has, under whatever path they are written."""


class Roles:
    """The roles of an estate by account and name: no search looks at all of them."""

    def __init__(
        self, roles: Iterable[Role], policies: Iterable[IdentityPolicy], selections: Iterable[Selection] = ()
    ) -> None:
        self._named: dict[_Key, list[tuple[Guard, Text, Role]]] = defaultdict(list)
        self._elsewhere: dict[_Identity, dict[Span, tuple[Guard, Text, Role]]] = defaultdict(dict)
        self._attached: dict[_Key, list[tuple[Guard, IdentityPolicy]]] = defaultdict(list)
        self._policies: dict[_Identity, list[IdentityPolicy]] = defaultdict(list)
        self._held: dict[Role, Held] = {}
        self._selections = selections
        self.rows: dict[tuple[object, ...], Requirement] = {}
        """What became of questions, kept for all that ask: see `role_access`."""
        for role in roles:
            for guard, key, arn in _keys(role):
                self._named[key].append((guard, arn, role))
                self._elsewhere[key[1]].setdefault(role.span, (guard, arn, role))
        for policy in policies:
            for arn in policy.arns:
                self._policies[arn.identity].append(policy)
            for guard, name in policy.roles:
                both = guard & policy.guard
                if both is not None:
                    self._attached[_key(name, policy.deployment.account)].append((both, policy))

    def named(self, arn: Text) -> tuple[FoundRole, ...]:
        """The roles that an ARN names: those that it certainly does, else those that it may."""
        account, name = _account_and_name(arn)
        if account is None or name is None:
            return ()
        here = self._named.get((owner(account), name.identity), ()) if owner(account) is not None else ()
        found = [FoundRole(role, same(arn, own), guard) for guard, own, role in here]
        certain = tuple(one for one in found if one.verdict is YES)
        return certain or tuple(self._taken_for_it(arn, account, name))

    def _taken_for_it(self, arn: Text, account: Text, name: Text) -> Iterator[FoundRole]:
        """The roles of a name that only one place declares are taken to be meant, in an account that is not known.

        So is, for an Organizations policy, a role in any account: the policy is in force in many.
        """
        possible = [
            (guard, role)
            for guard, own, role in self._elsewhere.get(name.identity, {}).values()
            if same(arn, own) is not NO
        ]
        everywhere = account.hole is not None and account.hole.name == "$account"
        is_taken = len(possible) == 1 and (account.known is not None or everywhere)
        for guard, role in possible:
            yield FoundRole(role, YES if is_taken else UNKNOWN, guard, str(account) if is_taken else "")

    @cached_property
    def selected(self) -> dict[Role, list[Text]]:
        """The roles that selections certainly name, with what these give as their ARN."""
        index: dict[Role, list[Text]] = defaultdict(list)
        for selection in self._selections:
            for arn in selection.role.values:
                for found in self.named(arn) if arn is not None else ():
                    if found.verdict is YES and arn is not None:
                        index[found.role].append(arn)
        return dict(index)

    def held(self, role: Role) -> Held:
        """What the policies of a role say, worked out once."""
        if role not in self._held:
            self._held[role] = self._gathered(role)
        return self._held[role]

    def _gathered(self, role: Role) -> Held:
        found = [statement for policy in role.inline for statement in told(policy)]
        if not role.shows_policies:
            why = f"not all policies of role `{role.label}` are in the files"
            found.append(untold(role.span, Hole(("policies of", role.label), why, place=role.span)))
        names = set[str]()
        for guard, arn in role.managed:
            found.extend(_under(guard, self._of_managed(arn, role)))
            name = managed.name_of(arn) or arn.known or ""
            names.update({name} & managed.paths().keys())
        for attached, policy in self._attached_to(role):
            found.extend(_under(attached, told(policy.policy)))
        boundaries = tuple(
            (guard, tuple(self._of_managed(arn, role))) for guard, arn in role.boundary if arn is not None
        )
        return Held(tuple(found), boundaries, frozenset(names))

    def _attached_to(self, role: Role) -> Iterator[tuple[Guard, IdentityPolicy]]:
        keys = dict.fromkeys(key for _, key, _ in _keys(role))
        found = (one for key in keys for one in self._attached.get(key, ()))
        return (one for one in found if role.is_printed or not one[1].is_printed)

    def _of_managed(self, arn: Text, role: Role) -> Statements:
        """What a managed policy says, as if it stood where the role names it. What was printed of it goes first."""
        found = sorted(self._policies.get(arn.identity, ()), key=lambda one: one.is_printed)
        if not found and (managed.is_of_aws(arn) or arn.known in managed.paths()):
            name = managed.name_of(arn) or arn.known
            statements = managed.statements_of(name, arn.span) if name is not None else None
            return (
                statements if statements is not None else (untold(arn.span, _unknown(arn), may_deny=False),)
            )
        there = [one for one in found if one.deployment is role.deployment] or found[:1]
        if not there:
            return (untold(arn.span, _unknown(arn)),)
        return tuple(s for one in there for s in _under(one.guard, told(one.policy)))


def _unknown(arn: Text) -> Hole:
    """Why it is not known what a managed policy says."""
    if arn.holes and managed.name_of(arn) is None:
        return arn.holes[0]
    name = managed.name_of(arn) or str(arn)
    whose = "AWS's" if managed.is_of_aws(arn) else "the"
    why = f"what {whose} managed policy `{name}` allows is not in the files"
    return Hole(("managed policy", str(arn)), why, place=arn.span, remedy="add it to the files")


def _under(guard: Guard, statements: Iterable[Statement]) -> Iterator[Statement]:
    """Statements where a guard holds too."""
    for statement in statements:
        both = guard & statement.guard
        if both is not None:
            yield statement if both == statement.guard else replace(statement, guard=both)


def _keys(role: Role) -> Iterator[tuple[Guard, _Key, Text]]:
    """What a role is found by, under which guards, with its ARN."""
    for guard, arn in role.arns:
        both = guard & role.guard
        if arn is not None and both is not None:
            yield both, _key(arn, role.deployment.account), arn


def _key(role: Text, account: Text) -> _Key:
    """What a role is found by that is given by its name, in an account, or by its ARN."""
    own, name = _account_and_name(role)
    if own is not None and name is not None:
        return owner(own), name.identity
    return owner(account), role.identity


def _account_and_name(arn: Text) -> tuple[Text | None, Text | None]:
    """Account and name in the ARN of a role, its path left out; None where it is no such ARN."""
    parsed = Arn.of(arn)
    if parsed is None or parsed.service.known != "iam" or not _is_role(parsed.resource):
        return None, None
    pieces = parsed.resource.split("/", trusting=True) or []
    return parsed.account, pieces[-1] if pieces else None


def _is_role(resource: Text) -> bool:
    """Whether a resource is `role/…`; the slash is the path's, where that is not known."""
    return resource.starts_with("role/") or (resource.beginning == "role" and bool(resource.holes))
