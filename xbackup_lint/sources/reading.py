"""All inputs of a run into one estate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from xbackup_lint.config.deployments import Assignments, UsageError
from xbackup_lint.dataclass import replace
from xbackup_lint.model.deployment import deployment
from xbackup_lint.model.estate import Estate, Listing
from xbackup_lint.model.mishap import Mishap, survived
from xbackup_lint.model.problem import Problem
from xbackup_lint.regex import regex
from xbackup_lint.sources.attach import attach
from xbackup_lint.sources.attach_roles import attach_roles
from xbackup_lint.sources.cloudformation.reading import infer_account, is_template, read_stack
from xbackup_lint.sources.cloudformation.stacks import arrange
from xbackup_lint.sources.files import Input, Opened, open_input
from xbackup_lint.sources.readings import Readings
from xbackup_lint.sources.remarks import remarks
from xbackup_lint.sources.suppressions import suppressions_in
from xbackup_lint.sources.watch import Watch, unwatched
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Document, Mapping
from xbackup_lint.text.source import Source
from xbackup_lint.text.walk import scalars

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration

_OCTAL = regex(r"0(?<![\w'\"-]0)[0-7]{11}(?![\w'\"-])")


def read_inputs(inputs: Iterable[Input], assignments: Assignments, watch: Watch = unwatched) -> Readings:
    """Read every input. Raises UsageError where a file is told two accounts."""
    readings = Readings()
    if assignments.configuration is not None:
        _configure(readings.estate, assignments.configuration)
    for given in watch("reading", tuple(inputs)):
        _read_or_survive(given, assignments, readings)
    if readings.nameless is not None:
        readings.notes.extend(readings.nameless.settle(readings.estate))
    stacks = arrange(
        readings.templates, readings.parameter_files, assignments, infer_account, readings.placements
    )
    readings.notes.extend(_nowhere(readings))
    readings.notes.extend(stacks.notes)
    for scope in watch("joining", stacks.scopes):
        with survived(readings.estate.mishaps, f"joining {scope.template.path}", UsageError):
            read_stack(scope, stacks.links, readings.estate)
            stacks.links.evaluator(scope).forget()
    attach(readings.estate)
    attach_roles(readings.estate)
    if readings.estate.memberships:
        from xbackup_lint.sources.organization.documents import settle_organization

        readings.notes.extend(settle_organization(readings.estate))
    readings.notes.extend(remarks(readings.estate))
    _spread_policies(readings, assignments.configuration)
    return readings


def _spread_policies(readings: Readings, configuration: Configuration | None) -> None:
    """Policies of the organization to the accounts that they are for. Few runs read one."""
    estate = readings.estate
    if readings.controls:
        from xbackup_lint.sources.manifest_controls import attach_manifest_controls

        attach_manifest_controls(estate, readings.controls, configuration)
    if configuration is not None and estate.control_policies:
        from xbackup_lint.sources.organization.control_policies import attach_controls

        attach_controls(estate, configuration)
    if configuration is not None or estate.backup_policies:
        from xbackup_lint.sources.organization.reach import spread

        readings.notes.extend(spread(estate, configuration))


def _read_or_survive(given: Input, assignments: Assignments, readings: Readings) -> None:
    try:  # not `survived`, which would take longer than most files
        _read(given, open_input(_asked_for(given, assignments)), assignments, readings)
    except (UsageError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 -- one fault of ours must not hide what all else finds
        readings.estate.mishaps.append(Mishap.of(error, f"reading {given.path}"))
        readings.unreadable.append(given.path)


def _asked_for(given: Input, assignments: Assignments) -> Input:
    """A policy that the configuration attaches is read as if it was named: it need not hold a word of backups."""
    if assignments.configuration is None:
        return given
    from xbackup_lint.sources.organization.control_policies import is_attached

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
    recognise = _recognised_line if opened.lines else _recognised
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
    from xbackup_lint.sources.documents import recognised  # most repositories hold templates only

    return recognised(source, document, assignments, readings)


def _recognised_line(
    source: Source, document: Document, assignments: Assignments, readings: Readings
) -> bool:
    """A line of JSON lines is no template and no manifest."""
    from xbackup_lint.sources.documents import is_document

    return is_document(source, document, assignments, readings)


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
