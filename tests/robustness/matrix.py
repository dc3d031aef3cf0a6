"""Disasters around a run in, tests/ROBUSTNESS.md out: how the suite ends, what it leaves, what it costs.

`python -m tests.robustness.matrix` (make robustness) writes the table; test_robustness.py holds it to
its word.
"""

import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import read_events
from pytest_qimen.report.merge import load
from pytest_qimen.report.results import verdict
from tests.robustness.hostile import HOSTILE, bent
from tests.robustness.server import SERVER, server_rows
from tests.support.servers import Peer, answer, raw

TABLE = Path(__file__).parent.parent / "ROBUSTNESS.md"
SECONDS, MEGABYTES = 30, 300  # no run of this table may take longer, or more memory
CASES = (
    *("cases/protocol/smoke.toml::wms/answers", "cases/wms/service.heartbeat.toml"),
    *("-k", "answers or minimal or typical"),
)
BOMB = gzip.compress(bytes(64 << 20), 1) * 16  # a gigabyte
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
DEEP, MANY = 100_000, 100_000  # elements inside each other, and beside each other
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


def said(data: bytes) -> Callable[[Peer], None]:
    """Answers every request with these bytes and hangs up."""

    def script(peer: Peer) -> None:
        if peer.request():
            peer.send(data)

    return script


def xml(body: str, encoding: str = "utf-8") -> Callable[[Peer], None]:
    """Answers every request with this document, as an answer that says success."""
    return said(answer(body.encode(encoding)))


def endless(head: bytes, part: bytes) -> Callable[[Peer], None]:
    """A head, and then parts as long as anybody listens."""

    def script(peer: Peer) -> None:
        if peer.request():
            peer.send(head)
            while not peer.stopping.is_set():
                try:
                    peer.socket.sendall(part)
                except OSError:
                    return

    return script


def dripping(head: bytes) -> Callable[[Peer], None]:
    """A head, and then a byte now and then."""

    def script(peer: Peer) -> None:
        if peer.request():
            peer.send(head)
            while not peer.stopping.wait(0.05):
                try:
                    peer.socket.sendall(b"x")
                except OSError:
                    return

    return script


def silent(peer: Peer) -> None:
    peer.request()
    peer.until_hung_up()


def redirecting(peer: Peer) -> None:
    while found := peer.request():
        peer.send(answer("", "302 Found", f"Location: {found.target}\r\n".encode()))


ENDPOINTS: dict[str, Callable[[Peer], None]] = {
    "no answer, ever": silent,
    "the connection is reset": lambda peer: peer.reset(),
    "half an answer": said(OK + b"Content-Length: 100\r\n\r\n<response>"),
    "a length that is too small": said(OK + b"Content-Length: 5\r\n\r\n<response/>"),
    "a head that drips": dripping(OK + b"X: "),
    "a body that drips": dripping(OK + b"Content-Length: 1000000\r\n\r\n"),
    "an answer without end": endless(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + bytes(0x8000) + b"\r\n"
    ),
    "headers without end": endless(OK, b"X-Again: and again\r\n" * 100),
    "an answer of a gigabyte": endless(OK + b"Content-Length: 1073741824\r\n\r\n", bytes(1 << 16)),
    "a gzip bomb": said(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB),
    "a redirect to itself": redirecting,
    "not HTTP": said(b"220 smtp.example.test ESMTP\r\n"),
    "HTTP/0.9": said(b"<response><flag>success</flag></response>"),
    "interim answers without end": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "an external entity": xml(
        '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><response><flag>&e;</flag></response>'
    ),
    "an entity bomb": xml(
        f'<!DOCTYPE r [<!ENTITY e0 "bomb">{ENTITIES}]><response><flag>&e11;</flag></response>'
    ),
    "an answer in UTF-16": xml("<response><flag>success</flag></response>", "utf-16"),
    "elements inside elements": xml("<a>" * DEEP + "</a>" * DEEP),
    "elements without number": xml(f"<response><flag>success</flag>{'<x/>' * MANY}</response>"),
}

# Runs a command from a small process: a child's peak of memory begins with its parent's.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
open(sys.argv[1], "w").write(f"{code} {peak}")
"""
DYING = """
import signal
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import Log

write = Log.write
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored

def dies(self, record):
    write(self, record)
    if isinstance(record, CaseRecord) and record.id.endswith("/minimal"):
        signal.raise_signal(signal.{signal})  # to this thread and handled at once, unlike os.kill

Log.write = dies
"""
JUMPING = """
import datetime, time
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import Log

gone, real = 0, time.time

class Jumping(datetime.datetime):
    @classmethod
    def now(cls, zone=None):
        return datetime.datetime.now(zone) + datetime.timedelta(seconds=gone)

def jumps(self, record):
    global gone
    write(self, record)
    if isinstance(record, CaseRecord):
        gone = {seconds}

write, Log.write, time.time = Log.write, jumps, lambda: real() + gone
from pytest_qimen.client import clock
clock.datetime = Jumping
"""
PATIENCE = 20.0  # seconds for the embedded endpoint, which answers late on a busy machine
ENDINGS = {
    "Ctrl-C in the middle": "SIGINT",
    "terminated in the middle": "SIGTERM",
    "killed in the middle": "SIGKILL",
}
CLOCKS = {"the clock is set a day ahead": 86_400, "the clock is set a day back": -86_400}


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its exit status, what it left, and whether it kept within time and memory."""

    status: int
    verdict: str
    cases: dict[str, int] = field(default_factory=dict)
    within: bool = True

    def row(self, name: str) -> str:
        """The line of the table."""
        cases = ", ".join(f"{count} {status}" for status, count in sorted(self.cases.items())) or "none"
        ended = f"signal {-self.status}" if self.status < 0 else f"status {self.status}"
        return f"| {name} | {ended} | {self.verdict} | {cases} | {'yes' if self.within else 'NO'} |"


def disasters() -> dict[str, Callable[[], Outcome]]:
    """Every disaster, and the run that meets it."""
    found: dict[str, Callable[[], Outcome]] = {}
    for name, script in ENDPOINTS.items():
        found[name] = lambda script=script: _against(script)  # type: ignore[misc]
    for name, (change, args) in HOSTILE.items():
        found[name] = lambda change=change, args=args: _bent(change, args)  # type: ignore[misc]
    for name, signal in ENDINGS.items():
        found[name] = lambda signal=signal: _plugged(DYING.format(signal=signal))  # type: ignore[misc]
    for name, seconds in CLOCKS.items():
        found[name] = lambda seconds=seconds: _plugged(JUMPING.format(seconds=seconds))  # type: ignore[misc]
    found["no room on the disk"] = _without_room
    return found


def _against(script: Callable[[Peer], None]) -> Outcome:
    with raw(script) as url, _folder() as folder:
        return _run(folder, url)


def _without_room() -> Outcome:
    """The disk is full in the middle of the last case's line, which a whole run shows."""
    with serve() as url, _folder() as whole, _folder() as folder:
        _run(whole, url, patience=PATIENCE)
        limit = (whole / "out" / "events.jsonl").read_bytes().rindex(b'{"type":"case"') + 10
        return _run(folder, url, limit=limit, patience=PATIENCE)


def _bent(change: Callable[[bytes], bytes], args: tuple[str, ...]) -> Outcome:
    with bent(change) as url, _folder() as folder:
        return _run(folder, url, *args, patience=PATIENCE)


def _plugged(plugin: str) -> Outcome:
    with serve() as url, _folder() as folder:
        (folder / "disaster.py").write_text(plugin)
        return _run(folder, url, "-p", "disaster", patience=PATIENCE)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _run(folder: Path, url: str, *args: str, limit: int | None = None, patience: float = 0.5) -> Outcome:
    """pytest in a process of its own; what it leaves in its report folder, however it ends."""
    (folder / "target.toml").write_text(
        f'url = "{url}"\nconnect_timeout = {patience}\nread_timeout = {patience}\n'
    )
    keys = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args]
    command += ["--qimen-target", "target.toml", "--qimen-report", "out", *CASES]

    def limited() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    start = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", MEASURED, "measured", *command],
        cwd=folder,
        env={**os.environ, **keys, "PYTHONPATH": str(folder)},
        preexec_fn=limited,
        check=True,
    )
    code, peak = map(int, (folder / "measured").read_text().split())
    within = time.monotonic() - start < SECONDS and peak < MEGABYTES * 1024
    return Outcome(code, *_left(folder / "out"), within)


def _left(folder: Path) -> tuple[str, dict[str, int]]:
    """The verdict and the statuses that can be read from what is left."""
    record = load([folder])
    found = [one for one in read_events(folder / "events.jsonl") if isinstance(one, CaseRecord)]
    statuses = Counter(one.status.value for one in found)
    return verdict(record.cases, record.head.level, record.ended is not None), dict(statuses)


HEAD = """# Robustness

Generated by `make robustness`: what the suite does when everything around it goes wrong. Every run has
time-outs of half a second, is over within {seconds} s, stays below {megabytes} MB, and leaves an events.jsonl
that `qimen report` reads.

| disaster | pytest ends with | verdict | cases told of | within time and memory |
|---|---|---|---|---|
"""


def main() -> None:
    """Write the table; with words as arguments, only the rows whose names hold one of them."""
    old = {row.split(" | ")[0].removeprefix("| "): row for row in TABLE.read_text("utf-8").splitlines()}
    wanted = sys.argv[1:]
    rows = [
        old[name] if name in old and wanted and not any(word in name for word in wanted) else run().row(name)
        for name, run in disasters().items()
    ]
    head = HEAD.format(seconds=SECONDS, megabytes=MEGABYTES)
    TABLE.write_text(head + "\n".join(rows) + "\n" + SERVER + "\n".join(server_rows()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
