"""Statements that a policy lacks, as the file at hand would have them: in YAML, or JSON with its indentation."""

from __future__ import annotations

import json
import re

from xbackup_lint.model.remedy import Remedy, Written
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span

_VERSION = "2012-10-17"
# A policy that is JSON: a mapping in braces, or a string that holds one, perhaps with an intrinsic around it.
_TAGS = r"(?:!\w+\s*|[\"']?Fn::\w+[\"']?:\s*)*"
_FLOW = regex(r"\s*\{\s*[\"'}]")
_STRING = regex(rf"{_TAGS}(?:[|>][-+0-9]*\s*|[\"'])\s*\{{")
_INDENTED = regex(r"^( +|\t)[^\s#]", re.MULTILINE)
_STEPS = (2, 3, 4, 8)


def snippet(remedy: Remedy) -> str:
    """The statements of a remedy, or the whole policy where there is none, ready to be pasted."""
    statements: list[Written] = [dict(one) for one in remedy.statements]
    policy: Written = {remedy.property: {"Version": _VERSION, "Statement": statements}}
    if not _is_json(remedy.place):
        return _yaml(policy if remedy.property else statements)
    step = _indentation(remedy.place)
    if remedy.property:
        return "\n".join(_dedented(json.dumps(policy, indent=step), step))
    if _STRING.match(remedy.place.text):
        statements = [_as_text(one) for one in statements]
    return ",\n".join(json.dumps(one, indent=step) for one in statements)


def _is_json(place: Span) -> bool:
    source = place.source.text.lstrip()[:1]
    return source == "{" or any(form.match(place.text) for form in (_FLOW, _STRING))


def _indentation(place: Span) -> int:
    """Columns of the first indented line of the file; 2 where there is none, or nobody would write so."""
    first = _INDENTED.search(place.source.text)
    width = len(first[1]) if first is not None else 2
    return width if width in _STEPS else 2


def _as_text(value: Written) -> Written:
    """In a string there are no intrinsics: what `Fn::Sub` replaces stands in it as it is."""
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, dict):
        if list(value) == ["Fn::Sub"]:
            return value["Fn::Sub"]
        return {name: _as_text(inner) for name, inner in value.items()}
    return value


def _dedented(text: str, step: int) -> list[str]:
    """The lines between the outermost braces."""
    return [line[step:] for line in text.split("\n")[1:-1]]


def _yaml(value: Written) -> str:
    import yaml  # only a finding with a remedy needs these
    from cfn_flip.yaml_dumper import get_dumper
    from cfn_tools.odict import ODict

    def ordered(inner: Written) -> object:
        if isinstance(inner, list):
            return [ordered(item) for item in inner]
        if isinstance(inner, dict):
            return ODict([(name, ordered(item)) for name, item in inner.items()])
        return inner

    dumper = get_dumper(clean_up=False, long_form=False)
    written: str = yaml.dump(ordered(value), Dumper=dumper, default_flow_style=False, width=1000)
    return written.rstrip("\n")
