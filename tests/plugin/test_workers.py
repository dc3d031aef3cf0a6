"""Two runs of two workers each at the same endpoint at the same time: nobody meets anybody else's keys."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from subprocess import DEVNULL, PIPE

import pytest

from pytest_qimen.reference.serve import serve
from pytest_qimen.spec import load_api
from tests.plugin.plugin_runs import ALWAYS, KEYS, events, statuses

FLOWS = [f"cases/flows/{name}.toml" for name in ("inbound", "items", "storeinventory")]
TEXT = re.compile(r"(Q[0-9A-Z]{6})[0-9A-Z]{4}.*")  # the run's number and the worker's, then a counter


def invented(pytester: pytest.Pytester, run: str) -> Iterator[tuple[str, str]]:
    """(case, key) of every key that the workers of a run made up and entered into their ledgers."""
    for number, event in enumerate(events(pytester.path / run)):
        if event["type"] == "created":
            api = load_api(event["method"])
            given = {path for setup in api.setup for path in setup["give"]}
            made = {row.path for row in api.request.leaves if row.key} - given
            flow = event["case"].startswith("flows/")  # these use their keys again, the others never
            owner = event["case"] if flow else f"{event['case']} {number}"
            yield from ((owner, key) for path, key in event["keys"].items() if path in made)


def test_runs_and_workers_do_not_meet(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with serve() as url:
        command = (sys.executable, "-m", "pytest", *ALWAYS, "-n", "2", "--qimen-url", url, *FLOWS)
        running = [
            pytester.popen((*command, "--qimen-report", run), stdout=PIPE, stderr=PIPE, stdin=DEVNULL)
            for run in ("one", "two")
        ]
        told = [process.communicate()[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], told
    owners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    prefixes: dict[str, set[str]] = {"one": set(), "two": set()}
    for run, seen in prefixes.items():
        assert set(statuses(pytester.path / run).values()) <= {"pass", "info"}
        for case, key in invented(pytester, run):
            owners[key].add((run, case))
            seen |= {found[1] for found in [TEXT.match(key)] if found}
    assert [len(seen) for seen in prefixes.values()] == [2, 2]
    assert prefixes["one"].isdisjoint(prefixes["two"])
    assert len(owners) > 100
    assert {key: found for key, found in owners.items() if len(found) > 1} == {}
