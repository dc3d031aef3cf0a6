"""A process that is forked in the middle of a run shares neither its connections, its ledger nor its lock."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Transport
from pytest_qimen.report.events import Log
from tests.plugin.plugin_runs import HEARTBEAT, Go, events
from tests.support.servers import endpoint, response

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes can be forked"),
    pytest.mark.filterwarnings("ignore:This process"),  # of threads, which the child leaves alone
]
TWIN = """
import os

def pytest_runtest_teardown(item):
    if item.name == "request/minimal" and (child := os.fork()):
        print(os.waitpid(child, 0)[1], file=open("twin.txt", "w"))  # and it goes on as if it were the run
"""


@contextmanager
def forked(do: Callable[[], object]) -> Iterator[None]:
    """A child that has done this and still lives."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            do()
            os.write(write, b"done")
            signal.pause()
        finally:
            os._exit(1)
    os.close(write)
    try:
        with open(read, "rb", buffering=0) as file:
            assert file.read(4) == b"done"
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_twin_of_the_run_ends_and_spoils_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(twin=TWIN)
    monkeypatch.setenv("PYTHONPATH", str(pytester.path))
    args = ("-p", "no:cacheprovider", "--noconftest", "-p", "twin", "--qimen", HEARTBEAT)
    result = pytester.runpytest_subprocess(*args, "--qimen-report", "out")
    assert result.ret == 0
    assert os.waitstatus_to_exitcode(int((pytester.path / "twin.txt").read_text())) == 2
    assert len([line for line in result.outlines if line.startswith("verdict: ")]) == 1
    found = [one for one in events(pytester.path / "out") if one["type"] in ("case", "end")]
    ids = [one["id"] for one in found[:-1]]
    assert len(ids) == len(set(ids)) > 10
    assert found[-1]["type"] == "end"


def test_cases_are_not_forked(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        forking='def pytest_addoption(parser):\n    parser.addoption("--forked", action="store_true")'
    )
    pytester.syspathinsert()
    result = go("-p", "forking", "--qimen", "--forked", HEARTBEAT)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --forked: a forked process has no part in*: use -n"])


def test_a_child_that_outlives_the_run_does_not_hold_its_folder(tmp_path: Path) -> None:
    log = Log(tmp_path)
    with forked(lambda: None):
        log.close()
        Log(tmp_path).close()


def test_a_child_that_closes_the_log_leaves_the_folder_to_its_parent(tmp_path: Path) -> None:
    log = Log(tmp_path)
    with forked(log.close):
        assert (tmp_path / ".running").exists()
    log.close()
    assert not (tmp_path / ".running").exists()


def test_a_child_sends_over_connections_of_its_own() -> None:
    transport = Transport()
    with endpoint(lambda request: response()) as server:
        request = SignedRequest("POST", server.url, (), b"<request/>", ())
        transport.send(request)
        with forked(lambda: transport.send(request)):
            transport.send(request)
        assert [one.connection for one in server.requests] == [1, 2, 1]
    transport.close()
