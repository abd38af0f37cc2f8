"""The page in a real Chromium: it is drawn, filters, tells what is chosen, and takes no text for markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import BINARY, Page, chromium
from tests.pictures import HOSTILE, central, hostile, many, plan, write
from tests.runs import run
from xbackup_lint.engine.result import Account, Arrow, Node, Picture, Region, Result, Summary
from xbackup_lint.report import html, mermaid
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import visible

MERMAID = Path(__file__).parent / "formats/node_modules/mermaid/dist/mermaid.min.js"
ASSETS = Path(html.__file__).parent / "assets"
in_browser = pytest.mark.skipif(BINARY is None, reason="no Chromium: apt-get install chromium")

TWO = {
    "111122223333/eu-west-1/plan.yaml": plan(),
    "222233334444/eu-west-1/plan.yaml": plan(vault="mine"),
    "333344445555/eu-west-1/plan.yaml": plan(
        "arn:aws:backup:eu-west-1:666677778888:backup-vault:elsewhere", "spare"
    ),
    "999988887777/eu-west-1/vault.yaml": central("111122223333"),
}
"""A copy that lands, one that fails and one that is unsure."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with chromium() as page:
        yield page


@pytest.fixture
def page(browser: Page) -> Iterator[Page]:
    """The browser, of which every test wants that it complains of nothing."""
    browser.complaints.clear()
    yield browser
    browser.ask("0")  # what was complained of before is heard now
    assert browser.complaints == []


def shown(page: Page, folder: Path, files: dict[str, str], command: str = "check", **how: Any) -> None:
    """Open the page of these files."""
    write(folder, files)
    ran = run(command, ".", "--format", "html", "--output", "page.html", cwd=folder)
    assert ran.out == ""
    page.open(folder / "page.html", **how)


def texts(page: Page, selector: str) -> list[str]:
    found: list[str] = page.ask(
        f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)"
    )
    return found


def text(page: Page, selector: str) -> str:
    (found,) = texts(page, selector)
    return found


def put(page: Page, selector: str, value: str | bool) -> None:
    """Fill in a field, and wait until the page has taken it in."""
    kind = "checked" if isinstance(value, bool) else "value"
    page.ask(
        f"(() => {{const e = document.querySelector({json.dumps(selector)}); e.{kind} = {json.dumps(value)};"
        "e.dispatchEvent(new Event('input', {bubbles: true}));"
        "return new Promise(done => setTimeout(done, 250))})()"
    )


LABELS = "#canvas [role=button] .tag + text"


@in_browser
@pytest.mark.parametrize("dark", [False, True])
def test_it_is_drawn(page: Page, tmp_path: Path, dark: bool) -> None:
    shown(page, tmp_path, TWO, dark=dark)

    assert texts(page, LABELS) == ["✕ fails: vault-policy", "✓ lands", "? unsure: destination"]
    assert sorted(texts(page, "#canvas .account-box .title")) == [
        "111122223333",
        "222233334444",
        "333344445555",
        "666677778888",
        "999988887777",
    ]
    assert len(texts(page, "#rows tr")) == 3
    back = page.ask("getComputedStyle(document.body).backgroundColor")
    assert (back == "rgb(255, 255, 255)") != dark


@in_browser
def test_verdicts_are_told_apart_without_colours(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)
    dashes = page.ask(
        "['lands', 'fails', 'unsure'].map(v => getComputedStyle(document.querySelector('#canvas .line.' + v))"
        ".strokeDasharray)"
    )
    assert len(set(dashes)) == 3


@in_browser
@pytest.mark.parametrize("own_names", [False, True])
def test_fifty_accounts_can_be_read(page: Page, tmp_path: Path, own_names: bool) -> None:
    shown(page, tmp_path, many(51, own_names=own_names))

    assert texts(page, LABELS) == ["✕ fails: vault-policy ×10", "✓ lands ×40"]
    assert page.ask("document.querySelector('#canvas svg').getBoundingClientRect().height") < 900
    assert len(texts(page, "#rows tr")) == 50
    put(page, "#account", "111100000008")
    assert texts(page, LABELS) == ["✓ lands"]


BOXES = """(() => {
  const box = (e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const all = (s) => [...document.querySelectorAll('#canvas ' + s)].map(box);
  return [all('rect.account'), all('rect.region'), all('.shape')];
})()"""


def inside(inner: list[float], outer: list[float]) -> bool:
    left, top, right, bottom = outer
    return left <= inner[0] and top <= inner[1] and inner[2] <= right and inner[3] <= bottom


def apart(one: list[float], other: list[float]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@in_browser
def test_boxes_hold_what_is_in_them_and_do_not_overlap(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, many(9, own_names=True))
    accounts, regions, nodes = page.ask(BOXES)

    assert [len(accounts), len(regions), len(nodes)] == [9, 9, 18]
    assert all(sum(inside(region, account) for account in accounts) == 1 for region in regions)
    assert all(sum(inside(node, region) for region in regions) == 1 for node in nodes)
    for boxes in (accounts, regions, nodes):
        assert all(apart(a, b) for i, a in enumerate(boxes) for b in boxes[:i])


FILTERS: list[tuple[str, str | bool, list[str]]] = [
    ("input[value=lands]", False, ["✕ fails: vault-policy", "? unsure: destination"]),
    ("input[value=fails]", False, ["? unsure: destination", "✓ lands"]),
    ("#account", "111122223333", ["✓ lands"]),
    ("#account", "999988887777", ["✕ fails: vault-policy", "✓ lands"]),
    ("#text", "ELSEWHERE", ["? unsure: destination"]),
    ("#text", "nobody says this", []),
]


@in_browser
@pytest.mark.parametrize(("field", "value", "left"), FILTERS)
def test_copies_are_filtered(
    page: Page, tmp_path: Path, field: str, value: str | bool, left: list[str]
) -> None:
    shown(page, tmp_path, TWO)
    put(page, field, value)

    assert texts(page, LABELS) == left
    assert len(texts(page, "#rows tr")) == len(left)
    assert f"{len(left)} of 3 copies" in text(page, "#count")
    page.point("button[type=reset]", click=True)
    page.ask("new Promise(done => setTimeout(done, 50))")
    assert len(texts(page, LABELS)) == 3


@in_browser
def test_findings_are_filtered(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)

    def rules() -> list[str]:
        return [found.split(" · ")[0] for found in texts(page, "#findings summary .quiet")]

    everything = rules()
    assert everything[0] == "copy-refused-by-vault"
    assert len(set(everything)) > 1
    put(page, "#rule", "copy-refused-by-vault")
    assert set(rules()) == {"copy-refused-by-vault"}
    put(page, "#rule", "")
    put(page, "input[value=error]", False)
    assert rules() == [rule for rule in everything if rule != "copy-refused-by-vault"]
    put(page, "input[value=error]", True)
    put(page, "#account", "222233334444")
    assert "copy-refused-by-vault" in rules()
    put(page, "#account", "111122223333")
    assert "copy-refused-by-vault" not in rules()
    put(page, "#account", "")
    put(page, "#text", "refuses copies from account 222233334444")
    assert rules() == ["copy-refused-by-vault"]


@in_browser
def test_a_finding_shows_its_source_and_its_arrow(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)
    put(page, "#rule", "copy-refused-by-vault")
    source = text(page, "#findings pre[aria-label=Source]")

    excerpt = r"^ 16 \| …VaultArn: arn:aws:backup:eu-west-1:999988887777:.*\n +\| {12}\^{50,}$"
    assert re.search(excerpt, source, re.MULTILINE)
    page.point("#findings .find", click=True)
    assert "222233334444" in text(page, "#detail")
    assert texts(page, "#canvas .chosen .tag + text") == ["✕ fails: vault-policy"]


REASON = "the policy of `central` does not let the role that copies in account 222233334444 copy in"
PLACE = "999988887777/eu-west-1/vault.yaml:12:31"


@in_browser
def test_a_click_tells_the_requirement_and_its_place(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)
    page.point(".tag.fails", click=True)

    assert REASON in text(page, "#detail")
    assert PLACE in text(page, "#detail")
    assert "vault mine in 222233334444, eu-west-1 → vault central in 999988887777" in text(page, "#detail")


@in_browser
def test_accounts_and_vaults_lead_to_their_copies(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, many(51))
    page.point("#canvas .account-box .title", click=True)

    assert "The same is said of 111100000000, 111100000002" in text(page, "#detail")
    assert texts(page, "#detail .find") == ["✓ lands ×40"]
    page.ask(
        "[...document.querySelectorAll('#canvas [role=button]')].find(e => e.ariaLabel.startsWith('vault central')).dispatchEvent(new Event('click'))"
    )
    assert "copy in: " in text(page, "#detail")
    page.point("#detail .find", click=True)
    assert text(page, "#detail h3") == "✓ lands ×40"


@in_browser
def test_the_mouse_tells_the_requirement_and_its_place(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)
    assert page.ask("document.querySelector('#tip').hidden")
    page.point(".tag.fails")
    assert REASON in text(page, "#tip")
    assert PLACE in text(page, "#tip")
    page.point("h1")
    assert page.ask("document.querySelector('#tip').hidden")


@in_browser
def test_keys_do_what_the_mouse_does(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)
    for _ in range(40):
        page.press("Tab")
        if page.ask("document.activeElement.closest('#canvas svg') !== null"):
            break
    assert REASON in text(page, "#tip")
    page.press("Enter")
    assert REASON in text(page, "#detail")
    page.press("ArrowRight", "ArrowRight", "Enter")
    assert "unsure: destination" in text(page, "#detail")
    page.press("End", "Enter")
    assert text(page, "#detail h3").startswith(("vault ", "plan ", "key "))
    page.press("Escape")
    assert "Choose an arrow" in text(page, "#detail")
    page.press("Tab")
    assert page.ask("document.activeElement.closest('#canvas svg') === null")


@in_browser
def test_a_screen_reader_hears_all_copies(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    heard = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]

    copies = [name for role, name in heard if role == "button" and name.startswith("1 copy from ")]
    assert len(copies) == 3
    assert copies[0].startswith(
        "1 copy from vault mine in 222233334444, eu-west-1 to vault central in 999988887777, eu-west-1: fails, "
        f"vault-policy: {REASON}"
    )
    assert copies[0].endswith(PLACE)
    assert ("table", "The arrows of the picture as a table") in heard
    headers = [name for role, name in heard if role == "columnheader"]
    assert headers == ["Verdict", "Plan, rule", "From", "To", "Kept", "Decided by, place"]
    nameless = [
        role
        for role, name in heard
        if role in ("button", "textbox", "searchbox", "checkbox", "combobox") and not name
    ]
    assert nameless == []


@in_browser
def test_graph_shows_no_findings(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO, "graph")

    assert len(texts(page, LABELS)) == 3
    assert page.ask("[...document.querySelectorAll('.of-findings')].every(e => e.offsetParent === null)")
    assert text(page, "#count") == "3 of 3 copies"


@in_browser
def test_an_estate_without_anything_to_draw(page: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        html.render(Result((), (), Summary(), picture=Picture((), ())), Options())
    )
    page.open(tmp_path / "page.html")

    assert text(page, "#canvas") == "The files describe no plan and no vault"


@in_browser
def test_the_picture_gets_larger_and_smaller(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, TWO)

    def width() -> float:
        found: float = page.ask("document.querySelector('#canvas svg').getBoundingClientRect().width")
        return found

    page.point("#natural", click=True)
    before = width()
    page.point("#larger", click=True)
    assert width() == pytest.approx(before * 1.25)
    page.point("#fit", click=True)
    assert page.ask(
        "(c => c.scrollWidth <= c.clientWidth && c.scrollHeight <= c.clientHeight)(document.querySelector('#canvas'))"
    )


@in_browser
def test_hostile_names_stay_text(page: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(html.render(hostile(), Options()), "utf-8")
    page.open(tmp_path / "page.html")
    page.ask("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.ask("new Promise(done => setTimeout(done, 100))")

    assert page.ask("window.hit === undefined")
    assert page.ask("document.querySelectorAll('img, a:not(.skip), iframe, object').length") == 0
    assert page.ask("document.querySelectorAll('script').length") == 2
    plans = texts(page, "#rows td:nth-child(3)")
    assert plans == [visible(f"{name}/{name}") for name in HOSTILE]
    assert set(texts(page, "#findings summary > bdi")) == {visible(name) for name in HOSTILE}
    put(page, "#text", "<SCRIPT>")
    assert len(texts(page, "#rows tr")) == 2
    page.point(".tag.fails", click=True)
    assert page.ask("window.hit === undefined")


@in_browser
def test_a_large_estate_is_drawn_in_time(page: Page, tmp_path: Path) -> None:
    accounts = tuple(
        Account(f"{n:012}", (Region("eu-west-1", (Node(f"n{n}", "vault", f"vault-{n}", None),)),))
        for n in range(150)
    )
    arrows = tuple(Arrow("copy", f"n{n}", f"n{n % 7}", "lands", None, (n - 7,)) for n in range(7, 150))
    copies = (hostile().copies[0],) * 143
    drawn = Picture(accounts, arrows)
    (tmp_path / "page.html").write_text(html.render(Result((), copies, Summary(), picture=drawn), Options()))
    page.open(tmp_path / "page.html")

    assert len(texts(page, "#canvas .account-box")) == 150
    assert len(texts(page, LABELS)) == 143
    assert page.ask("performance.now()") < 20_000


@in_browser
@pytest.mark.skipif(not MERMAID.exists(), reason="no mermaid: npm install --prefix tests/formats")
def test_mermaid_draws_hostile_names_as_text(page: Page, tmp_path: Path) -> None:
    drawing = json.dumps(mermaid.render(hostile(), Options())).replace("<", "\\u003c")
    (tmp_path / "page.html").write_text(
        f'<!doctype html><meta charset="utf-8"><div></div><script src="{MERMAID.as_uri()}"></script>'
        f"<script>const drawn = mermaid.render('drawing', {drawing})"
        ".then((made) => { document.querySelector('div').innerHTML = made.svg; })</script>"
    )
    page.open(tmp_path / "page.html")
    page.ask("drawn")
    heard = texts(page, ".nodeLabel, .cluster-label")

    assert page.ask("window.hit === undefined")
    assert page.ask("document.querySelectorAll('img, a').length") == 0
    for name in HOSTILE:
        assert any(visible(name).strip()[:50] in one for one in heard), name


VARIABLE = re.compile(r"--([a-z]+): (#[0-9a-f]{6})")


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_can_be_read_on_its_ground(scheme: int) -> None:
    style = (ASSETS / "page.css").read_text("utf-8")
    colours = dict(
        VARIABLE.findall(style.split("@media (prefers-color-scheme: dark)")[scheme].split("\n* ")[0])
    )

    for ground in ("back", "raised", "sunk", "node"):
        for name in ("text", "quiet", "lands", "fails", "unsure", "info"):
            darker, lighter = sorted((luminance(colours[ground]), luminance(colours[name])))
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ground, name)
