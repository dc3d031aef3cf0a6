"""One red run, and the same numbers on the screen and in every file that it leaves."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pytest_qimen.report.html import render
from pytest_qimen.report.markdown import markdown
from pytest_qimen.report.merge import load
from pytest_qimen.report.payload import payload
from tests.plugin.plugin_runs import Go, faulty

SCOPE = ("--qimen-method", "entryorder.query", "-k", "request and not property")


def causes_of(page: dict[str, Any], status: str) -> dict[str, int]:
    """How many cases of this status the page counts for each cause, by its title."""
    column, at = page["columns"]["cause"], page["severity"].index(status)
    found = [dict(zip(column, row, strict=True)) for row in page["causes"]]
    place = page["columns"]["case"].index("status")
    counted = {
        one["title"][1]: [page["cases"][case][place] for case in one["own"]].count(at) for one in found
    }
    return {title: number for title, number in counted.items() if number}


@pytest.mark.parametrize("level", ["must", "should"])
def test_every_output_of_a_red_run_says_the_same_numbers(
    keyed_go: Go, pytester: pytest.Pytester, level: str
) -> None:
    wrong = ("need-not-checked", "length-not-checked", "type-not-checked")
    with faulty(*wrong) as url:
        result = keyed_go(
            "--qimen-url",
            url,
            *SCOPE,
            "--qimen-report",
            "out",
            "--qimen-level",
            level,
            "--junitxml=junit.xml",
        )
    screen, run = result.stdout.str(), load([Path("out")])
    counts = json.loads(Path("out/results.json").read_text("utf-8"))["counts"]
    red = counts["fail"] + (counts["warn"] if level == "should" else 0)
    assert counts["fail"]
    assert counts["warn"]
    suite = ElementTree.parse("junit.xml").getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("errors")) == (str(red), "0")
    assert re.search(rf"verdict: non-conformant \({red} cases? (is|are) red", screen)
    page = payload(run.head, run.cases, run.ended)[0]
    said = causes_of(page, "fail")
    if level == "should":
        for title, number in causes_of(page, "warn").items():
            said[title] = said.get(title, 0) + number
    assert sum(said.values()) == red
    assert sum(causes_of(page, "fail").values()) == counts["fail"]
    assert sum(causes_of(page, "warn").values()) == counts["warn"]
    listed = dict(re.findall(r"^\d+\. (.+) \((\d+) cases? (?:is|are) red\)$", screen, re.MULTILINE))
    assert {title: int(number) for title, number in listed.items()} == said
    summary = markdown(run.head, run.cases, run.ended)
    told = re.findall(r"^\d+\. \*\*(.+)\*\* .* — (.+)$", summary, re.MULTILINE)
    for status in ("fail", "warn"):
        numbers = {title: re.search(rf"(\d+) {status}", words) for title, words in told}
        assert {title: int(one[1]) for title, one in numbers.items() if one} == causes_of(page, status)
    assert f"{red} case" in render(run.head, run.cases, run.ended)
