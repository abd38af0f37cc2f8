"""The roles of selections: how they are named, who may assume them, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.picked import by_management, way_of
from xbackup_lint.model.role import Role
from xbackup_lint.model.role_keys import key_use
from xbackup_lint.model.route import Route, routes
from xbackup_lint.model.selection import Selection
from xbackup_lint.model.vault_names import similar
from xbackup_lint.policy import managed
from xbackup_lint.policy.arn import Arn, is_arn, lacks_sub
from xbackup_lint.policy.everywhere import in_every_world, told
from xbackup_lint.policy.request import Caller, Request
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import ACCOUNT, NAME
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_DEFAULT_ROLE = "AWSBackupDefaultServiceRole"
_SERVICE = "backup.amazonaws.com"
_REFERENCE = ".RoleName"


@check
def role_is_no_arn(selection: Selection, _: Estate) -> Iterator[Hit]:
    """`IamRoleArn` cannot be the ARN of a role. Facts: `role`, `part` (what is wrong in it), `resource`."""
    for guard, role in selection.role:
        fault = _fault(role, selection) if role is not None else None
        if role is None or fault is None:
            continue
        reason, part = fault
        hole = role.hole
        facts = {
            "role": str(role),
            "part": str(part),
            "resource": hole.name.removesuffix(_REFERENCE) if hole is not None else "",
        }
        place = hole.place if hole is not None else None
        yield Hit(
            part.birthplace if part.assumptions else part.span,
            YES,
            guard,
            reason,
            facts,
            also=(("role", place),) if place is not None else (),
            assumptions=assumptions_of(role),
        )


def _fault(role: Text, selection: Selection) -> tuple[str, Text] | None:
    """A word for why a text is no ARN of a role, and the part that is wrong. None: it is one, or who knows."""
    variables = lacks_sub(role)
    if variables is not NO or "{{" in str(role):
        # In documents, and where CloudFormation has no such names, another tool fills them in.
        certain = variables is YES and selection.form == "cloudformation"
        return ("not-substituted", role) if certain else None
    begins = is_arn(role)
    if begins is NO:
        is_name = role.hole is not None and role.hole.shape is NAME
        return ("reference" if is_name else "name" if role.parts else "empty"), role
    arn = Arn.of(role)
    if begins is UNKNOWN or arn is None:
        return None
    return _fault_in_a_field(arn)


def _fault_in_a_field(arn: Arn) -> tuple[str, Text] | None:
    if arn.service.known not in (None, "iam"):
        return "not-a-role", arn.service
    known = arn.resource.known
    if known is not None and (not known.startswith("role/") or known.endswith("/")):
        return "not-a-role", arn.resource if arn.resource.parts else arn.text
    account = arn.account.known
    if account is not None and not ACCOUNT.could_be(account):
        return "wrong-account", arn.account if arn.account.parts else arn.text
    return None


@check
def role_is_foreign(selection: Selection, estate: Estate) -> Iterator[Hit]:
    """The role belongs to another account than the plan. Facts: `role`, `account`, `own`."""
    own = selection.deployment.account
    for guard, role in selection.role:
        arn = Arn.of(role) if role is not None else None
        if role is None or arn is None or arn.account.known is None:
            continue
        verdict = equals(arn.account, own)
        everywhere = verdict is UNKNOWN and _is_every_account(selection, estate)
        if verdict is NO or everywhere:
            facts = {"role": str(role), "account": arn.account.known, "own": str(own)}
            evidence = selection.deployment.evidence
            yield Hit(
                arn.account.span,
                YES,
                guard,
                "every-account" if everywhere else "",
                facts,
                also=(("evidence", evidence),) if evidence is not None and not everywhere else (),
                assumptions=assumptions_of(arn.account),
            )


def _is_every_account(selection: Selection, estate: Estate) -> bool:
    """Whether the selection is that of a backup policy, which is in force in every account below its targets."""
    hole = selection.deployment.account.hole
    if selection.form != "organizations" or hole is None:
        return False
    effective = (policy.effective_in for policy in estate.backup_policies)
    return all(one is None or one.hole != hole for one in effective)


@check
def role_path_is_missing(selection: Selection, estate: Estate) -> Iterator[Hit]:
    """The role that the console makes, without its path; no file declares one without."""
    for guard, role in selection.role:
        arn = Arn.of(role) if role is not None else None
        if role is None or arn is None or arn.resource.known != f"role/{_DEFAULT_ROLE}":
            continue
        if not estate.known_roles.named(role):
            yield Hit(arn.resource.span, YES, guard, assumptions=assumptions_of(role))


@check
def role_cannot_be_assumed(role: Role, estate: Estate) -> Iterator[Hit]:
    """A role of a selection does not trust AWS Backup. Facts: `role`, `element` (what does not fit)."""
    selected = estate.known_roles.selected.get(role)
    if role.trust is None or not selected:
        return
    arn = selected[0]
    request = Request(
        Caller(role.deployment.account, service=_SERVICE, name="AWS Backup"), "sts:AssumeRole", arn
    )
    made = in_every_world(request, told(role.trust), role.guard, role.trust.present)
    decision = min(made, key=lambda one: one.verdict.value)
    if decision.verdict is YES:
        return
    because = decision.because
    facts = {"role": role.label, "element": because.element.name if because is not None else "statement"}
    yield Hit(
        because.element.span if because is not None else role.span,
        ~decision.verdict,
        role.guard,
        "denied" if decision.denied else facts["element"],
        facts,
        also=(("selection", arn.span),),
        holes=decision.holes,
    )


@check
def managed_policy_is_unknown(role: Role, _: Estate) -> Iterator[Hit]:
    """A managed policy of AWS Backup that is not there, or cannot be attached. Facts: `policy`, `right`."""
    for guard, arn in role.managed:
        found = _no_policy(arn)
        if found is not None:
            reason, right = found
            facts = {"policy": str(arn), "right": _right(right, arn)}
            yield Hit(arn.span, YES, guard, reason, facts, assumptions=assumptions_of(arn))


def _no_policy(arn: Text) -> tuple[str, str] | None:
    """What is wrong with the name of a managed policy, and which policy is meant."""
    known = managed.paths()
    if arn.known in known:
        return "not-an-arn", arn.known or ""
    name = managed.name_of(arn)
    if name is None or not managed.is_of_aws(arn):
        return None
    path = known.get(name)
    if path is None:
        near = next((one for one in known if name.startswith("AWSBackup") and similar(name, one)), None)
        return ("misspelt", near) if near is not None else None
    if path == "aws-service-role/":
        return "not-attachable", "AWSBackupServiceRolePolicyForBackup"
    parsed = Arn.of(arn)
    is_there = parsed is not None and parsed.resource.known == f"policy/{path}{name}"
    return None if is_there else ("wrong-path", name)


def _right(name: str, arn: Text) -> str:
    """The ARN of a managed policy, in the partition of another."""
    parsed = Arn.of(arn)
    partition = str(parsed.partition) if parsed is not None else "aws"
    return f"arn:{partition}:iam::aws:policy/{managed.paths()[name]}{name}"


@check
def role_cannot_use_key(selection: Selection, estate: Estate) -> Iterator[Hit]:
    """A role with policies of its own only may not use the key that its backups are encrypted with.

    Facts: `role`, `key`, `actions`.
    """
    for route in _copies_away(selection, estate):
        found = route.target
        _, key = route.key_of(found.vault) if found is not None and found.verdict is YES else (None, None)
        if key is None or not key.shows_policy:
            continue
        for guard, arn, role in _described(selection, route, estate):
            held = estate.known_roles.held(role)
            if any(name.startswith("AWSBackup") for name in held.of_aws):
                continue
            use = key_use(route, arn, held, key)
            facts = {
                "role": role.label,
                "key": key.label,
                "actions": ", ".join(f"`{action}`" for action in use.actions),
            }
            also: tuple[tuple[str, Span], ...] = (("role", role.span), ("key", key.span))
            yield Hit(arn.span, ~use.verdict, guard, "", facts, also, holes=use.holes)


def _copies_away(selection: Selection, estate: Estate) -> Iterator[Route]:
    """The copies to other accounts of what a selection picks that is encrypted with the key of the vault (F3.6).

    One for each vault that is copied from.
    """
    seen = set[object]()
    copies = (copy for rule in estate.selected.rules_of(selection) for copy in estate.copies_of.get(rule, ()))
    for copy in copies:
        for route in routes(copy, estate):
            vault = route.target.vault if route.target is not None else None
            if route.crosses_accounts is not YES or (vault, route.guard) in seen:
                continue
            fully_managed, _ = by_management(way_of(route), selection.types)
            if fully_managed:
                seen.add((vault, route.guard))
                yield route


def _described(selection: Selection, route: Route, estate: Estate) -> Iterator[tuple[Guard, Text, Role]]:
    """The roles of a selection that the files certainly describe."""
    for guard, arn in selection.role:
        both = guard & route.guard
        if arn is None or both is None:
            continue
        for found in estate.known_roles.named(arn):
            there = both & found.guard
            if found.verdict is YES and there is not None:
                yield there, arn, found.role
