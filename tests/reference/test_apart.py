"""The embedded endpoint in a process of its own: it ends with the run, however that ends."""

import shutil
import subprocess
import sys

import httpx
import pytest

from pytest_qimen.reference import apart

HOLDS = """
import sys
from pytest_qimen.reference.apart import serve_apart

with serve_apart() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def test_it_answers_until_the_block_ends() -> None:
    with apart.serve_apart() as url:
        assert "<flag>failure</flag>" in httpx.post(url).text
    with pytest.raises(httpx.ConnectError):
        httpx.post(url)


def test_it_ends_with_a_process_that_is_killed() -> None:
    """Its standard error is that of its parent: it comes to an end when both have gone."""
    command, pipe = [sys.executable, "-c", HOLDS], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as holder:
        assert holder.stdout
        assert holder.stderr
        url = holder.stdout.readline().strip()
        assert httpx.post(url).status_code == 200
        holder.kill()
        assert holder.stderr.read() == ""
    with pytest.raises(httpx.ConnectError):
        httpx.post(url)


@pytest.mark.parametrize("command", ["true", "no-such-command"])
def test_it_runs_here_where_no_process_can_be_started(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which(command) or f"/nowhere/{command}")
    with apart.serve_apart() as url:
        assert httpx.post(url).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.post(url)
