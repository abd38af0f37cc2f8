"""One page that holds all it needs: the picture, the copies and the findings, to be looked at in a browser."""

from __future__ import annotations

import json
import re
from html import escape
from importlib.resources import files

from xbackup_lint.engine.result import Result
from xbackup_lint.regex import regex
from xbackup_lint.report.options import Options
from xbackup_lint.report.page_data import page_data
from xbackup_lint.report.summary import summary_lines, what_was_read

_SCRIPTS = ("picture.js", "choosing.js", "page.js")
_ACTS = regex("[<>&]")
_GAP = regex("@@([a-z]+)@@")


def render(result: Result, options: Options) -> str:
    """The page of `check`."""
    return _page(result, with_findings=True)


def picture_only(result: Result, options: Options) -> str:
    """The page of `graph`: without findings."""
    return _page(result, with_findings=False)


def _page(result: Result, *, with_findings: bool) -> str:
    script, style = _script(), f"\n{_asset('page.css')}"
    (line,) = summary_lines(result.summary, Options(show_info=True))
    summary = "".join(text for text, _ in line) if with_findings else what_was_read(result.summary)
    parts = {
        "policy": f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; base-uri 'none'",
        "summary": escape(summary),
        "style": style,
        "data": _in_script(page_data(result, with_findings=with_findings)),
        "script": script,
    }
    # In one go: nothing that is put in is searched for gaps.
    return _GAP.sub(lambda gap: parts[gap[1]], _asset("page.html"))


def _script() -> str:
    """The library that lays graphs out, under its licence, and our own scripts, in a scope of their own."""
    licence = _asset("dagre.LICENSE").rstrip()
    library = re.sub(
        r"^(//# sourceMappingURL=|/\*! For license).*\n?", "", _asset("dagre.min.js"), flags=re.MULTILINE
    )
    own = "".join(map(_asset, _SCRIPTS))
    return (
        f"\n/*! dagre, https://github.com/dagrejs/dagre\n\n{licence}\n*/\n{library}\n{{\n{own}start();\n}}\n"
    )


def _asset(name: str) -> str:
    return files("xbackup_lint.report").joinpath("assets", name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """What lets this text, and no other, act in the page."""
    from base64 import b64encode
    from hashlib import sha256

    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _in_script(data: object) -> str:
    """JSON in ASCII without a character that HTML acts on: nothing in it ends the element that it stands in."""
    text = json.dumps(data, separators=(",", ":"))
    return _ACTS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
