"""What docs/ and README.md link, list and name is there, and all of it; the READMEs are twins."""

import re
import tomllib
from collections import Counter
from dataclasses import fields
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import pytest
import yaml

from pytest_qimen.cases import bundled_cases, bundled_files, find_case
from pytest_qimen.plugin.options import OPTIONS
from pytest_qimen.plugin.settings import GENTLE
from pytest_qimen.reference.faults import plugs_of
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.report import baseline, certificate
from pytest_qimen.search.arms import SHRINK
from pytest_qimen.target.model import Target, Waiver, load_target
from pytest_qimen.verdict import Status
from tests.kills.matrix import outcomes
from tests.support.console import blocks, qimen

ROOT = Path(__file__).parents[2]
PAGES = {path.name: path for path in (ROOT / "docs").glob("*.md")}
TWIN = ROOT / "README.zh-CN.md"
TWINS = {TWIN: ROOT / "README.md"} | {path: PAGES[path.name] for path in (ROOT / "docs" / "zh").glob("*.md")}
ALL = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "README.md", *PAGES.values(), *TWINS)}


@pytest.mark.parametrize("page", ALL)
def test_every_link_leads_somewhere(page: str) -> None:
    for words, link in re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", ALL[page].read_text("utf-8")):
        place, _, heading = link.partition("#")
        path = (ALL[page].parent / place).resolve() if place else ALL[page]
        assert path.exists(), (words, link)
        assert not heading or heading in anchors(path), (words, link)
        assert not words.endswith(".md") or words.rpartition("/")[2] == path.name, (words, link)


def anchors(path: Path) -> set[str]:
    """The headings of a page as GitHub makes addresses of them."""
    found = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S), re.M
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_page_is_in_both_indexes_and_every_picture_is_shown_and_small() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    for index in (ROOT / "docs" / "README.md", ROOT / "README.md", TWIN):
        linked = re.findall(r"\]\((?:docs/)?(?:zh/)?([\w-]+\.md)\)", index.read_text("utf-8"))
        assert pages <= set(linked), index
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    text = "".join(path.read_text("utf-8") for path in ALL.values())
    assert set(pictures) == set(re.findall(r"\]\((?:docs/|\.\./)?images/([\w.-]+)\)", text))
    assert len(pictures) <= 3
    assert max(pictures.values()) < 200_000


def rows(page: str, heading: str) -> dict[str, list[str]]:
    """The table below a heading: what its first cell names in code -> the other cells."""
    text = PAGES[page].read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_option_is_documented() -> None:
    assert list(rows("options.md", "pytest")) == [f"--{name}" for name, _, _ in OPTIONS]


def test_every_command_of_qimen_is_documented_with_its_options() -> None:
    _, text = qimen(["--help"])
    found = rows("options.md", "qimen")
    assert list(found) == re.findall(r"^    ([\w-]+)", text, re.M)
    for name, cells in found.items():
        options = set(re.findall(r"(--[\w-]+)", qimen([name, "--help"])[1])) - {"--help", "--lang"}
        assert set(re.findall(r"`(--[\w-]+)`", cells[0])) == options, name


def test_every_status_is_documented_with_its_letter() -> None:
    found = rows("read-a-verdict.md", "Statuses")
    assert {name: cells[0].strip("`") for name, cells in found.items()} == {
        one.value: one.letter for one in Status
    }
    assert set(found) == set(Status)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("fuzz.md", f"as small as {SHRINK} requests allow"),
        ("fuzz.md", f"At most {GENTLE:.0f} requests a second"),
        ("certify.md", f"expiry after {certificate.DAYS} days"),
        ("ci.md", f"({baseline.DAYS} days, `--days`)"),
        ("README.md", f"`{APP_KEY}`, `{SECRET}` and `{CUSTOMER_ID}`"),
    ],
)
def test_numbers_and_names_are_those_of_the_code(page: str, words: str) -> None:
    assert words in " ".join(PAGES[page].read_text("utf-8").split())


SPELLED = {
    "app_key": "app_key_env",
    "secret": "secret_env",
    "customer_id": "customer_id_env",
    "session": "session_env",
}
TABLES = {"data", "limits", "caller", "waivers"}  # [data], [limits], [caller], [[known]]: their own sections
FILES = {"ca", "client_cert", "client_key"}  # of `tls`


def test_every_key_of_a_target_file_is_documented() -> None:
    keys = {SPELLED.get(field.name, field.name) for field in fields(Target)} - TABLES - {"tls"} | FILES
    assert set(rows("target-file.md", "`[target]`")) == keys
    assert set(rows("target-file.md", "`[[known]]`")) == {field.name for field in fields(Waiver)}
    text = PAGES["target-file.md"].read_text("utf-8")
    assert all(f"\n## `{name}`\n" in text for name in ("[data]", "[limits]", "[caller]", "[[known]]"))


def test_every_documented_key_is_taken_with_its_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("APP_KEY", "SECRET", "CUSTOMER_ID", "SESSION"):
        monkeypatch.setenv(f"QIMEN_{name}", "x")
    for name in ("our-ca.pem", "client.pem", "client-key.pem"):
        (tmp_path / name).touch()
    target, known = (rows("target-file.md", name) for name in ("`[target]`", "`[[known]]`"))
    lines = [f"{key} = {cells[0].strip('`')}" for key, cells in target.items()]
    lines += ["[data]", 'itemId = "W1"', "[[known]]"]
    lines += [f"{key} = {cells[0].strip('`')}" for key, cells in known.items()]
    file = tmp_path / "target.toml"
    file.write_text("\n".join(lines), "utf-8")
    found = load_target(file)
    assert found.url.startswith("https://")
    assert len(found.waivers) == 1


def test_files_and_names_that_pages_speak_of_are_there() -> None:
    """TOML and YAML can be read, Python runs, ids are those of cases."""
    ids = {case.id for path in bundled_files() for case in bundled_cases(path)}
    for page, path in ALL.items():
        text = path.read_text("utf-8")
        for language, block in blocks(text):
            if language == "toml":
                tomllib.loads(block)
            elif language == "yaml":
                assert yaml.safe_load(block)
            elif language == "python":
                exec(compile(block, page, "exec"), {})
        prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
        for glob in re.findall(r"`((?:protocol|flows)/[\w*.-]+/[\w*.-]+/?[\w*.-]*)`", prose):
            assert any(fnmatchcase(one, glob) for one in ids), (page, glob)


def faq_rows() -> list[tuple[str, str]]:
    """(fault, case) of the causes that the FAQ offers to try."""
    text = PAGES["faq.md"].read_text("utf-8").split("| cause of a mismatch |")[1].split("\n\n")[0]
    cells = [line.strip("| ").split(" | ") for line in text.splitlines()[2:]]
    names = [(re.findall(r"`([\w./-]+)`", row[2]), re.findall(r"`([\w./-]+)`", row[1])[0]) for row in cells]
    return [(fault, case) for faults, case in names for fault in faults]


@pytest.mark.parametrize(("fault", "case"), faq_rows())
def test_the_case_that_the_faq_names_shows_the_cause(fault: str, case: str) -> None:
    found = outcomes([find_case(case)], plugs_of([fault]))
    assert [outcome.status for outcome in found if outcome.case.id == case] == [Status.FAIL]


def frame(path: Path) -> dict[str, object]:
    """What is the same in both languages: commands and what they show, headings, tables, links, names."""
    text = path.read_text("utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    table = [line for line in prose.splitlines() if line.startswith("|")]
    return {
        "code": [(language, re.sub(r" *#.*", "", block)) for language, block in blocks(text)],
        "headings": re.findall(r"^(#+) ", prose, re.M),
        "rows": [(line.count("|"), set(re.findall(r"`[^`]+`", line))) for line in table],
        "links": Counter(map(partial(led, path), re.findall(r"\]\(([^)#]+)[^)]*\)", prose))),
        "named": set(re.findall(r"`[^`]+`", " ".join(prose.split()))),
    }


def led(page: Path, link: str) -> str:
    """Where a link leads, the same for both languages."""
    if link.startswith("http"):
        return link
    place = (page.parent / link).resolve()
    place = TWINS.get(place, place)
    return "a picture" if place.suffix == ".png" else place.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [path.relative_to(ROOT).as_posix() for path in TWINS])
def test_a_chinese_page_is_the_twin_of_the_english_one(page: str) -> None:
    chinese, english = frame(ROOT / page), frame(TWINS[ROOT / page])
    for what, found in chinese.items():
        assert found == english[what], what


def test_what_people_ask_first_is_there_in_chinese() -> None:
    names = {"certify.md", "faq.md", "options.md", "read-a-verdict.md", "target-file.md"}
    assert names <= {path.name for path in TWINS}
