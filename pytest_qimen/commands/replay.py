"""The id of a case or a case file in; how it ends now and, where a run recorded it, what has changed out."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pytest_qimen.cases import (
    Case,
    bundled_cases,
    bundled_files,
    drawn_case,
    find_case,
    fitted,
    load_cases,
)
from pytest_qimen.client.request import MASK
from pytest_qimen.client.transport import Transport
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.commands.resend import send_again
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.explain import explain
from pytest_qimen.report.merge import Record, read
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.spec import ROLES, data_dir
from pytest_qimen.target.model import Target, checked, load_target, with_options
from pytest_qimen.verdict import Status

RED = frozenset({Status.FAIL.value, Status.WARN.value, Status.STALE.value})
UNTRIED = frozenset({Status.ERROR.value, Status.BLOCKED.value, Status.UNSUPPORTED.value})
PROFILE = ("roles", "methods", "without", "prefixed", "assigns")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: where to send, and the earlier run; `raw` sends its very bytes again."""

    url: str | None = None
    file: Path | None = None
    report: Path | None = None
    raw: bool = False


def replay(what: str, asked: Request, out: TextIO) -> int:
    """Run a case, or all of a file; 0 when it is good, 1 when it is red, 2 when it could not be run.

    Without `raw` messages are made and signed anew: today's time, fresh keys. A drawn message is the one of
    the earlier run. Flows are run whole.
    """
    record = _recorded_run(asked.report) if asked.report else None
    if asked.raw and record is None:
        raise UsageError("--raw: name the run that recorded the requests with --report")
    with _target(asked, record, out) as target:
        cases = _cases(what, target)
        one = not _is_file(what)
        found = [_prepared(case, record, alone=one) for case in cases]
        own = {case.id: case for case in cases}
        told = {event["id"] for event in record.events} if record else own
        transport = Transport.to(target)
        try:
            session = Session(
                target,
                transport,
                find=lambda name: own.get(name) or _find(name, target),
                reported=lambda name: name in told,
            )
            return _run([case for case in found if case], session, record, asked.raw, out, one)
        finally:
            transport.close()


def _is_file(what: str) -> bool:
    return what.endswith(".toml")


def _cases(what: str, target: Target) -> Sequence[Case]:
    if not _is_file(what):
        return [_find(what, target)]
    if not Path(what).is_file():
        raise UsageError(f"replay: there is no file {what}")
    return fitted(load_cases(Path(what)), target)


def _find(identity: str, target: Target) -> Case:
    """The bundled case of this id as the target's profile wants it."""
    path = data_dir("cases").joinpath("/".join(identity.split("/")[:2]) + ".toml")
    kept = fitted(bundled_cases(path), target) if path in bundled_files() else []
    return next((case for case in kept if case.id == identity), None) or find_case(identity)


def _prepared(case: Case, record: Record | None, *, alone: bool) -> Case | None:
    """The case with its steps; None for one of a file of whose messages nothing is recorded."""
    if case.steps:
        return case
    event = _event(record, case.id)
    if event and "drawn" in event:
        try:
            return drawn_case(case, str(event["drawn"]))
        except (DataError, TypeError, ValueError):
            raise UsageError(f"--report: the recorded message of {case.id} cannot be read") from None
    if alone:
        known = "the run kept none of them" if event else "name the run that kept one with --report"
        raise UsageError(f"replay: {case.id} draws its messages; {known}")
    return None


def _run(
    cases: Sequence[Case], session: Session, record: Record | None, raw: bool, out: TextIO, one: bool
) -> int:
    ended: Counter[str] = Counter()
    for case in cases:
        event = _event(record, case.id)
        if one and record and event is None:
            raise UsageError(f"--report: the run has no case {case.id!r}")
        outcome = _resent(case, session, record, event) if raw else session.outcome(case)
        ended[outcome.status.value] += 1
        if one or outcome.status.value in RED | UNTRIED:
            _tell(outcome, session, out)
        else:
            print(f"{outcome.status.value.upper()}  {case.id}", file=out)
        if event:
            before, now = event["status"], outcome.status.value
            print(f"{_change(before, now)}: was {before}, is {now}", file=out)
    if not one:
        print(
            ", ".join(f"{number} {status}" for status, number in sorted(ended.items())) or "no cases",
            file=out,
        )
    untried = UNTRIED if one else UNTRIED - {Status.UNSUPPORTED.value}
    return 2 if not ended or (untried & set(ended) and not RED & set(ended)) else int(bool(RED & set(ended)))


def _resent(case: Case, session: Session, record: Record | None, event: Any) -> Outcome:
    exchanges = event.get("exchanges", []) if event else []
    if record is None or not exchanges:
        raise UsageError(f"--raw: the run kept no requests of {case.id}: replay it without --raw")
    if len(exchanges) < event["requests"] and "drawn" not in event:
        kept = f"{len(exchanges)} of {event['requests']}"
        raise UsageError(f"--raw: the run kept only {kept} requests of {case.id}: replay it without --raw")
    return send_again(case, session, exchanges, record.head["url"])


def _tell(outcome: Outcome, session: Session, out: TextIO) -> None:
    """The outcome, and that of the case which blocks it."""
    print(*explain(outcome), sep="\n", file=out)
    if outcome.status is Status.BLOCKED and outcome.cause.startswith(("protocol/", *ROLES)):
        blamed = session.outcome(_find(outcome.cause, session.target))
        print("\nblocked by", *explain(blamed), sep="\n", file=out)


def _change(before: str, now: str) -> str:
    if before == now:
        return "still failing" if now in RED else "unchanged"
    return "fixed" if before in RED and now in ("pass", "info") else "differs"


def _recorded_run(path: Path) -> Record:
    if not (path / "events.jsonl").is_file() and not path.is_file():
        raise UsageError(f"--report: {path} holds no events.jsonl")
    return read(path)


def _event(record: Record | None, identity: str) -> Any:
    return next((event for event in record.events if event["id"] == identity), None) if record else None


@contextmanager
def _target(asked: Request, record: Record | None, out: TextIO) -> Iterator[Target]:
    """The endpoint that is named or the recorded run's; the embedded one without either, and for its own."""
    target = load_target(asked.file)
    if record and not asked.file:
        target = with_options(target, **_profile(record))
    target = with_options(target, url=asked.url)
    if not target.url and record and not record.head.get("embedded"):
        if MASK in record.head["url"]:
            raise UsageError("--report: the login in the run's URL is not recorded; give the whole --url")
        target = with_options(target, url=record.head["url"])
    if target.url:
        yield checked(target, "--url")
        return
    if record:
        print("the run was of the embedded endpoint, and so is this", file=out)
    with serve() as embedded:
        yield embedded_target(target, embedded)


def _profile(record: Record) -> dict[str, Any]:
    """What the recorded run's target supports, as far as it is recorded."""
    profile = record.head.get("profile") or {}
    found: dict[str, Any] = {key: tuple(profile[key]) for key in PROFILE if key in profile}
    return found | {key: profile[key] for key in ("readonly", "version", "limits") if key in profile}


def add_parser(commands: Subparsers) -> None:
    """Add `qimen replay` to the command line."""
    parser = command(commands, "replay", run, "run a recorded case again and say whether it is fixed")
    parser.add_argument("what", metavar="ID|FILE", help="a case, or all of a case file")
    parser.add_argument("--url", help="the endpoint; else that of --report, else the embedded one")
    parser.add_argument("--target", type=Path, help="the target file; else the profile of --report")
    parser.add_argument("--report", type=Path, help="the folder of the run to compare with")
    parser.add_argument(
        "--raw",
        action="store_true",
        help="send the bodies and parameters that the run recorded, timestamp and keys included; only the "
        "signature, which is never recorded, is computed anew. Without it all is made anew for today",
    )


def run(options: argparse.Namespace) -> int:
    """Run the case again; return 0 when it is good now."""
    return replay(options.what, Request(options.url, options.target, options.report, options.raw), sys.stdout)
