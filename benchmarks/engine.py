"""The engine without pytest: cases composed, signed, sent and judged, as shares of a bare socket loop.

Every tenth hand-written and boundary case of every method, one request each or a few; raw sends the very
same bytes, recorded. All ways take turns against one endpoint in a process of its own; medians of five. What
several cores gain is measured with processes: threads share one GIL.

    .venv/bin/python benchmarks/engine.py
"""

import gc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter, thread_time

import httpx
from _common import ROUNDS, Figure, alone, endpoint, gain, main, medians, target
from _raw import Recorder, raw, written

from pytest_qimen import spec, xml
from pytest_qimen.cases import Case, bundled_cases
from pytest_qimen.checks import contract, envelope, security
from pytest_qimen.checks import schema as contents
from pytest_qimen.checks.answer import read
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.transport import Transport
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.wire.cores import beside_others

CONNECTIONS = 8


def cases() -> list[Case]:
    """Every tenth boundary and hand-written case of one step, but those whose outcome a session keeps."""
    found = [case for path in spec.methods().values() for case in bundled_cases(path)]
    found = [case for case in found if not case.is_foundation and case.judges != "answer"]
    return [case for case in found if len(case.steps) == 1 and case.steps[0].parallel == 1][::10]


def judging(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Seconds to read the answers of these cases once more, and for each of the checks."""
    spent: dict[str, float] = defaultdict(float)
    for outcome in outcomes:
        case, step = outcome.case, outcome.case.steps[0]
        for exchange in outcome.exchanges:
            body = exchange.request.body
            request = xml.parse(body if body.startswith(b"<") else b"<request/>")
            begun = perf_counter()
            answer = read(exchange, step.api)
            spent["parsing"] += perf_counter() - begun
            evidence = Evidence(exchange, step, answer, request, case.level, case.clause)
            checks = {
                "envelope": envelope.check(evidence),
                "schema and rules": contents.check(evidence),
                "secrets and traces": security.check(evidence),
                "verdict": contract.verdict(evidence),
            }
            for name, found in checks.items():
                begun = perf_counter()
                list(found)
                spent[name] += perf_counter() - begun
    return spent


def one_process() -> None:
    """The cases over and over, for `together`."""
    with endpoint() as url:
        session, chosen = Session(target(url), Transport()), cases()
        alone(lambda: sum(session.outcome(case).requests for case in chosen), 3)


def measure() -> Iterator[Figure]:
    """The rates, the shares, and what the time goes into."""
    chosen, recorder = cases(), Recorder()
    with endpoint() as url:
        session = Session(target(url), recorder)
        gc.freeze()  # as the plugin does once it has collected
        for case in chosen:  # what they require is kept from here on, schemas are compiled
            session.outcome(case)
        recorder.requests.clear()
        outcomes = [session.outcome(case) for case in chosen]
        count = len(recorder.requests)
        messages = [written(request) for request in recorder.requests]
        wire = list(recorder.requests)
        cpu: list[float] = []

        def engine() -> float:
            start, busy = perf_counter(), thread_time()
            for case in chosen:
                session.outcome(case)
            cpu.append((thread_time() - busy) / count)
            return count / (perf_counter() - start)

        def threads() -> float:
            start = perf_counter()
            with ThreadPoolExecutor(CONNECTIONS, initializer=beside_others) as pool:
                list(pool.map(session.outcome, chosen))
            return count / (perf_counter() - start)

        def raw_threads() -> float:
            start = perf_counter()
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                list(
                    pool.map(raw, [url] * CONNECTIONS, [messages[n::CONNECTIONS] for n in range(CONNECTIONS)])
                )
            return count / (perf_counter() - start)

        def plain() -> float:
            start = perf_counter()
            with httpx.Client(trust_env=False) as client:
                for one in wire:
                    client.post(one.url, headers=list(one.headers), content=one.body)
            return count / (perf_counter() - start)

        ways = {"raw": lambda: raw(url, messages), "engine": engine, "engine8": threads}
        found = medians({**ways, "raw8": raw_threads, "httpx": plain})
        rounds = [judging(outcomes) for _ in range(ROUNDS)]
        spent = {name: 1e6 * median(one[name] for one in rounds) / count for name in rounds[0]}
    yield Figure("raw, 1 connection", found["raw"], "/s", note=f"{count} requests of {len(chosen)} cases")
    yield Figure("raw, 8 connections in 8 threads", found["raw8"] / found["raw"], "of raw")
    yield Figure("httpx.Client, 1 connection, nothing judged", found["httpx"] / found["raw"], "of raw")
    own = median(cpu)
    share = found["engine"] / found["raw"]
    note = f"raw takes {1e6 / found['raw']:.0f} µs, the engine {own * 1e6:.0f} µs of processor time beside it"
    yield Figure("engine, 1 connection", share, "of raw", 0.6, note=note)
    note = f"one GIL: at most {1 / own / found['raw']:.2f} of raw"
    yield Figure("engine, 8 connections", found["engine8"] / found["raw"], "of raw", note=note)
    yield gain(__file__)
    parsing = spent.pop("parsing")
    note = ", ".join(f"{name} {each:.0f} µs" for name, each in spent.items())
    each = sum(spent.values()) * found["engine"] / 1e4
    note += f"; parsing the answer {parsing:.0f} µs more"
    yield Figure("validation and checks of an answer", each, "% of time", 4, most=True, note=note)


if __name__ == "__main__":
    raise SystemExit(main(measure, one_process))
