"""Why a requirement stands as it does, in words."""

from __future__ import annotations

from xbackup_lint.engine.rule import Words
from xbackup_lint.model.requirement import Requirement

_WORDS = {
    "destination": {
        "malformed": "`{destination}` is not the ARN of a vault",
        "unknown": "the destination is not known",
        "default-vault": "the default vault of another account takes no copies",
        "not-described": "no file describes `{destination}`",
        "may-be": "it cannot be told whether the vault in {path} is the destination",
        "described": "{path} describes it",
        "declared-twice": "both {path} and {other} declare this vault, and only one of them can",
        "taken-for": "{path} describes it, taken to be in account {account}",
    },
    "partition-and-region": {
        "same-partition": "the copy stays within its partition",
        "not-of-region": "region {region} is in partition `{own}`, and the ARN says `{partition}`",
        "other-partition": "the plan is in partition `{source-partition}`, the destination in `{own}`",
        "china": "there are no copies between accounts in the China regions",
    },
    "organization": {
        "same-organization": "both accounts are in one organization that has cross-account backup on",
        "enabled": "both accounts are in one organization; {path} says that it has cross-account backup on",
        "told": "both accounts are in `{organization}`, which has cross-account backup on ({path})",
        "disabled": "{path} says that the organization has cross-account backup off",
        "another-organization": "the vault's policy is made for {theirs}, and the source is in {ours}",
    },
    "vault-policy": {
        "same-account": "the copy stays in its account",
        "not-described": "no file describes the destination vault",
        "no-policy": "vault `{vault}` has no access policy: it refuses every other account",
        "allowed": "the policy of `{vault}` lets {caller} copy in ({statement})",
        "denied": "the policy of `{vault}` denies it to {caller} ({statement})",
        "refused": "the policy of `{vault}` does not let {caller} copy in: {statement} fits but for its {element}",
        "role-not-named": "the policy of `{vault}` names {named}, and not {caller} ({statement})",
        "role-path-differs": "the policy of `{vault}` names {named}: the path of {caller} is another ({statement})",
        "granted-on-the-wrong-vault": "`{vault}` grants nothing; `{source-vault}`, which is copied from, does",
        "undecided": "whether the policy of `{vault}` lets {caller} copy in depends on the {element} of {statement}",
    },
    "role": {
        "same-account": "the role of the selection may copy within its account",
        "no-selection": "no selection says as which role the plan works",
        "not-described": "{role} may copy",
        "may-be": "{role} may copy, as the role in {path} may",
        "may-be-refused": "{role} may be the role in {path}, of which it is not certain that it may copy",
        "allowed": "{role} may copy ({statement})",
        "denied": "a policy of {role} denies it {actions} ({statement})",
        "not-granted": "no policy of {role} allows it {actions}",
        "only-s3": "no policy of {role} allows it {actions}; AWSBackupServiceRolePolicyForS3Backup does not",
        "other-resource": "{role} may not copy to `{destination}`: {statement} allows {actions} elsewhere",
        "bounded": "the permissions boundary of {role} does not allow it {actions}",
        "refused": "{role} has not {actions}: {statement} fits but for its {element}",
        "undecided": "whether {role} has {actions} depends on the {element} of {statement}",
    },
    "service-control": {
        "no-policy": "no service control policy denies it",
        "not-denied": "no service control policy in the files denies it, and `FullAWSAccess` is taken to allow it",
        "service-linked": "no service control policy binds {caller}, which is service-linked",
        "denied": "SCP `{policy}` denies `{action}` to {caller} ({statement})",
        "attachment": "SCP `{policy}` denies `{action}` if it stands over account {account} ({statement})",
        "may-deny": "SCP `{policy}` does not deny `{action}` ({statement}), or not in account {account}",
        "undecided": "whether SCP `{policy}` denies `{action}` to {caller} depends on the {element} of {statement}",
        "some-types": "SCP `{policy}` denies `{action}` to {caller} for some resource types ({statement})",
        "condition": "whether SCP `{policy}` denies `{action}` to {caller} depends on its template ({statement})",
        "not-allowed": "SCP `{policy}` allows other actions than `{action}`",
    },
    "source-key": {
        "same-account": "the copy stays in its account",
        "vault-not-described": "the key of the vault that is copied from is shared with the destination account",
        "keys-not-described": "the keys of the vault and of the resources are shared with the destination account",
        "own-keys": "the own keys of {types} are shared with the destination account",
        "service-key": "backups of {types} are encrypted with the AWS managed key of AWS Backup",
        "key-not-described": "the key policy of `{key}` lets the destination account use it",
        "nothing-to-copy": "no key matters: {types} is not encrypted, or cannot be copied",
        "resource-service-key": "`{resource}` is encrypted with an AWS managed key: its copies will fail",
        "resource-default-key": "`{resource}` is encrypted with the account's default key for {types}",
        "resource-key-unknown": "`{resource}` is not encrypted, or with a key that is shared",
        "allowed": "key `{key}` is shared with account {account} ({statement})",
        "no-policy": "key `{key}` has no key policy: only its own account can use it",
        "denied": "the policy of key `{key}` denies {who} {actions} ({statement})",
        "perhaps-denied": "whether key `{key}` denies {who} {actions} depends on the {element} of {statement}",
        "share-incomplete": "key `{key}` is shared with account {account}, but for {actions}",
        "perhaps-incomplete": "key `{key}` is shared with account {account}, perhaps but for {actions}",
        "refused": "key `{key}` is not shared with account {account}: copies of {types} fail without {actions}",
        "undecided": "whether key `{key}` is shared with account {account} depends on the {element} of {statement}",
    },
    "destination-key": {
        "vault-not-described": "the destination vault has a key of its own",
        "air-gapped": "an air-gapped vault has a key of its own",
        "not-shown": "the destination vault has a key of its own",
        "same-account": "the copy stays in its account",
        "unfit": "the vault has no key of its own: copies of {types} will fail",
        "service-key": "the vault has no key of its own: copies of {types} would fail",
        "service-key-managed": "the vault has no key of its own: AWS's pages disagree on whether that will do",
        "key-not-described": "`{key}` can be used by the destination account",
        "own-key": "the vault has a key of its own",
        "key-unusable": "key `{key}` cannot be used: `{value}`",
        "key-perhaps-unusable": "it is not known whether key `{key}` can be used: `{value}`",
        "key-not-shared": "key `{key}` does not let account {account} use it: {actions} are missing",
        "key-perhaps-shared": "whether key `{key}` lets account {account} use it depends on {statement} ({element})",
        "denied": "the policy of key `{key}` denies {who} {actions} ({statement})",
        "perhaps-denied": "whether key `{key}` denies {who} {actions} depends on the {element} of {statement}",
        "copies-refused": "key `{key}` does not let {who} use it: {actions} are missing",
        "copies-perhaps-refused": "whether key `{key}` lets {who} use it depends on the {element} of {statement}",
    },
    "retention": {
        "vault-not-described": "the retention fits the lock of the destination vault",
        "not-shown": "the retention fits the lock of the destination vault",
        "no-lock": "the vault has no lock",
        "within": "kept {days} days, within the lock",
        "within-for-ever": "kept for ever, which the lock allows",
        "no-days": "`{days}` is no number of days that AWS Backup takes",
        "unknown": "the retention or the lock is not known",
        "too-short": "kept {days} days, and the vault's lock asks for at least {least}",
        "too-long": "kept {days} days, and the vault's lock allows at most {most}",
        "for-ever": "kept for ever, and the vault's lock allows at most {most} days",
    },
    "resource-types": {
        "not-told": "the selected resource types can be copied to another account",
        "any-type": "what the tags select can be copied to another account",
        "supported": "{types} can be copied",
        "some-unsupported": "all can be copied but {types}",
        "unsupported": "{types} cannot be copied to this destination",
    },
}


def because(requirement: Requirement) -> str:
    """The words of a requirement; what is not known is named behind them."""
    words = Words(_WORDS[requirement.name][requirement.reason])
    text = words.filled(lambda name: requirement.facts.get(name) or name)
    if requirement.guard.assigned:
        text = f"{text} (when {requirement.guard})"
    whys = "; ".join(dict.fromkeys(hole.why for hole in requirement.holes))
    return f"{text}: {whys}" if whys else text
