"""Which account and region a file is for: what the command line and the folders say."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.regex import regex
from xbackup_lint.text.source import NOWHERE

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration
    from xbackup_lint.config.deployed import Deployed
    from xbackup_lint.config.glob import Glob

_ACCOUNT = regex(r"[0-9]{12}")
# AWS: region codes (F1.27, F1.28); a folder may carry nothing else in its name.
_REGION = regex(r"(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-[a-z]+)*-(north|south|east|west|central)[a-z]*-[0-9]")


class UsageError(Exception):
    """The command line contradicts itself, or the files: nothing can be said."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """`--account ID=GLOB` or `--region NAME=GLOB`; without a glob it is the last resort of every file."""

    value: str
    pattern: str = ""

    def covers(self, path: str) -> bool:
        """Whether the glob names the file, or a folder above it, as globs of a configuration do."""
        return _glob(self.pattern).covers(path.lstrip("/"))


@cache
def _glob(pattern: str) -> Glob:
    from xbackup_lint.config.glob import Glob
    from xbackup_lint.config.word import Word

    return Glob.of(Word(pattern, NOWHERE))


@dataclass(frozen=True, slots=True)
class Place:
    """An account or region, and what told it."""

    value: str | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class Assignments:
    """What the user says about accounts, regions and parameters."""

    accounts: tuple[Assignment, ...] = ()
    regions: tuple[Assignment, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    configuration: Configuration | None = None

    def account(self, path: str) -> Place:
        """The account that the command line or a folder gives a file. Raises UsageError on contradiction."""
        found = _place(path, self.accounts, _innermost(path, _ACCOUNT), "account")
        configured = {one.account for one in self.deployed(path)} - {None}
        if found.how == "`--account`" and configured and found.value not in configured:
            raise UsageError(
                f"{path}: `--account` says {found.value}, but the configuration deploys it elsewhere"
            )
        return found

    def region(self, path: str) -> Place:
        """The region that the command line or a folder gives a file. Raises UsageError on contradiction."""
        return _place(path, self.regions, _innermost(path, _REGION), "region")

    def deployed(self, path: str) -> tuple[Deployed, ...]:
        """Where the configuration deploys a template; empty where it does not tell."""
        return self.configuration.deployments_of(path) if self.configuration is not None else ()

    @property
    def fallback_account(self) -> str | None:
        """`--account` without a glob: for files that nothing else places."""
        return next((given.value for given in self.accounts if not given.pattern), None)

    @property
    def fallback_region(self) -> str | None:
        return next((given.value for given in self.regions if not given.pattern), None)


def _place(path: str, given: tuple[Assignment, ...], folder: str | None, what: str) -> Place:
    told = {assignment.value for assignment in given if assignment.pattern and assignment.covers(path)}
    if len(told) > 1:
        raise UsageError(f"{path}: `--{what}` gives it two {what}s, {' and '.join(sorted(told))}")
    if not told:
        return Place(folder, "its folder") if folder is not None else Place()
    value = told.pop()
    if folder is not None and folder != value:
        raise UsageError(f"{path}: `--{what}` says {value}, but its folder says {folder}")
    return Place(value, f"`--{what}`")


def _innermost(path: str, pattern: re.Pattern[str]) -> str | None:
    folders = path.split("/")[:-1]
    return next((name for name in reversed(folders) if pattern.fullmatch(name)), None)


def parse_assignment(text: str, what: str) -> Assignment:
    """`VALUE` or `VALUE=GLOB`. Raises UsageError where the value is no account, or no region."""
    value, _, pattern = text.partition("=")
    pattern = pattern.removeprefix("./")
    if what == "account" and not _ACCOUNT.fullmatch(value):
        raise UsageError(f"`--account {text}`: `{value}` is not an account id of 12 digits")
    if what == "region" and not _REGION.fullmatch(value):
        raise UsageError(f"`--region {text}`: `{value}` is not the name of a region")
    return Assignment(value, pattern)
