"""What a certificate covers: where, when, which methods, what is left out and why, with which values."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from pytest_qimen.phrases import Phrase, say
from pytest_qimen.reasons import ByProfile, Reason, Told, reason_from_json
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.members import Members, Unfit, as_whole
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import Json, Profile

Rows: TypeAlias = tuple[tuple[Reason, int], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The members of a certificate that say what was tested; `left_out` counts the cases of each reason."""

    url: str
    level: str
    methods: tuple[str, ...]
    left_out: Rows
    not_testable: tuple[str, ...]
    profile: Profile | None
    run: tuple[str, ...]
    seed: str
    counts: dict[str, int]

    @classmethod
    def of_run(cls, run: RecordedRun, left_out: Iterable[CaseRecord], not_testable: Sequence[str]) -> "Scope":
        """Return what a run covers that has ended."""
        return cls(
            run.head.url,
            run.head.level.value,
            tuple(sorted({case.api for case in run.cases if case.status.is_good})),
            rows_of(left_out),
            tuple(not_testable),
            run.head.profile,
            (run.head.started, run.ended or ""),
            run.head.seed,
            counts_of(run.cases),
        )

    def to_json(self) -> Json:
        """Return the members."""
        return {
            "url": self.url,
            "level": self.level,
            "methods": list(self.methods),
            **rows_to_json(self.left_out),
            "not_testable": list(self.not_testable),
            "profile": self.profile.to_json() if self.profile else None,
            "run": list(self.run),
            "seed": self.seed,
            "counts": self.counts,
        }

    @classmethod
    def from_json(cls, members: Members) -> "Scope":
        """Return the scope; Unfit for what is none. A certificate of an earlier version says less."""
        profile = members.found.get("profile")
        return cls(
            members.text("url", ""),
            members.text("level", ""),
            members.texts("methods", optional=True),
            rows_from_json(members),
            members.texts("not_testable", optional=True),
            None if profile is None else Profile.from_json(profile),
            times_of(members),
            members.text("seed"),
            members.named("counts", as_whole),
        )

    def phrases(self) -> Iterator[Phrase]:
        """Yield what people read, a line each; what is not there is said, too."""
        if self.url:
            yield say("scope-url", url=self.url)
        if self.run:
            yield say("scope-run", started=self.run[0], ended=self.run[1])
        if self.level:
            yield say("scope-level", level=self.level)
        roles = Counter(name.partition("/")[0] for name in self.methods)
        yield say("scope-roles", roles=listed(f"{role} ({count})" for role, count in roles.items()))
        yield say("scope-methods", number=len(self.methods), methods=listed(self.methods))
        yield from self._of_profile(self.profile or Profile())
        yield from told(self.left_out)
        yield say("scope-not-testable", number=len(self.not_testable), names=listed(self.not_testable))
        yield say("scope-seed", seed=self.seed)
        yield told_counts(self.counts)

    def _of_profile(self, profile: Profile) -> Iterator[Phrase]:
        claimed = say("scope-claimed", roles=listed(profile.roles), methods=listed(profile.methods))
        if self.profile:
            yield claimed
        yield say("scope-without", methods=listed(profile.without))
        yield say("scope-limits", limits=listed(f"{key} = {most}" for key, most in profile.limits.items()))
        yield say("scope-pins", names=listed(profile.pinned))
        yield say("scope-assigns", names=listed(profile.assigns))
        if self.profile:
            yield say("scope-wire", version=profile.version, roles=listed(profile.prefixed))


def counts_of(cases: Iterable[CaseRecord]) -> dict[str, int]:
    """Return how many cases ended in each status."""
    return dict(sorted(Counter(case.status.value for case in cases).items()))


def told_counts(counts: Mapping[str, int]) -> Phrase:
    """Return how the cases ended, in words."""
    return say(
        "certificate-counts", counts=", ".join(f"{count} {status}" for status, count in counts.items())
    )


def rows_of(left_out: Iterable[CaseRecord]) -> Rows:
    """Return each reason why cases were left out, and how many."""
    reasons = Counter(case.reason for case in left_out if case.reason)
    return tuple(sorted(reasons.items(), key=lambda row: str(row[0])))


def rows_to_json(rows: Rows) -> Json:
    """Return the members for what was left out."""
    return {
        "left_out": {str(reason): count for reason, count in rows},
        "reasons": {str(reason): reason.to_json() for reason, _ in rows},
    }


def rows_from_json(members: Members) -> Rows:
    """Return what was left out; Unfit for what is none."""
    counts = members.named("left_out", as_whole, optional=True)
    reasons = members.named("reasons", _reason, optional=True)
    return tuple((reasons.get(words, Told(words)), count) for words, count in counts.items())


def told(rows: Rows) -> Iterator[Phrase]:
    """Yield what was left out, a line for each kind of reason that a target file gives."""
    kinds: dict[object, list[Reason]] = {}
    counts: Counter[object] = Counter()
    for reason, count in rows:
        of = type(reason) if isinstance(reason, ByProfile) else reason
        kinds.setdefault(of, []).append(reason)
        counts[of] += count
    for kind, (first, *others) in kinds.items():
        said = first.together(others) if others and isinstance(first, ByProfile) else first.said()
        yield say("scope-left-out", number=counts[kind], reason=said)


def times_of(members: Members) -> tuple[str, ...]:
    """Return when a run began and ended; Unfit for what is no time."""
    run = members.texts("run", optional=True)
    if run and (len(run) != 2 or not all(map(_is_time, run))):
        raise Unfit(say("member-run"))
    return run


def listed(names: Iterable[str]) -> Phrase | str:
    """Return the names with commas between them; a word for none."""
    return ", ".join(names) or say("scope-none")


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _reason(value: object, place: str) -> Reason:
    try:
        return reason_from_json(value)
    except (ValueError, RecursionError) as error:
        raise Unfit(say("told", place=place, why=str(error))) from None


def day(time: str) -> date:
    """Return the day of a time in ISO 8601, where it was taken."""
    return datetime.fromisoformat(time).date()
