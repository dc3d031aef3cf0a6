"""What a certificate says of what a system sends: claimed, tested, waited for, attested, left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.caller_musts import SENT, is_of_side, left_out, never_sent, not_testable
from pytest_qimen.report.caller_record import CallerRecord
from pytest_qimen.report.case_record import attested_from_json, attested_to_json
from pytest_qimen.report.members import Members, Unfit, as_whole
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import Json
from pytest_qimen.report.scope import (
    Rows,
    counts_of,
    listed,
    rows_from_json,
    rows_of,
    rows_to_json,
    times_of,
    told,
    told_counts,
)
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Attested, Status


@dataclass(frozen=True, slots=True)
class CallerScope:
    """The member `caller` of a certificate; `untested` names the cases below a must that nothing showed,
    `not_applicable` the musts about what it may leave out and never sent, with why it may."""

    claims: CallerRecord
    level: str
    methods: tuple[str, ...]
    attested: tuple[Attested, ...]
    untested: tuple[str, ...]
    left_out: Rows
    not_testable: tuple[str, ...]
    not_applicable: dict[str, Text]
    seed: str
    counts: dict[str, int]
    run: tuple[str, ...]

    @classmethod
    def of_run(cls, run: RecordedRun) -> Self:
        """Return what a run covers that has ended."""
        claims = run.head.caller
        assert claims
        sent = (case.api for case in run.cases if case.id.startswith(SENT) and case.status.is_good)
        attested = (one for case in run.cases if case.showing for one in case.showing.attested)
        return cls(
            claims,
            run.head.level.value,
            tuple(sorted(sent)),
            tuple(dict.fromkeys(attested)),
            tuple(sorted(case.id for case in run.cases if case.status is Status.UNTESTED)),
            rows_of(case for case in run.cases if left_out(case) and is_of_side(case, claims)),
            tuple(not_testable(claims)),
            {one.id: one.optional for one in never_sent(run, claims) if one.optional},
            run.head.seed,
            counts_of(run.cases),
            (run.head.started, run.ended or ""),
        )

    def to_json(self) -> Json:
        """Return the members."""
        return {
            **self.claims.to_json(),
            "level": self.level,
            "methods": list(self.methods),
            "attested": [attested_to_json(one) for one in self.attested],
            "untested": list(self.untested),
            **rows_to_json(self.left_out),
            "not_testable": list(self.not_testable),
            "not_applicable": {
                name: {"zh": why.zh, "en": why.en} for name, why in self.not_applicable.items()
            },
            "seed": self.seed,
            "counts": self.counts,
            "run": list(self.run),
        }

    @classmethod
    def from_json(cls, found: object) -> Self:
        """Return the scope; Unfit for what is none."""
        members = Members(found, "caller")
        run = times_of(members)
        if not run:
            raise Unfit(say("member-run"))
        return cls(
            CallerRecord.from_json(members),
            members.text("level"),
            members.texts("methods"),
            members.list_of("attested", attested_from_json),
            members.texts("untested"),
            rows_from_json(members),
            members.texts("not_testable"),
            members.named("not_applicable", _text, optional=True),
            members.text("seed"),
            members.named("counts", as_whole),
            run,
        )

    def phrases(self) -> Iterator[Phrase]:
        """Yield what people read, a line each; what is not there is said, too."""
        yield say("scope-run", started=self.run[0], ended=self.run[1])
        yield say("scope-level", level=self.level)
        yield from self.claims.phrases()
        yield say("scope-sent", number=len(self.methods), methods=listed(self.methods))
        for one in self.attested:
            yield say("scope-attested", id=one.requirement, name=one.name, sentence=one.sentence)
        if not self.attested:
            yield say("scope-attested-none")
        yield from told(self.left_out)
        yield say("scope-untested", number=len(self.untested), names=listed(self.untested))
        for name, why in self.not_applicable.items():
            yield say("scope-not-applicable", id=name, en=why.en, zh=why.zh)
        yield say("scope-not-testable", number=len(self.not_testable), names=listed(self.not_testable))
        yield told_counts(self.counts)


def _text(found: object, place: str) -> Text:
    """Return a sentence in both languages; Unfit for what is none."""
    members = Members(found, place)
    return Text(members.text("zh"), members.text("en"))
