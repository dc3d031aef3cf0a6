"""The id of a case in; how it ends now, compared with how it ended in a recorded run, out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pytest_qimen.cases import find_case
from pytest_qimen.embedded import embedded_target
from pytest_qimen.errors import UsageError
from pytest_qimen.findings import Status
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.events import read_events
from pytest_qimen.report.explain import explain
from pytest_qimen.runner import Outcome, run_case
from pytest_qimen.spec import ROLES
from pytest_qimen.target import Target, checked, load_target, with_options

RED = frozenset({Status.FAIL.value, Status.WARN.value, Status.STALE.value})


def replay(identity: str, *, url: str | None, file: Path | None, report: Path | None, out: TextIO) -> int:
    """Run the case anew, with today's time and fresh keys; 1 when it is red, 2 when it could not be run."""
    case = find_case(identity)
    before = _recorded(report, identity) if report else None
    with _target(url, file) as target:
        outcome = run_case(case, target)
        _tell(outcome, target, out)
    now = outcome.status.value
    if before is not None:
        print(f"{_change(before, now)}: was {before}, is {now}", file=out)
    if outcome.status in (Status.ERROR, Status.BLOCKED, Status.UNSUPPORTED):
        return 2
    return int(now in RED)


def _tell(outcome: Outcome, target: Target, out: TextIO) -> None:
    """The outcome, and that of the case which blocks it."""
    print(*explain(outcome), sep="\n", file=out)
    if outcome.status is Status.BLOCKED and outcome.cause.startswith(("protocol/", *ROLES)):
        print("\nblocked by", *explain(run_case(find_case(outcome.cause), target)), sep="\n", file=out)


def _change(before: str, now: str) -> str:
    if before == now:
        return "still failing" if now in RED else "unchanged"
    return "fixed" if before in RED and now in ("pass", "info") else "differs"


def _recorded(folder: Path, identity: str) -> str:
    """The status of the case in the events of an earlier run."""
    path = folder / "events.jsonl"
    if not path.is_file():
        raise UsageError(f"--report: {folder} holds no events.jsonl")
    for event in read_events(path):
        if event["type"] == "case" and event["id"] == identity:
            return str(event["status"])
    raise UsageError(f"--report: {path} has no case {identity!r}")


@contextmanager
def _target(url: str | None, file: Path | None) -> Iterator[Target]:
    target = with_options(load_target(file), url=url)
    if target.url:
        yield checked(target, "--url")
        return
    with serve() as embedded:
        yield embedded_target(target, embedded)
