"""Many cases at a time, in shards, on workers: the same verdicts, the same ids, one ledger."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from execnet.script import socketserver

from pytest_qimen.cases import Case, Kind, bundled_cases, bundled_files, find_case
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.merge import load
from pytest_qimen.runner import Outcome
from pytest_qimen.runner.ahead import Ahead
from pytest_qimen.verdict import Status
from tests.plugin.plugin_runs import ALWAYS, HEARTBEAT, KEYS, SHOP, Go, faulty, statuses
from tests.plugin.test_exit import comparable

FLOWS = "cases/flows/inbound.toml"
FLOW, ALONE, ONE, TWO = (
    find_case(name)
    for name in (
        "flows/inbound/created-then-found",
        "flows/paging/sums-one-a-page",
        "wms/shop.synchronize/request/typical",
        "wms/service.heartbeat/request/typical",
    )
)


def test_several_connections_find_what_one_finds(go: Go, pytester: pytest.Pytester) -> None:
    args = ("cases/protocol/answer.toml", HEARTBEAT, SHOP, FLOWS)
    with faulty("code-missing", "codes-not-checked") as url:
        one = go("--qimen-url", url, *args, "--qimen-report", "one", keys=KEYS)
        many = go("--qimen-url", url, *args, "--qimen-report", "many", "--qimen-connections", "8", keys=KEYS)
    assert one.ret == many.ret == 1
    assert comparable(pytester.path / "one") == comparable(pytester.path / "many")


def test_as_many_cases_as_connections_are_under_way() -> None:
    together = threading.Barrier(2)

    def run(case: Case) -> Outcome:
        together.wait(10)
        return Outcome(case, Status.PASS)

    ahead = Ahead(run, [ONE, TWO], 2)
    try:
        assert [ahead.outcome(case).case for case in (ONE, TWO)] == [ONE, TWO]
    finally:
        ahead.close()


def test_a_flow_goes_beside_other_cases() -> None:
    together = threading.Barrier(2)

    def run(case: Case) -> Outcome:
        together.wait(10)
        return Outcome(case, Status.PASS)

    ahead = Ahead(run, [FLOW, ONE], 2)
    try:
        assert [ahead.outcome(case).case for case in (ONE, FLOW)] == [ONE, FLOW]
    finally:
        ahead.close()


def test_what_runs_alone_waits_for_all_others() -> None:
    under_way: set[str] = set()

    def run(case: Case) -> Outcome:
        under_way.add(case.id)
        seen.append((case.id, frozenset(under_way)))
        under_way.remove(case.id)
        return Outcome(case, Status.PASS)

    seen: list[tuple[str, frozenset[str]]] = []
    ahead = Ahead(run, [FLOW, ALONE, ONE, TWO], 2)
    try:
        assert [ahead.outcome(case).case for case in (ONE, ALONE, TWO, FLOW)] == [ONE, ALONE, TWO, FLOW]
    finally:
        ahead.close()
    assert dict(seen)[ALONE.id] == {ALONE.id}


@pytest.mark.parametrize(
    "name",
    [
        "flows/masterdata/heartbeat-goes-on",
        "flows/store/linked-to-200",
        "store/storeinventory.update/property/sums",
    ],
)
def test_what_takes_long_begins_first(name: str) -> None:
    """At the end of the run, everything else would be over before it."""
    long, begun = find_case(name), list[str]()

    def run(case: Case) -> Outcome:
        begun.append(case.id)
        return Outcome(case, Status.PASS)

    ahead = Ahead(run, [ONE, TWO, FLOW, long], 1)
    try:
        assert [ahead.outcome(case).case for case in (ONE, TWO, FLOW, long)] == [ONE, TWO, FLOW, long]
    finally:
        ahead.close()
    assert begun == [long.id, ONE.id, TWO.id, FLOW.id]


def test_every_list_of_what_is_not_its_own_says_that_it_runs_alone() -> None:
    """A flow that asks for a list by time or for totals runs alone; one that names its own keys need not."""
    wide = ("orderstatus.batchquery", "deliveryordersum.query", "stock.query", "inventorysum.query")
    found = {
        case.id
        for path in bundled_files()
        for case in bundled_cases(path)
        if case.kind is Kind.FLOW and _asks(case, wide)
    }
    assert found <= {case.id for path in bundled_files() for case in bundled_cases(path) if case.alone}


def _asks(case: Case, wide: tuple[str, ...]) -> bool:
    """Return True where a step asks one of these without naming goods."""
    return any(
        step.api.method in wide
        and not any(one.op == "put" and one.path in ("itemCode", "itemId") for one in step.changes)
        for step in case.steps
    )


def test_what_nobody_waits_for_any_more_is_not_begun() -> None:
    started, go_on = threading.Event(), threading.Event()
    begun: list[str] = []

    def run(case: Case) -> Outcome:
        begun.append(case.id)
        started.set()
        go_on.wait(10)
        return Outcome(case, Status.PASS)

    ahead = Ahead(run, [ONE, TWO], 1)
    asking = threading.Thread(target=ahead.outcome, args=(ONE,))
    asking.start()
    assert started.wait(10)
    closing = threading.Thread(target=ahead.close)
    closing.start()
    go_on.set()
    asking.join(10)
    closing.join(10)
    assert ONE.id in begun


def test_workers_with_several_connections_find_what_one_finds(pytester: pytest.Pytester, go: Go) -> None:
    args = (HEARTBEAT, SHOP, FLOWS, "cases/flows/paging.toml")
    faults = ("code-missing", "codes-not-checked")
    with faulty(*faults) as url:
        go("--qimen-url", url, *args, "--qimen-report", "one", keys=KEYS)
    with faulty(*faults) as url:  # another: what the first run left makes lists longer
        many = (*ALWAYS, "--qimen-url", url, *args, "--qimen-report", "many")
        result = pytester.runpytest_subprocess(*many, "-n", "2", "--qimen-connections", "4")
    assert result.ret == 1
    assert comparable(pytester.path / "one") == comparable(pytester.path / "many")


def test_shards_are_the_whole_between_them(go: Go, pytester: pytest.Pytester) -> None:
    with serve() as url:
        go("--qimen-url", url, HEARTBEAT, SHOP, "--qimen-report", "all", keys=KEYS)
        for number in (1, 2, 3):
            shard = ("--qimen-shard", f"{number}/3", "--qimen-report", str(number))
            assert go("--qimen-url", url, HEARTBEAT, SHOP, *shard, keys=KEYS).ret == 0
    parts = [statuses(pytester.path / str(number)) for number in (1, 2, 3)]
    assert all(parts)
    assert sum(map(len, parts)) == len(statuses(pytester.path / "all"))
    merged = load([pytester.path / str(number) for number in (1, 2, 3)])
    assert {case.id: case.status for case in merged.cases} == statuses(pytester.path / "all")
    assert merged.head.shards == ("1/3", "2/3", "3/3")


# Known failures by glob

GLOB = """
[[known]]
id = "{glob}"
reason = "ticket 1"
since = 2026-01-01
expires = 2999-01-01
"""


@pytest.mark.parametrize(
    ("glob", "fault", "args", "ret", "told"),
    [
        ("wms/service.heartbeat/*", "one-character-more-accepted", (), 0, "verdict: conformant"),
        ("wms/service.heartbeat/*", "", (), 1, "verdict: non-conformant (1 case"),
        ("wms/service.heartbeat/*", "", ("-k", "minimal"), 0, "verdict: conformant"),
        ("wms/order.cancel/*", "", (), 0, "verdict: conformant"),
    ],
)
def test_a_glob_is_stale_when_nothing_under_it_fails(
    glob: str, fault: str, args: tuple[str, ...], ret: int, told: str, go: Go, pytester: pytest.Pytester
) -> None:
    """But only a run of every case that it covers can tell."""
    with serve(faults=[fault] if fault else []) as url:
        pytester.makefile(".toml", target=f'url = "{url}"\n' + GLOB.format(glob=glob))
        result = go("--qimen-target", "target.toml", HEARTBEAT, "--qimen-level", "should", *args, keys=KEYS)
    assert (result.ret, told in result.stdout.str()) == (ret, True), result.stdout.str()


# The ledger


def ledger(path: Path) -> list[str]:
    """The cases that the file says have created something."""
    events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [event["case"] for event in events if event["type"] == "created"]


def test_workers_keep_ledgers_that_the_controller_takes_over(pytester: pytest.Pytester, go: Go) -> None:
    go("--qimen", SHOP, "--qimen-report", "one")
    pytester.runpytest_subprocess(*ALWAYS, "--qimen", SHOP, "--qimen-report", "two", "-n", "2")
    one, two = (ledger(pytester.path / name / "events.jsonl") for name in ("one", "two"))
    assert set(one) == set(two) != set()
    assert [path.name for path in (pytester.path / "two").glob("*.jsonl")] == ["events.jsonl"]


@pytest.mark.parametrize("workers", [(), ("-n", "1", "--max-worker-restart", "0")])
def test_what_a_killed_run_created_is_in_its_ledger(
    workers: tuple[str, ...], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that sends is killed behind its first accepted message, in the middle of a case."""
    pytester.makepyfile(
        breaking="""
        import os
        from pytest_qimen.report.events import Log

        write = Log.write

        def dies(self, record):
            write(self, record)
            if record.to_json()["type"] == "created" and not self._folder.joinpath("dead").exists():
                self._folder.joinpath("dead").touch()
                os.kill(os.getpid(), 9)

        Log.write = dies
        """
    )
    pytester.syspathinsert()
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with serve() as url:
        pytester.runpytest_subprocess(
            *(*ALWAYS, "-p", "breaking", *workers, "--qimen-url", url, "--qimen-report", "out"),
            *("cases/wms/entryorder.create.toml", "-k", "minimal"),
        )
    assert ledger(pytester.path / "out" / "events.jsonl")


# Other machines


@contextmanager
def socket_server(folder: Path) -> Iterator[int]:
    """execnet's server, as it would run on another machine, with a folder of its own; yields its port."""
    folder.mkdir()
    command = [sys.executable, "-u", socketserver.__file__, "127.0.0.1:0"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout
        found = re.search(r"', (\d+)\)", server.stdout.readline())
        assert found
        try:
            yield int(found[1])
        finally:
            server.kill()


def test_workers_on_other_machines(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two processes that were not started by us, reached over sockets; each has its own folder and keys."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with serve() as url, socket_server(tmp_path / "a") as one, socket_server(tmp_path / "b") as two:
        places = [
            ("--tx", f"socket=127.0.0.1:{port}//chdir={tmp_path / name}")
            for port, name in ((one, "a"), (two, "b"))
        ]
        result = pytester.runpytest_subprocess(
            *(*ALWAYS, "--dist", "load", *places[0], *places[1], "--qimen-url", url, "--qimen-report=out"),
            *(HEARTBEAT, SHOP),
        )
    assert result.ret == 0
    assert {name.split("/")[1] for name in statuses(pytester.path / "out")} == {
        "service.heartbeat",
        "shop.synchronize",
    }
    assert ledger(tmp_path / "a" / "out" / "created-1.jsonl")
