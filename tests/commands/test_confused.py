"""Files of a run whose members are of other types: every command reads them or refuses them in one line."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.report.merge import read, write
from tests.report.report_events import ENDED, FLAG, HEAD_LINE, case_line, exchange, finding
from tests.support.console import qimen

VALUES = [None, 1, -1, True, "", "x", "\ud800", [], ["x"], {}, {"a": 1}, 1e308, 10**40, "a" * 50]
GONE = object()
CASE = "wms/stock.query/request/minimal"
SAID = finding(FLAG) | {"phrases": {"expected": ["success-or-failure", {}]}}
RUN = [
    HEAD_LINE | {"profile": {"roles": ["wms"], "limits": {"a": 1}}, "shards": ["1/1"], "embedded": False},
    case_line(
        CASE,
        "fail",
        SAID,
        title={"zh": "测试", "en": "Test"},
        exchanges=[exchange(b"<response/>", id=f"{CASE}#1", step=1)],
        drawn="x",
    ),
    case_line(
        "wms/stock.query/request/a", "blocked", cause=CASE, reason={"kind": "blocked-by", "case": CASE}
    ),
    {"type": "created", "case": "x", "method": "a", "keys": {"a": "b"}, "undo": "c", "undo_set": {"d": "e"}},
    {"type": "end", "ended": ENDED},
]
NOWHERE = ("--url", "http://127.0.0.1:9/x")
COMMANDS = {
    "report": ("report", "run", "-o", "out"),
    "report, masked": ("report", "run", "--mask-personal", "-o", "out"),
    "compare": ("compare", "run", "run"),
    "baseline": ("baseline", "run"),
    "certify-result": ("certify-result", "run"),
    "cleanup": ("cleanup", "run/events.jsonl", *NOWHERE),
    "replay": ("replay", CASE, "--report", "run", "--raw", *NOWHERE),
}


def places(found: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every member of a JSON value, of lists the first."""
    inside = found.items() if isinstance(found, dict) else list(enumerate(found))[:1]
    for key, value in inside:
        yield (*place, key)
        if isinstance(value, dict | list):
            yield from places(value, (*place, key))


def confused(found: Any, place: tuple[Any, ...], value: object) -> Any:
    """The value with one member changed, or gone."""
    changed = inner = copy.deepcopy(found)
    for key in place[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return changed


def table(found: Any, seed: int) -> Iterator[Any]:
    """The value with each of its members gone, and of three other types."""
    draw = random.Random(seed)
    for place in places(found):
        for value in (GONE, *draw.sample(VALUES, 3)):
            yield confused(found, place, value)


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("QIMEN_APP_KEY", "QIMEN_SECRET"):
        monkeypatch.setenv(name, "k")
    (tmp_path / "run").mkdir()


def events(lines: list[Any]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def ends_well(*args: str) -> None:
    """The command ends by itself, with at most one line of complaint."""
    status, said = qimen(list(args))
    assert status in (0, 1, 2)
    assert said.count("qimen: ") - said.count("qimen: skipped: ") <= 1
    assert "Traceback" not in said


@pytest.mark.parametrize(("number", "name"), list(enumerate(COMMANDS)), ids=list(COMMANDS))
def test_events_of_other_types(number: int, name: str) -> None:
    ends_well(*COMMANDS[name])
    for lines in table(RUN, number):
        Path("run/events.jsonl").write_text(events(lines), "utf-8")
        ends_well(*COMMANDS[name])


def test_results_of_other_types() -> None:
    Path("run/events.jsonl").write_text(events(RUN), "utf-8")
    (good,) = write(read("run"), Path("run"), ["json"])
    found = json.loads(good.read_text("utf-8"))
    for results in table(found, 0):
        Path("results.json").write_text(json.dumps(results), "utf-8")
        ends_well("compare", "results.json", str(good))


RAW = {
    "deep": "[" * 100_000 + "\n{}\n",
    "a number of 5,000 digits": '{"type": "case", "id": ' + "9" * 5000 + "}\n{}\n",
    "nothing": "",
    "zeroes": "\0\0\0\n",
    "a type that is a list": '{"type": []}\n',
    "no UTF-8": "\udcff\n{}\n",
    "NaN": '{"type": "case", "seconds": NaN}\n',
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("text", RAW.values(), ids=list(RAW))
@pytest.mark.parametrize(
    "start", ["", events(RUN[:1]), "\ufeff" + events(RUN[:1])], ids=["bare", "run", "bom"]
)
def test_lines_that_are_none(start: str, text: str, name: str) -> None:
    Path("run/events.jsonl").write_bytes((start + text).encode("utf-8", "surrogateescape"))
    ends_well(*COMMANDS[name])
