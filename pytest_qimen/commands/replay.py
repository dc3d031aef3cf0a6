"""The id of a case or a case file in; how it ends now and, where a run recorded it, what has changed out."""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pytest_qimen.cases import (
    Case,
    Kind,
    bundled_cases,
    bundled_files,
    drawn_case,
    find_case,
    fitted,
    load_cases,
    plain_id,
)
from pytest_qimen.client.request import MASK
from pytest_qimen.client.transport import Transport
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.commands.resend import send_again
from pytest_qimen.console import plain
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.phrases import Said, say, text_of
from pytest_qimen.reasons import BlockedBy
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.explain import explain
from pytest_qimen.report.merge import RecordedRun, read
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.search.stock import FAMILIES
from pytest_qimen.spec import data_dir
from pytest_qimen.target.model import Target, checked, load_target, with_options
from pytest_qimen.verdict import Level, Status

_HERE = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?(?:[/?][!-~]*)?")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: where to send, and the earlier run; `raw` sends its very bytes again."""

    url: str | None = None
    file: Path | None = None
    report: Path | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    """Prints what is said, in one language."""

    out: TextIO
    language: str

    def __call__(self, *lines: Said) -> None:
        print(*(text_of(line, self.language) for line in lines), sep="\n", file=self.out)


def replay(what: str, asked: Request, out: TextIO, language: str = "en") -> int:
    """Run a case, or all of a file; 0 when it is good, 1 when it is red, 2 when it could not be run.

    Without `raw` messages are made and signed anew: today's time, fresh keys. A drawn message is the one of
    the earlier run. Flows are run whole.
    """
    tell = Teller(out, language)
    record = _recorded_run(asked.report) if asked.report else None
    if Path(what).is_dir():
        raise UsageError(say("replay-folder", what=what))
    what = what if _is_file(what) else plain_id(what)
    if asked.raw and record is None:
        raise UsageError(say("raw-report"))
    with _target(asked, record, tell) as target:
        cases = _cases(what, target)
        one = not _is_file(what)
        found = [_prepared(case, record, alone=one) for case in cases]
        own = {case.id: case for case in cases}
        told = {case.id for case in record.cases} if record else own
        transport = Transport.to(target)
        try:
            session = Session(
                target,
                transport,
                find=lambda name: own.get(name) or _find(name, target),
                reported=lambda name: name in told,
            )
            return _run([case for case in found if case], session, record, asked.raw, tell, one)
        finally:
            transport.close()


def _is_file(what: str) -> bool:
    return what.endswith(".toml")


def _cases(what: str, target: Target) -> Sequence[Case]:
    if not _is_file(what):
        return [_find(what, target)]
    if not Path(what).is_file():
        raise UsageError(say("told", place="replay", why=say("no-file-there", path=what)))
    return fitted(load_cases(Path(what)), target)


def _find(identity: str, target: Target) -> Case:
    """Return the bundled case of this id as the target's profile wants it."""
    path = data_dir("cases").joinpath("/".join(identity.split("/")[:2]) + ".toml")
    kept = fitted(bundled_cases(path), target) if path in bundled_files() else []
    return next((case for case in kept if case.id == identity), None) or find_case(identity)


def _prepared(case: Case, record: RecordedRun | None, *, alone: bool) -> Case | None:
    """Return the case with its steps; None for one of a file of whose messages nothing is recorded."""
    if case.steps:
        return case
    recorded = _recorded(record, case.id)
    if recorded and recorded.drawn:
        return _drawn(case, recorded.drawn)
    if alone:
        known = say("kept-none" if recorded else "name-report")
        raise UsageError(say("replay-draws", case=case.id, known=known))
    return None


def _drawn(case: Case, text: str) -> Case:
    """Return the case with the message of the earlier run; UsageError where it calls other methods."""
    try:
        drawn = drawn_case(case, text)
    except (DataError, TypeError, ValueError, RecursionError):
        raise UsageError(say("report-unreadable", case=case.id)) from None
    strange = {api.method for api in drawn.apis} - _callable(case)
    if strange:
        raise UsageError(say("replay-strange", case=case.id, strange=min(strange)))
    return drawn


def _callable(case: Case) -> set[str]:
    """Return the methods that the messages of a property may call."""
    if case.kind is not Kind.SUMS:
        return {case.method}
    family = FAMILIES[case.method]
    return {*family.moves.values(), family.query}


def _run(
    cases: Sequence[Case],
    session: Session,
    record: RecordedRun | None,
    raw: bool,
    tell: Teller,
    one: bool,
) -> int:
    ended: Counter[Status] = Counter()
    for case in cases:
        recorded = _recorded(record, case.id)
        if one and record and recorded is None:
            raise UsageError(say("report-no-case", case=case.id))
        outcome = _resent(case, session, record, recorded) if raw else session.outcome(case)
        status = outcome.status
        ended[status] += 1
        if one or _is_red(status) or not status.is_judged:
            _tell(outcome, session, tell)
        else:
            tell(f"{status.upper()}  {case.id}")
        if recorded:
            change = say(f"replay-{_change(recorded.status, status)}")
            tell(say("was-is", change=change, was=recorded.status, now=status))
    if not one:
        counts = ", ".join(f"{number} {status}" for status, number in sorted(ended.items()))
        tell(counts or say("no-cases"))
    if any(map(_is_red, ended)):
        return 1
    untried = any(status.is_untested or (one and status is Status.UNSUPPORTED) for status in ended)
    return 2 if not ended or untried else 0


def _is_red(status: Status) -> bool:
    return status.is_red(Level.SHOULD)


def _resent(case: Case, session: Session, record: RecordedRun | None, recorded: CaseRecord | None) -> Outcome:
    if record is None or recorded is None or not recorded.exchanges:
        raise UsageError(say("raw-none", case=case.id))
    if len(recorded.exchanges) < recorded.requests and not recorded.drawn:
        kept = f"{len(recorded.exchanges)} of {recorded.requests}"
        raise UsageError(say("raw-some", kept=kept, case=case.id))
    return send_again(case, session, recorded.exchanges, record.head.url)


def _tell(outcome: Outcome, session: Session, tell: Teller) -> None:
    """The outcome, and that of the case which blocks it."""
    tell(*explain(outcome, tell.language))
    if outcome.status is Status.BLOCKED and isinstance(outcome.reason, BlockedBy):
        blamed = session.outcome(_find(outcome.reason.case, session.target))
        tell("", say("blocked-by-this"), *explain(blamed, tell.language))


def _change(before: Status, now: Status) -> str:
    if before == now:
        return "still-red" if _is_red(now) else "same"
    return "fixed" if _is_red(before) and now in (Status.PASS, Status.INFO) else "differs"


def _recorded_run(path: Path) -> RecordedRun:
    if not (path / "events.jsonl").is_file() and not path.is_file():
        raise UsageError(say("report-no-events", path=str(path)))
    return read(path)


def _recorded(record: RecordedRun | None, identity: str) -> CaseRecord | None:
    return next((case for case in record.cases if case.id == identity), None) if record else None


@contextmanager
def _target(asked: Request, record: RecordedRun | None, tell: Teller) -> Iterator[Target]:
    """Yield the endpoint that is named, else the recorded one of this machine, else the embedded one."""
    target = load_target(asked.file)
    if record and not asked.file:
        target = with_options(target, **_profile(record))
    target = with_options(target, url=asked.url)
    if not target.url and record and not record.head.embedded:
        if MASK in record.head.url:
            raise UsageError(say("report-login"))
        if not _HERE.fullmatch(record.head.url):
            was = plain(record.head.url)
            raise UsageError(say("report-stranger", was=was))
        tell(say("replay-sends", url=record.head.url))
        target = with_options(target, url=record.head.url)
    if target.url:
        yield checked(target, "--url")
        return
    if record:
        tell(say("replay-embedded"))
    with serve() as embedded:
        yield embedded_target(target, embedded)


def _profile(record: RecordedRun) -> dict[str, Any]:
    """Return what the recorded run's target supports, as far as it is recorded."""
    profile = record.head.profile
    if profile is None:
        return {}
    names = ("roles", "methods", "without", "prefixed", "assigns", "readonly", "version", "limits")
    return {name: getattr(profile, name) for name in names}


def add_parser(commands: Subparsers) -> None:
    """Add `qimen replay` to the command line."""
    parser = command(commands, "replay", run, say("help-replay"))
    parser.add_argument("what", metavar="ID|FILE", help=say("help-replay-what"))
    parser.add_argument("--url", help=say("help-replay-url"))
    parser.add_argument("--target", type=Path, help=say("help-replay-target"))
    parser.add_argument("--report", type=Path, help=say("help-replay-report"))
    parser.add_argument(
        "--raw",
        action="store_true",
        help=say("help-replay-raw"),
    )


def run(options: argparse.Namespace) -> int:
    """Run the case again; return 0 when it is good now."""
    asked = Request(options.url, options.target, options.report, options.raw)
    return replay(options.what, asked, sys.stdout, options.language)
