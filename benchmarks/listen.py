"""What listening costs: calls answered and judged a second, what forwarding adds, memory of many calls.

Small entry orders (350 bytes), each its own, over one kept connection. A bare server that answers a constant
shows what HTTP alone costs in the same process model. Judging ends later than answering: the calls a second
that are judged are those of the whole time until the last one is.

    .venv/bin/python benchmarks/listen.py
"""

import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from _common import Figure, main

from pytest_qimen import spec, xml
from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.judging import judge
from pytest_qimen.client.clock import CHINA
from pytest_qimen.client.request import draft, finish, seal
from pytest_qimen.messages import samples
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.target.model import Target
from pytest_qimen.wire.http import without_origin

CALLS = 3_000
REMEMBERED = 100_000
TARGET = Target("http://localhost/qimen", APP_KEY, SECRET, CUSTOMER_ID, prefixed=())
HERE = Path(__file__).parent


def message(number: int) -> Heard:
    """A signed entry order of its own."""
    api = spec.load_api("wms/entryorder.create")
    root = samples.minimal(api.request)
    xml.put(root, "entryOrder.entryOrderCode", f"RK{number:010}")
    made = draft(TARGET, api, root)
    seal(TARGET, made)
    found = finish(TARGET, made)
    target = without_origin(found.url)
    return Heard(str(number), "POST", target, found.headers, found.body, datetime.now(CHINA), 200)


def wire(heard: Heard, netloc: str) -> bytes:
    """The bytes of a call."""
    lines = [f"POST {heard.target} HTTP/1.1", f"Host: {netloc}", f"Content-Length: {len(heard.body)}"]
    lines += [f"{name}: {value}" for name, value in heard.headers]
    return "\r\n".join([*lines, "", ""]).encode() + heard.body


@contextmanager
def listener(*words: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A listener and its URL."""
    command = [sys.executable, str(HERE / "_listener.py"), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip(), process


def drive(url: str, calls: list[Heard]) -> list[float]:
    """Send the calls one after the other; the seconds that each took."""
    parts = urlsplit(url)
    data = [wire(one, parts.netloc) for one in calls]
    times = []
    with socket.create_connection((parts.hostname or "", parts.port or 0), 30) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in data:
            start = perf_counter()
            client.sendall(one)
            answer = client.recv(1 << 16)
            times.append(perf_counter() - start)
            assert answer.startswith(b"HTTP/1.1 200"), answer
    return times


def rate(calls: list[Heard], *words: str) -> tuple[float, float]:
    """Calls answered, and judged, a second."""
    with listener(*words) as (url, process):
        start = perf_counter()
        drive(url, calls)
        answered = perf_counter() - start
        judged, _ = process.communicate()
        whole = perf_counter() - start
    assert int(judged) in (0, len(calls)), judged
    return len(calls) / answered, len(calls) / whole


def forwarding(calls: list[Heard]) -> float:
    """The milliseconds that forwarding adds at the 99th percentile."""
    with listener("bare") as (url, direct), listener("forward", url) as (through, passing):
        straight, passed = sorted(drive(url, calls)), sorted(drive(through, calls))
        direct.communicate()
        passing.communicate()
    place = int(len(calls) * 0.99)
    return 1000 * (passed[place] - straight[place])


def remembering() -> tuple[float, float]:
    """MB that the judged calls take, and calls judged a second without a network."""
    from _listener import CALLER

    journal = Journal()
    for number in range(1, 1_000):
        judge(Call(message(number), number), CALLER, journal)
    before, start = _megabytes(), perf_counter()
    for number in range(1_000, REMEMBERED):
        judge(Call(message(number), number), CALLER, journal)
    seconds = perf_counter() - start
    journal.close()
    return _megabytes() - before, (REMEMBERED - 1_000) / seconds


def _megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure() -> Iterator[Figure]:
    """All figures."""
    calls = [message(number) for number in range(CALLS)]
    constant, _ = rate(calls, "bare")
    answered, judged = rate(calls, "listen")
    yield Figure("a bare server that answers a constant", constant, "calls/s")
    yield Figure("qimen listen: answered", answered, "calls/s", 1000)
    yield Figure("qimen listen: judged, until the last one is", judged, "calls/s", 500)
    yield Figure("forwarding adds, 99th percentile", forwarding(calls), "ms", 3, most=True)
    size, speed = remembering()
    note = f"{speed:,.0f} made and judged a second; SQLite holds 64 MB, the rest lies in a file"
    yield Figure(f"memory of {REMEMBERED:,} calls in the journal", size, "MB", 300, most=True, note=note)


if __name__ == "__main__":
    sys.exit(main(measure))
