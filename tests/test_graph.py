"""The estate as a picture: what is in it, what is drawn as one, and its text in Mermaid and in a page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.pictures import CENTRAL, HOSTILE, central, hostile, many, picture_of, plan, write
from tests.runs import run
from xbackup_lint.engine.folding import folded
from xbackup_lint.engine.result import Picture, Result, Summary
from xbackup_lint.report import html, mermaid
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import visible

ASSETS = Path(html.__file__).parent / "assets"
DAGRE = "54a503e346f93ca0bb10abe7999587e037262935687aca45eb4e4b0f64bbb578"
"""SHA-256 of `dist/dagre.min.js` in `@dagrejs/dagre` 3.1.3, as npm has it."""
SOURCE, DESTINATION = "111122223333/eu-west-1/plan.yaml", "999988887777/eu-west-1/vault.yaml"


def names(picture: Picture) -> dict[str, str]:
    """What nodes are, by id: `vault local in 111122223333 eu-west-1`, in brackets where no file describes them."""
    found = {}
    for account in picture.accounts:
        note = f" ({account.note})" if account.note else ""
        for region in account.regions:
            for node in region.nodes:
                name = f"{node.kind} {node.label} in {account.name}{note} {region.name}"
                found[node.id] = name if node.location is not None else f"[{name}]"
    return found


def arrows(picture: Picture) -> list[str]:
    """The arrows in words."""
    name = names(picture)
    return [
        f"{name[arrow.start]} {arrow.kind} {name[arrow.end]}"
        + (f": {arrow.verdict}" if arrow.verdict else "")
        + (f" by {arrow.decides.name}" if arrow.decides is not None else "")
        for arrow in picture.arrows
    ]


HERE = "111122223333 eu-west-1"
THERE = "999988887777 eu-west-1"
KEY = f"[key 1234abcd-12ab-34cd-56ef-1234567890ab in {THERE}] encrypts vault central in {THERE}"
OF_PLAN = "${AWS::AccountId} (of plan.yaml) ${AWS::Region}"
OF_VAULT = "${AWS::AccountId} (of vault.yaml, taken to be 999988887777) ${AWS::Region}"
KEEPS = f"plan nightly in {HERE} keeps vault local in {HERE}"

DRAWN = [
    pytest.param(
        {SOURCE: plan(), DESTINATION: central("111122223333")},
        [KEY, KEEPS, f"vault local in {HERE} copy vault central in {THERE}: lands"],
        id="a copy that lands",
    ),
    pytest.param(
        {SOURCE: plan(), DESTINATION: central("222233334444")},
        [KEY, KEEPS, f"vault local in {HERE} copy vault central in {THERE}: fails by vault-policy"],
        id="a copy that the vault refuses",
    ),
    pytest.param(
        {SOURCE: plan()},
        [KEEPS, f"vault local in {HERE} copy [vault central in {THERE}]: unsure by destination"],
        id="a vault that no file describes",
    ),
    pytest.param(
        {SOURCE: plan().replace("!Ref Vault", "elsewhere"), DESTINATION: central("111122223333")},
        [
            KEY,
            f"plan nightly in {HERE} keeps [vault elsewhere in {HERE}]",
            f"[vault elsewhere in {HERE}] copy vault central in {THERE}: lands",
        ],
        id="a target that no file describes",
    ),
    pytest.param(
        {
            SOURCE: plan("!Ref Where").replace(
                "Resources:", "Parameters: {Where: {Type: String}, Other: {Type: String}}\nResources:"
            )
            + "              - DestinationBackupVaultArn: !Ref Other\n"
        },
        [
            KEEPS,
            f"vault local in {HERE} copy [vault ${{Where}} in not known not known]: unsure by destination",
            f"vault local in {HERE} copy [vault ${{Other}} in not known not known]: unsure by destination",
        ],
        id="destinations of which nothing is known",
    ),
    pytest.param(
        {"plan.yaml": plan(), "vault.yaml": central("111122223333")},
        [
            f"{KEY.partition(' encrypts')[0]} encrypts vault central in {OF_VAULT}",
            f"plan nightly in {OF_PLAN} keeps vault local in {OF_PLAN}",
            f"vault local in {OF_PLAN} copy vault central in {OF_VAULT}: unsure by vault-policy",
        ],
        id="accounts that are not known are told apart",
    ),
    pytest.param(
        {
            SOURCE: plan() + "              - DestinationBackupVaultArn: " + CENTRAL + "\n",
            DESTINATION: central("1"),
        },
        [KEY, KEEPS, f"vault local in {HERE} copy vault central in {THERE}: fails by vault-policy"],
        id="two copies that say the same are one arrow",
    ),
]


@pytest.mark.parametrize(("files", "expected"), DRAWN)
def test_what_is_drawn(files: dict[str, str], expected: list[str]) -> None:
    assert arrows(picture_of(files)) == expected


def test_destinations_of_which_nothing_is_known_are_apart() -> None:
    picture = picture_of(
        {SOURCE: plan("!ImportValue One"), SOURCE.replace("1111", "2222"): plan("!ImportValue Two")}
    )

    assert [account.name for account in picture.accounts].count("not known") == 2


def test_an_arrow_has_its_reason_its_place_and_its_copies() -> None:
    twice = plan() + f"              - DestinationBackupVaultArn: {CENTRAL}\n"
    arrow = picture_of({SOURCE: twice, DESTINATION: central("222233334444")}).arrows[-1]

    assert arrow.copies == (0, 1)
    assert arrow.decides is not None
    assert arrow.decides.because.startswith("the policy of `central` does not let")
    assert arrow.decides.location is not None
    assert (arrow.decides.location.path, arrow.decides.location.start_line) == (DESTINATION, 12)


def test_a_vault_tells_who_may_copy_in_and_who_may_delete() -> None:
    picture = picture_of({DESTINATION: central("111122223333")})

    assert picture.accounts[0].regions[0].nodes[0].told == (
        "copy in: 111122223333 (Members)",
        "delete: identities of account 999988887777 that IAM lets",
    )


def test_accounts_that_say_the_same_are_drawn_as_one() -> None:
    picture = folded(picture_of(many(51)))

    assert [(account.name, len(account.alike)) for account in picture.accounts] == [
        ("111100000000", 39),
        ("111100000001", 9),
        ("999988887777", 0),
    ]
    assert [(a.verdict, len(a.copies)) for a in picture.arrows if a.copies] == [("lands", 40), ("fails", 10)]


def test_few_accounts_are_drawn_each() -> None:
    assert [account.alike for account in folded(picture_of(many(4))).accounts] == [(), (), (), ()]


def test_of_few_accounts_names_matter() -> None:
    assert len(folded(picture_of(many(9, own_names=True))).accounts) == 9


def test_of_many_accounts_those_are_one_that_differ_in_names() -> None:
    picture = folded(picture_of(many(51, own_names=True)))
    vault = picture.accounts[0].regions[0].nodes[1]

    assert [len(account.alike) for account in picture.accounts] == [39, 9, 0]
    assert (vault.label, len(vault.alike), vault.told) == ("vault-0", 39, ())
    assert "vault-2" in vault.alike


def test_regions_that_say_the_same_are_drawn_as_one() -> None:
    regions = ("eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1")
    files = {
        f"111122223333/{region}/plan.yaml": plan(CENTRAL.replace("eu-west-1", region)) for region in regions
    }
    files["111122223333/us-east-1/plan.yaml"] = plan(vault="other")
    picture = folded(picture_of(files))

    assert [(account.name, [r.name for r in account.regions]) for account in picture.accounts] == [
        ("111122223333", ["eu-west-1", "us-east-1"]),
        ("999988887777", ["eu-west-1", "eu-west-2"]),
    ]
    assert [set(r.alike) for account in picture.accounts for r in account.regions] == [
        {"eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1"},
        set(),
        set(),  # copies come to it from two regions
        {"eu-west-3", "eu-north-1", "eu-south-1"},
    ]


def test_folding_loses_no_copy() -> None:
    before = picture_of(many(30, own_names=True))
    after = folded(before)

    def copies(picture: Picture) -> list[int]:
        return sorted(number for arrow in picture.arrows for number in arrow.copies)

    assert copies(before) == copies(after) == list(range(29))
    ends = {end for arrow in after.arrows for end in (arrow.start, arrow.end)}
    assert ends <= names(after).keys()


def test_the_picture_as_mermaid(tmp_path: Path) -> None:
    write(tmp_path, {SOURCE: plan(), DESTINATION: central("222233334444")})
    ran = run("graph", ".", cwd=tmp_path)

    assert (ran.status, ran.err) == (0, "")
    assert (
        ran.out
        == """\
flowchart LR
  subgraph a1["account 111122223333"]
    subgraph a1r1["eu-west-1"]
      n1(["plan nightly"])
      n2[("vault local")]
    end
  end
  subgraph a2["account 999988887777"]
    subgraph a2r1["eu-west-1"]
      n3[("vault central")]
      n4{{"key 1234abcd-12ab-34cd-56ef-1234567890ab"}}
    end
  end
  n4 -.- n3
  n1 --> n2
  n2 --x|"✕ fails vault-policy"| n3
  linkStyle 2 stroke:#d1242f,stroke-width:2px
  classDef absent stroke-dasharray:4 3
  class n4 absent
"""
    )


def test_hostile_names_stay_text_in_mermaid() -> None:
    text = mermaid.render(hostile(), Options())
    labels = re.findall(r'"([^"\n]*)"', text)
    told = re.sub(r"#(\d+);", lambda match: chr(int(match[1])), "\n".join(labels))

    # Outside labels stands nothing but our own.
    frame = re.sub(r'"[^"\n]*"', "", text)
    assert re.fullmatch(r"[\w\s\[\](){}|:#,.;-]*", frame.replace("-->", "").replace("--x", ""))
    assert set("".join(labels)) & set("<>`'\\$%*_[](){}:&=|") == set()
    for name in HOSTILE:
        assert visible(name)[:50] in told


class Elements(HTMLParser):
    """The elements of a page, and what stands in its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.inside: dict[str, str] = {}
        self.links: list[str] = []
        self._name = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._name = dict(attrs).get("id") or tag
        self.links += [f"{name}={value}" for name, value in attrs if name in ("src", "href") and value]

    def handle_data(self, data: str) -> None:
        if self._name in ("style", "data", "script"):
            self.inside[self._name] = self.inside.get(self._name, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._name = ""


def test_hostile_names_stay_text_in_a_page() -> None:
    page = html.render(hostile(), Options())
    plain = html.render(Result((), (), Summary(errors=len(HOSTILE))), Options())
    data = json.loads(Elements(page).inside["data"])

    assert Elements(page).tags == Elements(plain).tags
    assert page.replace(Elements(page).inside["data"], "") == plain.replace(
        Elements(plain).inside["data"], ""
    )
    assert sorted(copy["plan"] for copy in data["copies"]) == sorted(map(visible, HOSTILE))
    assert Elements(page).inside["data"].isascii()


def test_a_page_needs_nothing_else_and_lets_nothing_else_act() -> None:
    page = html.render(hostile(), Options())
    elements = Elements(page)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    sums = {
        name: b64encode(sha256(text.encode()).digest()).decode() for name, text in elements.inside.items()
    }

    assert elements.links == ["href=#copies"]
    assert policy is not None
    assert policy[1] == (
        f"default-src 'none'; script-src 'sha256-{sums['script']}'; "
        f"style-src 'sha256-{sums['style']}'; base-uri 'none'"
    )
    assert not re.search(r"url\(|@import", elements.inside["style"])


def test_the_layout_library_is_what_npm_has_and_its_licence_is_in_the_page() -> None:
    assert sha256((ASSETS / "dagre.min.js").read_bytes()).hexdigest() == DAGRE
    page = html.render(hostile(), Options())
    assert (ASSETS / "dagre.LICENSE").read_text("utf-8").strip() in page
    assert "sourceMappingURL" not in page


def test_our_scripts_never_make_markup_of_text() -> None:
    for name in ("picture.js", "choosing.js", "page.js"):
        text = (ASSETS / name).read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|fetch\(", text)
        assert "</script" not in text
        assert len(text.splitlines()) <= 250


def test_check_has_the_page_with_findings_and_graph_without(tmp_path: Path) -> None:
    write(tmp_path, {SOURCE: plan(), DESTINATION: central("222233334444")})
    checked = run(".", "--format", "html", "--output", "check.html", cwd=tmp_path)
    drawn = run("graph", ".", "--format", "html", "--output", "graph.html", cwd=tmp_path)
    data = [
        json.loads(Elements((tmp_path / name).read_text("utf-8")).inside["data"])
        for name in ("check.html", "graph.html")
    ]

    assert (checked.status, checked.out, drawn.status, drawn.out) == (1, "", 0, "")
    assert "copy-refused-by-vault" in {finding["rule"] for finding in data[0]["findings"]}
    assert data[1]["findings"] is None
    assert data[0]["picture"] == data[1]["picture"]
    assert data[0]["copies"] == data[1]["copies"]


WRONG = [
    (("--format", "json"), "`json` is none of mermaid, html"),
    (("--format", "mermaid", "--format", "html"), "only one report can go to standard output"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_pictures_that_cannot_be(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    write(tmp_path, {SOURCE: plan()})
    ran = run("graph", ".", *options, cwd=tmp_path)

    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_other_reports_do_not_draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {SOURCE: plan(), DESTINATION: central("222233334444")})
    monkeypatch.setitem(sys.modules, "xbackup_lint.engine.picture", None)  # imports of it fail

    assert run(".", "--format", "sarif", cwd=tmp_path).status == 1
    assert run("graph", ".", cwd=tmp_path).status == 2


@pytest.mark.parametrize("form", ["mermaid", "html"])
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    write(tmp_path, many(20, own_names=True))
    command = [sys.executable, "-m", "xbackup_lint", "graph", ".", "--format", form]
    root = str(Path(__file__).parents[1])
    outputs = {
        subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
