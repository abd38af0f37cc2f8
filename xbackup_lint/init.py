"""`xbackup-lint init`: a configuration with all that the files tell, and what they leave open."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from xbackup_lint.engine.check import Run
from xbackup_lint.model.key import Key
from xbackup_lint.model.plan import Plan
from xbackup_lint.model.route import routes
from xbackup_lint.model.vault import Vault
from xbackup_lint.regex import regex
from xbackup_lint.report.visible import visible
from xbackup_lint.values.hole import Hole

_HEAD = """\
# Configuration of xbackup-lint. Fill in what is marked with ..., and run it again.
# All keys: docs/configuration.md
"""
_PLAIN = regex(r"[A-Za-z0-9_./-]+(?: [A-Za-z0-9_./-]+)*")
_MOST = 12
"""Unknown parameters of one template that are listed: the most valuable first."""


def configuration_for(run: Run) -> tuple[str, str]:
    """The text of a configuration, and what to say about it."""
    unknown = _unknown(run)
    text = _HEAD + "".join(f"{visible(line)}\n" for line in (*_accounts(run), *_deployments(run, unknown)))
    asked = [hole for hole, _ in unknown.most_common()]
    advice = ["wrote .xbackup-lint.yaml"]
    if asked:
        advice.append("most verdicts depend on:")
        advice += [
            f"  {hole.name} ({_where(hole)}): {count} place{'' if count == 1 else 's'}"
            for hole, count in unknown.most_common(5)
        ]
    else:
        advice.append("nothing that verdicts depend on is unknown")
    return text, "".join(f"{visible(line)}\n" for line in advice)


def _word(text: str) -> str:
    """A text as YAML takes it: a name of a file may hold anything, line ends and keys of ours included."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _unknown(run: Run) -> Counter[Hole]:
    """What is not known, by how much depends on it: copies first, then what rules cannot tell."""
    found: Counter[Hole] = Counter()
    estate = run.readings.estate
    for copy in estate.copies:
        for route in routes(copy, estate):
            # A destination decides every requirement of its copy.
            found.update(dict.fromkeys(route.arn.holes, 10))
            found.update(copy.deployment.account.holes)
    for raw in run.raws:
        if not raw.certain:
            found.update(raw.hit.holes)
    return Counter({hole: count for hole, count in found.items() if _can_be_told(hole)})


def _can_be_told(hole: Hole) -> bool:
    """Whether a configuration can say it: a parameter, or the account or region of a template.

    What is only a part of something unknown (`name in X`) is told with the whole.
    """
    return bool(hole.remedy) and " in " not in hole.name and not hole.name.startswith("condition ")


def _where(hole: Hole) -> str:
    return str(hole.place) if hole.place is not None else hole.symbol[0]


def _accounts(run: Run) -> Iterator[str]:
    known = sorted(run.readings.estate.accounts)
    yield ""
    yield "# A name for each account. `complete: true` says that the files hold all vaults of it."
    if known:
        yield "accounts:"
        for number, account in enumerate(known, 1):
            yield f'  account-{number}: "{account}"'
    else:
        yield "# accounts:"
        yield '#   production: "111122223333"'
    yield ""
    yield "# The id of the organization that all accounts belong to."
    yield "# organization: o-..."


def _deployments(run: Run, unknown: Counter[Hole]) -> Iterator[str]:
    """Every template that declares vaults, plans or keys, with its unknown parameters."""
    estate = run.readings.estate
    names = {account: f"account-{number}" for number, account in enumerate(sorted(estate.accounts), 1)}
    nouns: tuple[Vault | Plan | Key, ...] = (*estate.vaults, *estate.plans, *estate.keys)
    deployments = {noun.deployment.path: noun.deployment for noun in nouns}
    asked = {hole.symbol[0].partition(" ")[0] for hole in unknown}
    yield ""
    yield "# Which account and regions each template is deployed into, and the parameters that verdicts depend on."
    paths = sorted({*deployments, *(path for path in asked if path in run.readings.read)})
    known = any(deployments[path].is_account_known for path in paths if path in deployments)
    yield "deployments:" if known else "# deployments:"
    for path in paths:
        here = deployments.get(path)
        account = names.get(here.account.known or "", "...") if here is not None else "..."
        region = here.region.known or "..." if here is not None else "..."
        mark = "" if account != "..." else "# "
        yield f"  {mark}- templates: {_word(path)}"
        yield f"  {mark}  accounts: [{account}]"
        yield f"  {mark}  {'# ' if region == '...' and not mark else ''}regions: [{_word(region)}]"
        own = [h for h, _ in unknown.most_common() if h.symbol[0] == path and not h.name.startswith("AWS::")]
        if own:
            yield "  #   parameters:"
            yield from (f"  #     {_word(hole.name)}: ...   # {hole.why}" for hole in own[:_MOST])
