"""Legal messages of 60 fields drawn, sent and judged, as shares of raw and beside schemathesis.

entryorder.create has 60 fields. Raw sends the very same bytes, recorded. Eight connections draw for eight
methods of 22 to 73 fields at a time; what several cores gain is measured with processes. schemathesis draws
legal XML of the same 60 names, as its users run it, its start not counted: two runs of different length, and
what the longer one takes more. Medians of five.

    .venv/bin/python benchmarks/properties.py
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import _peers
from _common import Figure, alone, endpoint, gain, main, medians, target, timed
from _raw import Recorder, raw, written
from generation import seconds

from pytest_qimen import spec
from pytest_qimen.cases import find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.runner import Session
from pytest_qimen.search.property import drawer
from pytest_qimen.strategies import requests_for
from pytest_qimen.verdict import Status
from pytest_qimen.wire.cores import beside_others

EXAMPLES, FEW = 300, 50
METHOD = "wms/entryorder.create"
EIGHT = (
    *(METHOD, "wms/items.synchronize", "wms/singleitem.synchronize", "erp/deliveryorder.confirm"),
    *(
        "erp/deliveryorder.batchconfirm",
        "wms/stockout.create",
        "erp/inventory.report",
        "wms/storeprocess.create",
    ),
)


def schemathesis(url: str, examples: int) -> tuple[int, float]:
    """How many requests it sends for so many examples, and in how many seconds."""
    names = [row.name for row in spec.load_api(METHOD).request.leaves]
    fields = [f"{name}{number}" for number, name in enumerate(names)]
    with TemporaryDirectory() as folder:
        command = _peers.schemathesis(Path(folder), url, fields, examples)
        if command is None:
            return 0, 0.0
        done = timed(command, folder, codes=(0, 1))
    return _peers.counted(r"([\d,]+) generated", done.out), done.seconds


def one_process() -> None:
    """The legal examples over and over, for `together`."""
    with endpoint() as url:
        session = Session(target(url), Transport(), draw=drawer(EXAMPLES, 0))
        case = find_case(f"{METHOD}/property/legal-accepted")

        def act() -> int:
            assert session.outcome(case).status is Status.PASS
            return EXAMPLES

        alone(act, 2)


def measure() -> Iterator[Figure]:
    """The rates and shares."""
    _peers.install()
    with endpoint() as url:
        recorder = Recorder()
        session = Session(target(url), recorder, draw=drawer(EXAMPLES, 0))

        def drawn(*methods: str) -> float:
            recorder.requests.clear()
            start = perf_counter()
            with ThreadPoolExecutor(len(methods), initializer=beside_others) as pool:
                cases = [find_case(f"{method}/property/legal-accepted") for method in methods]
                assert {found.status for found in pool.map(session.outcome, cases)} == {Status.PASS}
            return len(recorder.requests) / (perf_counter() - start)

        def rival() -> float:
            (few, short), (many, long) = schemathesis(url, FEW), schemathesis(url, EXAMPLES)
            return (many - few) / (long - short) if many else 0.0

        drawn(*EIGHT)
        drawn(METHOD)
        messages = [written(request) for request in recorder.requests]
        drawing = requests_for(spec.load_api(METHOD))
        ways = {
            "raw": lambda: raw(url, messages),
            "drawing": lambda: 1 / seconds(drawing),
            "one": lambda: drawn(METHOD),
            "eight": lambda: drawn(*EIGHT),
        }
        found = medians({**ways, "schemathesis": rival})
    yield Figure("raw, 1 connection", found["raw"], "/s", note=f"{len(messages)} messages of 60 fields")
    yield Figure("drawing alone, nothing sent", found["drawing"] / found["raw"], "of raw")
    yield Figure("legal examples, 1 connection", found["one"], "/s")
    parts = {"Hypothesis and the strategy": found["drawing"], "raw": found["raw"]}
    note = ", ".join(f"{name} {1000 / rate:.1f} ms" for name, rate in parts.items())
    note = f"{1000 / found['one']:.1f} ms each: {note}, the rest is composing, signing, judging"
    yield Figure("legal examples, 1 connection", found["one"] / found["raw"], "of raw", 0.15, note=note)
    note = "one GIL for all that is drawn: eight threads give no more than one"
    yield Figure("legal examples, 8 connections", found["eight"] / found["raw"], "of raw", note=note)
    yield gain(__file__)
    if found["schemathesis"]:
        yield Figure(f"schemathesis {_peers.version('schemathesis')}", found["schemathesis"], "/s")
        yield Figure("legal examples / schemathesis", found["one"] / found["schemathesis"], "x", 10)
    else:
        yield Figure("schemathesis", 0, "/s", note="not installed")


if __name__ == "__main__":
    raise SystemExit(main(measure, one_process))
