"""The published schema takes what a real run writes and nothing that is no results.json."""

import copy
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pytest_qimen.report.jsonschema import schema
from pytest_qimen.report.results import results
from tests.report.report_events import ENDED, HEAD, broken_run

ROOT = Path(__file__).parents[2]


def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("ended", [ENDED, None])
def test_made_results(ended: str | None) -> None:
    validator().validate(results(HEAD, broken_run(), ended))


def test_results_of_a_real_run(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--qimen",
        "--qimen-method",
        "service.heartbeat",
    ]
    done = subprocess.run([*command, "--qimen-report", tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert "verdict:" in done.stdout, done.stdout + done.stderr
    found = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert found["cases"]
    validator().validate(found)
    assert undocumented(found, schema()) == set()


def undocumented(value: Any, rules: dict[str, Any]) -> set[str]:
    """The members of a value that the schema does not describe."""
    if isinstance(value, list):
        return {name for one in value for name in undocumented(one, rules.get("items", {}))}
    if not isinstance(value, dict) or "properties" not in rules:
        return set()
    found = set(value) - set(rules["properties"])
    for name in set(value) & set(rules["properties"]):
        found |= undocumented(value[name], rules["properties"][name])
    return found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], 2),
        (["verdict"], "red"),
        (["suite", "digest"], "abc"),
        (["counts", "fail"], -1),
        (["ended"], 5),
        (["cases", 0, "status"], "odd"),
        (["cases", 0, "role"], "tms"),
        (["cases", 0, "id"], ""),
        (["cases", 0, "findings"], [{}]),
        (["cases", 0, "requests"], 1.5),
    ],
)
def test_what_is_no_results_file(path: list[Any], value: Any) -> None:
    found = copy.deepcopy(results(HEAD, broken_run(), ENDED))
    place = found
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert list(validator().iter_errors(found))


@pytest.mark.parametrize("name", ["format", "verdict", "suite", "target", "seed", "ended", "counts", "cases"])
def test_what_a_results_file_must_have(name: str) -> None:
    found = results(HEAD, broken_run(), ENDED)
    del found[name]
    assert list(validator().iter_errors(found))


def test_the_schema_in_chinese_says_the_same() -> None:
    def bare(part: Any, words: list[str]) -> Any:
        if isinstance(part, list):
            return [bare(one, words) for one in part]
        if not isinstance(part, dict):
            return part
        words.append(part.get("description", "中"))
        return {name: bare(one, words) for name, one in part.items() if name != "description"}

    english: list[str] = []
    chinese: list[str] = []
    assert bare(schema(), english) == bare(schema("zh"), chinese)
    assert all(re.search("[\u4e00-\u9fff]", word) for word in chinese)
    assert not re.search("[\u4e00-\u9fff]", "".join(english).replace("中", ""))
