"""What people read, as whole texts: golden/ holds them; QIMEN_GOLDEN=write makes them anew."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pytest_qimen.reasons import Network
from pytest_qimen.report.badge import badge
from pytest_qimen.report.baseline import baseline
from pytest_qimen.report.compare import compare, lines, of_run
from pytest_qimen.report.markdown import code, markdown
from tests.report.report_events import ENDED, FLAG, HEAD, broken_run, case, finding

GOLDEN = Path(__file__).parent / "golden"
GOOD = [case("wms/stock.query/request/minimal"), case("erp/inventory.report/request/minimal")]
HOSTILE = "a`b``c <img src=x> @team | </script>\n\u202e\x07 [x](http://evil.example)"
ODD = [
    case("wms/stock.query/request/minimal", "fail", FLAG | {"actual": HOSTILE}),
    case("wms/stock.query/answer/success", "error", reason=Network("reset", HOSTILE).to_json()),
]


def comparison() -> str:
    old = [*GOOD, case("wms/a/fixed", "fail", FLAG), case("wms/a/red", "fail", FLAG), case("wms/a/gone")]
    new = [
        *(case(event.id, "blocked", cause="x") for event in GOOD[:1]),
        *GOOD[1:],
        case("wms/a/fixed"),
        case("wms/a/red", "stale", cause="expired"),
        case("wms/a/new"),
        case("wms/a/new-and-red", "error", cause="timeout: 30 s"),
    ]
    found = compare(of_run(HEAD, old), of_run(replace(HEAD, target="other"), new))
    return "\n".join(lines(found)) + "\n"


MAKERS: dict[str, Callable[[], str]] = {
    "broken.md": lambda: markdown(HEAD, broken_run(), ENDED),
    "good.md": lambda: markdown(HEAD, GOOD, ENDED),
    "hostile.md": lambda: markdown(replace(HEAD, target=HOSTILE), ODD, None),
    "broken.svg": lambda: badge(HEAD, broken_run(), ENDED),
    "good.svg": lambda: badge(replace(HEAD, target='<a href="x">&'), GOOD, ENDED),
    "known.toml": lambda: baseline(HEAD, broken_run(), since=date(2026, 11, 22)),
    "compare.txt": comparison,
}


@pytest.mark.parametrize("name", MAKERS)
def test_golden(name: str) -> None:
    text = MAKERS[name]()
    if os.environ.get("QIMEN_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8")


def test_there_is_no_other_golden_text() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(MAKERS)


def test_a_badge_is_well_formed_whatever_the_target() -> None:
    root = ElementTree.fromstring(badge(replace(HEAD, target=f"\x00{HOSTILE}"), GOOD, None))
    assert root.attrib["height"] == "20"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("", "`  `"),
        ("two\nlines", "`two lines`"),
        ("a|b", "`a¦b`"),
        ("\u202e", "`<U+202E>`"),
        ("x" * 400, f"`{'x' * 300}…`"),
    ],
)
def test_code_spans(text: str, expected: str) -> None:
    assert code(text) == expected


def test_a_summary_stays_below_what_github_takes() -> None:
    long = {"expected": "e" * 5000, "actual": "a" * 5000, "clause": "c" * 5000}
    events = [
        case(f"wms/m{n}/request/{'x' * 200}/{k}", "fail", finding({"check": f"answer.c{n}", **long}))
        for n in range(200)
        for k in range(10)
    ]
    assert len(markdown(HEAD, events, ENDED)) < 65_536
