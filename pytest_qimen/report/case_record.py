"""The line of events.jsonl that says how a case ended, with its findings and exchanges."""

import base64
from dataclasses import dataclass, replace
from typing import Any

from pytest_qimen.phrases import Phrase, Said, say, text_of
from pytest_qimen.reasons import Reason, Told
from pytest_qimen.report.members import Members, Unfit, as_number, as_pair
from pytest_qimen.report.record import Json, Pairs
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Attested, Evidence, Finding, Level, Showing, Status


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request as it was sent; sign and session are masked, `delivery` says how where it was unusual."""

    http_method: str
    url: str
    headers: Pairs
    params: Pairs
    body: bytes
    delivery: str = ""

    def to_json(self) -> Json:
        """Return the members."""
        line = {
            "http_method": self.http_method,
            "url": self.url,
            "headers": [list(pair) for pair in self.headers],
            "params": [list(pair) for pair in self.params],
            "body": base64.b64encode(self.body).decode(),
        }
        return line | ({"delivery": self.delivery} if self.delivery else {})

    @classmethod
    def from_json(cls, found: Any, place: str) -> "RequestRecord":
        """Return the record; Unfit for what is none."""
        members = Members(found, place)
        return cls(
            members.text("http_method"),
            members.text("url"),
            members.list_of("headers", as_pair),
            members.list_of("params", as_pair),
            members.body("body"),
            members.text("delivery", ""),
        )


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """A request and its answer; `step` is 0 for the clean-up, `id` the name that JUnit uses."""

    id: str
    step: int
    request: RequestRecord
    status: int | None
    headers: Pairs
    body: bytes
    seconds: float
    error: str | None

    def to_json(self) -> Json:
        """Return the members."""
        return {
            "id": self.id,
            "step": self.step,
            "request": self.request.to_json(),
            "status": self.status,
            "headers": [list(pair) for pair in self.headers],
            "body": base64.b64encode(self.body).decode(),
            "seconds": self.seconds,
            "error": self.error,
        }

    @classmethod
    def from_json(cls, found: Any, place: str) -> "ExchangeRecord":
        """Return the record; Unfit for what is none."""
        members = Members(found, place)
        return cls(
            members.text("id", ""),
            members.whole("step") if "step" in members else 0,
            RequestRecord.from_json(found.get("request"), members.place("request")),
            members.maybe_whole("status"),
            members.list_of("headers", as_pair),
            members.body("body"),
            members.number("seconds"),
            members.maybe_text("error"),
        )


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """How a case ended; the exchanges are in it where something is to be shown."""

    id: str
    file: str
    method: str
    role: str
    family: str
    level: Level
    title: Text | None
    requirements: tuple[str, ...]
    clause: str
    status: Status
    reason: Reason | None
    findings: tuple[Finding, ...]
    requests: int
    seconds: float
    times: tuple[float, ...] = ()
    exchanges: tuple[ExchangeRecord, ...] = ()
    drawn: str = ""
    showing: Showing | None = None

    @property
    def is_of_caller(self) -> bool:
        """Return True for a case of what a system sends."""
        return self.id.startswith("callers/")

    @property
    def tested(self) -> tuple[str, ...]:
        """Return the requirements that the case judged; those of the case, where it is no scenario."""
        return self.showing.shown if self.showing else self.requirements if self.status.is_judged else ()

    @property
    def cause(self) -> str:
        """Return the reason in English; empty where there is none."""
        return str(self.reason) if self.reason else ""

    @property
    def api(self) -> str:
        """Return `role/method`."""
        return f"{self.role}/{self.method}"

    def without_evidence(self) -> "CaseRecord":
        """Return the record without its exchanges, for what is kept in memory until the end."""
        return replace(self, exchanges=(), drawn="") if self.exchanges or self.drawn else self

    def to_result(self) -> Json:
        """Return the members that results.json holds."""
        line = {
            "id": self.id,
            "method": self.method,
            "role": self.role,
            "level": self.level.value,
            "family": self.family,
            "requirements": list(self.requirements),
            "status": self.status.value,
            "cause": self.cause,
            "findings": [finding_to_result(found) for found in self.findings],
            "requests": self.requests,
            "seconds": self.seconds,
        }
        return line | (showing_to_json(self.showing) if self.showing else {})

    def to_json(self) -> Json:
        """Return the line."""
        line = {
            "type": "case",
            **self.to_result(),
            "findings": [finding_to_json(found) for found in self.findings],
            "file": self.file,
            "title": {"zh": self.title.zh, "en": self.title.en} if self.title else None,
            "clause": self.clause,
            "times": list(self.times),
        }
        if self.reason:
            line["reason"] = self.reason.to_json()
        if self.exchanges:
            line["exchanges"] = [one.to_json() for one in self.exchanges]
        if self.drawn:
            line["drawn"] = self.drawn
        return line

    @classmethod
    def from_json(cls, found: Any) -> "CaseRecord":
        """Return the record; Unfit for what is none."""
        members = Members(found)
        title = found.get("title")
        titles = Members(title, "title") if title is not None else None
        return cls(
            id=members.text("id"),
            file=members.text("file", ""),
            method=members.text("method"),
            role=members.text("role"),
            family=members.text("family"),
            level=members.one_of("level", Level),
            title=Text(titles.text("zh"), titles.text("en")) if titles else None,
            requirements=members.texts("requirements"),
            clause=members.text("clause", ""),
            status=members.one_of("status", Status),
            reason=_reason(members),
            findings=members.list_of("findings", finding_from_json),
            requests=members.whole("requests"),
            seconds=members.number("seconds"),
            times=members.list_of("times", as_number, optional=True),
            exchanges=members.list_of("exchanges", ExchangeRecord.from_json, optional=True),
            drawn=members.text("drawn", ""),
            showing=_showing(members),
        )


def _reason(members: Members) -> Reason | None:
    """Return the typed reason, or the text of one that an earlier version wrote."""
    cause = members.text("cause")
    return members.reason("reason") or (Told(cause) if cause else None)


def showing_to_json(found: Showing) -> Json:
    """Return the members that say what a scenario rests on."""
    line: Json = {"evidence": found.evidence.value, "shown": list(found.shown)}
    attested = [attested_to_json(one) for one in found.attested]
    return line | ({"attested": attested} if attested else {})


def _showing(members: Members) -> Showing | None:
    if "evidence" not in members:
        return None
    attested = members.list_of("attested", attested_from_json, optional=True)
    return Showing(members.one_of("evidence", Evidence), members.texts("shown"), attested)


def attested_to_json(found: Attested) -> Json:
    """Return what a person said."""
    return {"requirement": found.requirement, "name": found.name, "sentence": found.sentence}


def attested_from_json(found: Any, place: str) -> Attested:
    """Return what a person said; Unfit for what is none."""
    members = Members(found, place)
    return Attested(members.text("requirement"), members.text("name"), members.text("sentence"))


def finding_to_result(found: Finding) -> Json:
    """Return the members of a finding that results.json holds, its words in English."""
    return {
        "check": found.check,
        "level": found.level.value,
        "path": found.path,
        "expected": text_of(found.expected),
        "actual": text_of(found.actual),
        "clause": found.clause,
        "step": found.step,
    }


def finding_to_json(found: Finding) -> Json:
    """Return the members of a finding, and its words as phrases where they are the suite's."""
    line = finding_to_result(found)
    said = {name: getattr(found, name) for name in ("expected", "actual")}
    phrases = {name: one.to_json() for name, one in said.items() if isinstance(one, Phrase)}
    return line | ({"phrases": phrases} if phrases else {})


def finding_from_json(found: Any, place: str) -> Finding:
    """Return the finding; Unfit for what is none."""
    members = Members(found, place)
    phrases = Members(found["phrases"], members.place("phrases")).found if "phrases" in members else {}

    def said(name: str) -> Said:
        text = members.text(name)
        if name not in phrases:
            return text
        try:
            return Phrase.from_json(phrases[name])
        except (ValueError, RecursionError) as error:
            raise Unfit(say("told-at", place=members.place("phrases"), name=name, error=str(error))) from None

    return Finding(
        check=members.text("check"),
        level=members.one_of("level", Level),
        path=members.text("path"),
        expected=said("expected"),
        actual=said("actual"),
        clause=members.text("clause"),
        step=members.whole("step"),
    )
