"""What became of the inputs of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.estate import Estate

if TYPE_CHECKING:
    from xbackup_lint.model.suppression import Suppression
    from xbackup_lint.sources.aws_cli.neighbours import Nameless
    from xbackup_lint.sources.cloudformation.parameter_files import ParameterFile
    from xbackup_lint.sources.manifests import Controlled, Placement
    from xbackup_lint.template.template import Template


@dataclass(slots=True)
class Readings:
    """What became of the inputs: the estate, and for each file whether it was read."""

    estate: Estate = field(default_factory=Estate)
    read: list[str] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    """Path, and why."""
    unreadable: list[str] = field(default_factory=list)
    parameters: set[str] = field(default_factory=set)
    """The parameters that templates declare, for those who misspell them."""
    templates: list[Template] = field(default_factory=list)
    parameter_files: list[ParameterFile] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    """Where manifests deploy templates."""
    controls: list[Controlled] = field(default_factory=list)
    """The control policies that manifests attach."""
    nameless: Nameless | None = None
    """The documents that do not say whose they are, once there is one."""
    notes: list[str] = field(default_factory=list)
    """What is worth a word and no finding: a parameter file for no template."""
