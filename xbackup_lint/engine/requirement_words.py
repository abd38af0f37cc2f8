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
        "taken-for": "{path} describes it, taken to be in account {account}",
    },
    "partition-and-region": {
        "china": "there are no copies between accounts in the China regions",
        "same-partition": "the copy stays within its partition",
    },
    "organization": {
        "same-organization": "both accounts are in one organization that has cross-account backup on"
    },
    "vault-policy": {
        "same-account": "the copy stays in its account",
        "not-described": "no file describes the destination vault",
        "no-policy": "vault `{vault}` has no access policy: it refuses every other account",
        "allowed": "the policy of `{vault}` lets {caller} copy in ({statement})",
        "denied": "the policy of `{vault}` denies it to {caller} ({statement})",
        "refused": "the policy of `{vault}` does not let {caller} copy in: {statement} fits but for its {element}",
        "undecided": "whether the policy of `{vault}` lets {caller} copy in depends on the {element} of {statement}",
    },
    "role": {
        "no-selection": "no selection says as which role the plan works",
        "role-not-read": "{role} may copy",
    },
    "source-key": {
        "same-account": "the copy stays in its account",
        "vault-not-described": "the key of the vault that is copied from is shared with the destination account",
        "service-key": "resources whose backups keep their own key share that key with the destination account",
        "key-not-described": "the key policy of `{key}` lets the destination account use it",
        "allowed": "key `{key}` is shared with account {account} ({statement})",
        "denied": "the policy of key `{key}` denies account {account} its use ({statement})",
        "refused": "key `{key}` is not shared with account {account}: {actions} are missing",
        "undecided": "whether key `{key}` is shared with account {account} depends on the {element} of {statement}",
    },
    "destination-key": {
        "vault-not-described": "the destination vault has a key of its own",
        "air-gapped": "an air-gapped vault has a key of its own",
        "not-shown": "the destination vault has a key of its own",
        "service-key": "the vault has no key of its own: only copies of fully managed resource types succeed",
        "key-not-described": "`{key}` can be used by the destination account",
        "own-key": "the vault has a key of its own",
    },
    "retention": {
        "vault-not-described": "the retention fits the lock of the destination vault",
        "no-lock": "the vault has no lock",
        "not-shown": "the retention fits the lock of the destination vault",
        "within-lock": "kept {days} days, within the lock",
        "unknown": "the retention or the lock is not known",
        "too-short": "kept {days} days, and the vault's lock asks for at least {least}",
        "too-long": "kept {days} days, and the vault's lock allows at most {most}",
    },
    "resource-types": {"not-told": "the selected resource types can be copied to another account"},
}


def because(requirement: Requirement) -> str:
    """The words of a requirement; what is not known is named behind them."""
    words = Words(_WORDS[requirement.name][requirement.reason])
    text = words.filled(lambda name: requirement.facts.get(name) or name)
    whys = "; ".join(dict.fromkeys(hole.why for hole in requirement.holes))
    return f"{text}: {whys}" if whys else text
