"""A whole pytest run of 1,000 boundary cases beside other tools that send the same 1,000 messages.

Each as its users run it, from start to exit status: plain pytest+httpx with parametrized tests and one
client; Tavern and newman with every fifth message, as they take so long; and raw, which starts nothing. All
take turns, each round against an endpoint of its own; medians of five.

    .venv/bin/python benchmarks/suite.py
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import _peers
from _common import PYTEST, Figure, endpoint, main, medians, target, timed
from _raw import raw, written

from pytest_qimen import spec
from pytest_qimen.cases import bundled_cases
from pytest_qimen.client.request import XML_TYPE, SignedRequest
from pytest_qimen.client.transport import Transport
from pytest_qimen.runner import Session

FEW = ("Tavern", "newman")
METHODS = ("entryorder.create", "items.synchronize", "singleitem.synchronize", "transferorder.query")


def rows() -> _peers.Rows:
    """The signed messages of the boundary cases and the flags of their answers."""
    chosen = [case for name in METHODS for case in bundled_cases(spec.methods()[f"wms/{name}"])]
    chosen = [case for case in chosen if "/request/" in case.id and len(case.steps) == 1]
    with endpoint() as url:
        session = Session(target(url), Transport())
        outcomes = [session.outcome(case) for case in chosen]
    return [
        {
            "method": outcome.case.method,
            "url": exchange.request.url,
            "body": exchange.request.body.decode(),
            "flag": _peers.flag(exchange.body),
        }
        for outcome in outcomes
        for exchange in outcome.exchanges
    ]


def ours(connections: int) -> float:
    """Requests a second of a whole run."""
    cases = [f"cases/wms/{name}.toml" for name in METHODS]
    with endpoint() as url:
        options = ["--qimen-url", url, "--qimen-connections", str(connections), "-k", "request"]
        done = timed([*PYTEST, *options, *cases], codes=(0, 1))
    return _peers.counted(r"([\d,]+) requests", done.out) / done.seconds


def others(make: Callable[[Path, str], list[str] | None], count: int, passed: str) -> float:
    """Messages a second of another tool; 0 where it is not installed."""
    with endpoint() as url, TemporaryDirectory() as folder:
        command = make(Path(folder), url)
        if command is None:
            return 0.0
        done = timed(command, folder, codes=(0, 1))
        assert not passed or passed in done.out, done.out[-2000:]
    return count / done.seconds


def bare(sent: _peers.Rows) -> float:
    """Messages a second over a bare socket."""
    with endpoint() as url:
        kind = (("Content-Type", XML_TYPE),)
        rows = [(row["url"], row["body"].encode()) for row in _moved(sent, url)]
        return raw(url, [written(SignedRequest("POST", at, kind, body, ())) for at, body in rows])


def measure() -> Iterator[Figure]:
    """The rates and, beside each, how many times that of plain pytest and httpx ours is."""
    _peers.install()
    sent = rows()
    few = [row for row in sent if "{" not in row["body"]][::5]  # Tavern takes braces for its own
    moved = partial(_moved, few)
    found = medians(
        {
            "raw": partial(bare, sent),
            "pytest-qimen": partial(ours, 1),
            "pytest-qimen, 8 connections": partial(ours, 8),
            "pytest+httpx": partial(others, lambda at, url: _peers.plain(at, url, sent), len(sent), "passed"),
            "Tavern": partial(others, lambda at, url: _peers.tavern(at, moved(url)), len(few), "passed"),
            "newman": partial(others, lambda at, url: _peers.newman(at, moved(url)), len(few), ""),
        }
    )
    base = found["pytest+httpx"]
    for name, rate in found.items():
        note = f"{rate / base:.2f} of pytest+httpx" if rate else "not installed"
        yield Figure(f"{len(few if name in FEW else sent)} messages: {name}", rate, "/s", note=note)
    note = "the start of Python, of pytest and of the suite; the endpoint; an item of pytest; the engine"
    yield Figure("pytest-qimen / pytest+httpx, all in all", found["pytest-qimen"] / base, "x", 1.6, note=note)


def _moved(sent: _peers.Rows, url: str) -> _peers.Rows:
    """The messages on their way to this endpoint."""
    return [{**row, "url": f"{url}?{row['url'].partition('?')[2]}"} for row in sent]


if __name__ == "__main__":
    raise SystemExit(main(measure))
