"""Files that hold the parameters of a stack: the AWS CLI's and CodePipeline's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from xbackup_lint.dataclass import dataclass
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Source


@dataclass(frozen=True, slots=True, eq=False)
class ParameterFile:
    """The values of one file, by parameter."""

    source: Source
    values: dict[str, Scalar]

    @property
    def path(self) -> str:
        return self.source.path


def read_parameter_file(source: Source, root: Node) -> ParameterFile | None:
    """A parameter file in either form; None where a document is none."""
    match root:
        case Sequence(items=items) if items:
            values = _of_list(items)
        case Mapping() if isinstance(root.get("Parameters"), Mapping) and root.get("Resources") is None:
            values = _of_mapping(root)
        case _:
            return None
    return ParameterFile(source, values) if values else None


def _of_list(items: Iterable[Node]) -> dict[str, Scalar]:
    """`[{"ParameterKey": …, "ParameterValue": …}]`; empty where an element is of another kind."""
    values = {}
    for item in items:
        key = item.get("ParameterKey") if isinstance(item, Mapping) else None
        value = item.get("ParameterValue") if isinstance(item, Mapping) else None
        if not isinstance(key, Scalar):
            return {}
        if isinstance(value, Scalar):
            values[key.text] = value
    return values


def _of_mapping(root: Mapping) -> dict[str, Scalar]:
    """`{"Parameters": {…}}`, perhaps with `Tags` and `StackPolicy` beside it."""
    if {key.text for key, _ in root.entries} - {"Parameters", "Tags", "StackPolicy"}:
        return {}
    section = root.get("Parameters")
    pairs = section.entries if isinstance(section, Mapping) else ()
    return {key.text: value for key, value in pairs if isinstance(value, Scalar)}


def template_for(file: ParameterFile, templates: Iterable[Template]) -> Template | None:
    """The template that a file is for: of its name (`vault.yaml`, `vault.prod.json`), else the only one that fits."""
    fitting = [template for template in templates if set(file.values) <= set(template.parameters)]
    named = [template for template in fitting if _stem(template.path) in _stems(file.path)]
    if len(named) == 1:
        return named[0]
    return fitting[0] if len(fitting) == 1 else None


def _stem(path: str) -> str:
    return PurePosixPath(path).name.partition(".")[0].lower()


def _stems(path: str) -> set[str]:
    """What a parameter file's name may say of its template: `vault`, of `vault-parameters.prod.json` too."""
    stem = _stem(path)
    shorter = {
        stem.removesuffix(end) for end in ("-parameters", "-params", "_parameters", "_params", "-parameter")
    }
    return {stem, *shorter}
