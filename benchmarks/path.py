"""Requests per second of the suite's way of sending one, beside the bare ways, in one run.

(a) One keep-alive socket, one prepared request. (b) One httpx client, the same request. (c) A case: a
boundary of service.heartbeat, composed, signed, sent and judged anew each time. All go to the embedded
endpoint in a process of its own and take turns; medians of five rounds. Target: c is at least 0.7 of b.

    .venv/bin/python benchmarks/path.py
"""

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import httpx

from pytest_qimen.cases import Step, find_case
from pytest_qimen.compose import Context, compose
from pytest_qimen.embedded import embedded_target
from pytest_qimen.findings import Status
from pytest_qimen.runner import Session
from pytest_qimen.runner.execution import signed
from pytest_qimen.signed import SignedRequest
from pytest_qimen.target import Target
from pytest_qimen.transport import Transport

REQUESTS, ROUNDS, WANTED = 400, 5, 0.7
CASE = "wms/service.heartbeat/request/serialNumber/longest"


class Bare:
    """A socket that sends the same bytes again and again."""

    def __init__(self, request: SignedRequest) -> None:
        parts = urlsplit(request.url)
        assert parts.hostname
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers)
        self.bytes = (
            f"POST {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}"
            f"Content-Length: {len(request.body)}\r\n\r\n"
        ).encode() + request.body
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __call__(self) -> None:
        self.socket.sendall(self.bytes)
        answer = self.socket.recv(1 << 16)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self.socket.recv(1 << 16)
        assert b"success" in body


def per_second(act: Callable[[], object]) -> float:
    start = perf_counter()
    for _ in range(REQUESTS):
        act()
    return REQUESTS / (perf_counter() - start)


def measure(url: str) -> dict[str, float]:
    """The medians of the three ways."""
    target = embedded_target(Target(url="", app_key="", secret=""), url)
    transport = Transport()
    session = Session(target, transport)
    case = find_case(CASE)
    step = Step(case.steps[0].api)
    request = signed(target, step, compose(step, Context(target, session.keys), {}))
    client, bare = httpx.Client(trust_env=False), Bare(request)

    def plain() -> None:
        answer = client.post(request.url, headers=list(request.headers), content=request.body)
        assert b"success" in answer.content

    def judged() -> None:
        assert session.outcome(case).status is Status.PASS

    ways: dict[str, Callable[[], object]] = {"socket": bare, "httpx": plain, "case": judged}
    try:
        for act in ways.values():
            act()  # connects, and runs what the case requires
        rounds = [{name: per_second(act) for name, act in ways.items()} for _ in range(ROUNDS)]
    finally:
        bare.socket.close()
        client.close()
        transport.close()
    return {name: median(one[name] for one in rounds) for name in ways}


def main() -> int:
    """0 when the target is met."""
    script = Path(__file__).with_name("_endpoint.py")
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as endpoint:
        assert endpoint.stdin
        assert endpoint.stdout
        found = measure(endpoint.stdout.readline().strip())
        endpoint.stdin.close()
    for name, value in found.items():
        print(f"{name:8}{value:8.0f} /s")
    ratio = found["case"] / found["httpx"]
    print(
        f"case / httpx  {ratio:.2f} (target {WANTED})   case / socket {found['case'] / found['socket']:.2f}"
    )
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
