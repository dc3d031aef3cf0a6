"""Halves in, a certificate out, signed when there is a key; a certificate file in, what it is worth out.

A certificate covers what the target's profile claims: what an endpoint answers, what a system sends, or both.
It states what the profile leaves out or pins, and is refused for whatever else was not tested.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.console import plain
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.report import caller_musts, ed25519
from pytest_qimen.report.caller_musts import left_out
from pytest_qimen.report.caller_scope import CallerScope
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.certificate_file import FORMAT, VERDICT, Certificate, read_certificate
from pytest_qimen.report.halves import BOTH, Halves
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import Json, Profile
from pytest_qimen.report.results import gaps, suite, verdict
from pytest_qimen.report.scope import Scope, day
from pytest_qimen.spec import data_dir
from pytest_qimen.verdict import Level, Status

DAYS = 365


def issue(
    halves: Halves,
    *,
    key: Path | None = None,
    days: int = DAYS,
    today: date | None = None,
    language: str = "en",
) -> dict[str, Any]:
    """Return the certificate, valid for so many days from the end of the run that ended first.

    UsageError has every reason why there is none, or why the key cannot sign.
    """
    if days < 1:
        raise UsageError(say("certificate-days", days=days))
    if reasons := list(_refusals(halves)):
        raise UsageError(say("certificate-refused", reasons=tuple(reasons)))
    today = today or date.today()
    ended = min(run.ended for run in halves.runs() if run.ended)
    expires = day(ended) + timedelta(days)
    if expires <= today:
        raise UsageError(say("certificate-old", ended=ended, days=days))
    head = next(halves.runs()).head
    body = {
        "format": FORMAT,
        "kind": halves.kind,
        "verdict": VERDICT,
        "suite": head.suite.to_json(),
        "requirements": requirements_digest(),
        "target": head.target,
        **(_scope_of(halves.endpoint).to_json() if halves.endpoint else {}),
        **({"caller": CallerScope.of_run(halves.caller).to_json()} if halves.caller else {}),
        "issued": str(today),
        "expires": str(expires),
    }
    if key:
        return {"certificate": body, "signature": ed25519.sign(to_bytes(body), key)}
    return {"certificate": body, "signature": None, "note": say("certificate-unsigned").text(language)}


def _scope_of(run: RecordedRun) -> Scope:
    """Return what a run of an endpoint covers."""
    hidden = [one.id for one in load_requirements().values() if one.level is Level.MUST and one.untested]
    return Scope.of_run(run, filter(left_out, run.cases), hidden)


def requirements_digest() -> str:
    """Return what the requirements of both halves are, as sixteen hexadecimal digits."""
    folder, digest = data_dir("cases"), hashlib.sha256()
    for path in (folder / "requirements.toml", *sorted((folder / "callers").glob("*.toml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _refusals(halves: Halves) -> Iterator[Phrase]:
    """Yield every reason why the runs are no evidence of conformance; of two halves each says which it is."""
    for run in halves.runs():
        side = say(f"half-{run.head.side}")
        for reason in _objections(run):
            yield say("half-refused", side=side, reason=reason) if halves.kind == BOTH else reason


def _objections(run: RecordedRun) -> Iterator[Phrase]:
    """Yield every reason why one half is no evidence of conformance."""
    head, cases = run.head, run.cases
    if run.ended is None:
        yield say("broke-off")
    if head.suite != suite():
        yield say("other-suite", its=str(head.suite), mine=str(suite()))
        return
    said = verdict(cases, head.level, run.ended is not None, head.shards)
    if said != "conformant":
        yield say("verdict-is", verdict=say(said))
    yield from gaps(cases, head.shards)
    yield from caller_musts.objections(run) if head.side == "caller" else _of_musts(cases, head.profile)
    if not any(case.status.is_good and case.level is Level.MUST for case in cases):
        yield say("no-must")


def _of_musts(cases: Sequence[CaseRecord], profile: Profile | None) -> Iterator[Phrase]:
    """Yield what is wrong with the musts of what an endpoint claims."""
    ran = {case.id for case in cases}
    musts = [case for case in cases if case.level is Level.MUST]
    yield from _some(say("filtered-out"), [name for name in _musts(profile or Profile()) if name not in ran])
    for status in caller_musts.BAD:
        yield from _some(status.value, [case.id for case in musts if case.status is status])
    skipped = [case for case in musts if case.status is Status.UNSUPPORTED and not left_out(case)]
    for cause, count in Counter(case.cause for case in skipped).items():
        yield say("musts-skipped", number=count, cause=cause)


def _musts(profile: Profile) -> Iterator[str]:
    """Yield the musts that a run must have, those of roles and methods that are claimed."""
    for case in (case for path in bundled_files() for case in bundled_cases(path)):
        if case.level is Level.MUST and all(map(profile.supports, case.apis)):
            yield case.id


def _some(word: Said, names: list[str]) -> Iterator[Phrase]:
    """Yield `3 must cases blocked (the first, …)`; nothing for none."""
    if names:
        several = len(names) > 1
        first = f"{names[0]}{', …' * several}"
        yield say("musts-so" if several else "must-so", number=len(names), word=word, first=first)


def to_bytes(body: Json) -> bytes:
    """Return what is signed: the body as JSON, members in order, no blanks, UTF-8."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def opened(path: Path, *, key: Path | None = None, today: date | None = None) -> Certificate:
    """Return a certificate that is worth something: DataError for none, a changed or an expired one.

    With `key`, a PEM file with the issuer's public key, it must be signed by it. Without one the signature
    only shows that nothing was changed since whoever holds the printed key signed.
    """
    today = today or date.today()
    found = read_certificate(path, today)
    if found.signature is not None:
        ed25519.check(path, to_bytes(found.body), found.signature, key)
    elif key is not None:
        raise DataError(path, "signature", say("signature-missing"))
    if found.expires < today:
        raise DataError(path, "expires", say("certificate-expired", expires=str(found.expires)))
    return found


def told(found: Certificate, compared: bool, language: str = "en") -> list[str]:
    """Return what a certificate says, in lines; `compared` with the issuer's key, or only with its own."""
    who = say("certificate-unsigned")
    if found.signature is not None:
        word = "certificate-signed" if compared else "certificate-compare"
        who = say(word, key=ed25519.shown(found.signature))
    of_suite = {"suite": str(found.suite), "requirements": found.requirements, "issued": str(found.issued)}
    said = [
        say("certificate-valid", target=found.target, start=str(found.start), end=str(found.expires)),
        say(f"certificate-covers-{found.kind}"),
        *(found.endpoint.phrases() if found.endpoint else ()),
        *([say("certificate-of-caller"), *found.caller.phrases()] if found.caller else ()),
        say("certificate-suite", **of_suite),
        who,
    ]
    return [plain(one.text(language)) for one in said]


def verify(path: Path, *, key: Path | None = None, today: date | None = None) -> list[str]:
    """Return what a certificate says, in lines of English; DataError as `opened` raises it."""
    return told(opened(path, key=key, today=today), key is not None)
