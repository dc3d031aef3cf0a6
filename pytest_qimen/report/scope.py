"""What a certificate covers: where, when, which methods, what is left out and why, with which values."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pytest_qimen.phrases import Phrase, say
from pytest_qimen.reasons import Reason, Told, reason_from_json
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.members import Members, Unfit, as_whole
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import Json, Profile


@dataclass(frozen=True, slots=True)
class Scope:
    """The members of a certificate that say what was tested; `left_out` counts the cases of each reason."""

    url: str
    level: str
    methods: tuple[str, ...]
    left_out: tuple[tuple[Reason, int], ...]
    not_testable: tuple[str, ...]
    profile: Profile | None
    run: tuple[str, ...]

    @classmethod
    def of_run(cls, run: RecordedRun, left_out: Iterable[CaseRecord], not_testable: Sequence[str]) -> "Scope":
        """Return what a run covers that has ended."""
        reasons = Counter(case.reason for case in left_out if case.reason)
        return cls(
            run.head.url,
            run.head.level.value,
            tuple(sorted({case.api for case in run.cases if case.status.is_good})),
            tuple(sorted(reasons.items(), key=lambda row: str(row[0]))),
            tuple(not_testable),
            run.head.profile,
            (run.head.started, run.ended or ""),
        )

    def to_json(self) -> Json:
        """Return the members."""
        return {
            "url": self.url,
            "level": self.level,
            "methods": list(self.methods),
            "left_out": {str(reason): count for reason, count in self.left_out},
            "reasons": {str(reason): reason.to_json() for reason, _ in self.left_out},
            "not_testable": list(self.not_testable),
            "profile": self.profile.to_json() if self.profile else None,
            "run": list(self.run),
        }

    @classmethod
    def from_json(cls, members: Members) -> "Scope":
        """Return the scope; Unfit for what is none. A certificate of an earlier version says less."""
        counts = members.named("left_out", as_whole, optional=True)
        reasons = members.named("reasons", _reason, optional=True)
        profile = members.found.get("profile")
        run = members.texts("run", optional=True)
        if run and (len(run) != 2 or not all(map(_is_time, run))):
            raise Unfit(say("member-run"))
        return cls(
            members.text("url", ""),
            members.text("level", ""),
            members.texts("methods", optional=True),
            tuple((reasons.get(words, Told(words)), count) for words, count in counts.items()),
            members.texts("not_testable", optional=True),
            None if profile is None else Profile.from_json(profile),
            run,
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
        yield say("scope-roles", roles=_listed(f"{role} ({count})" for role, count in roles.items()))
        yield say("scope-methods", number=len(self.methods), methods=_listed(self.methods))
        yield from self._of_profile(self.profile or Profile())
        for reason, count in self.left_out:
            yield say("scope-left-out", number=count, reason=reason.said())
        yield say("scope-not-testable", number=len(self.not_testable), names=_listed(self.not_testable))

    def _of_profile(self, profile: Profile) -> Iterator[Phrase]:
        claimed = say("scope-claimed", roles=_listed(profile.roles), methods=_listed(profile.methods))
        if self.profile:
            yield claimed
        yield say("scope-without", methods=_listed(profile.without))
        yield say("scope-limits", limits=_listed(f"{key} = {most}" for key, most in profile.limits.items()))
        yield say("scope-pins", names=_listed(profile.pinned))
        yield say("scope-assigns", names=_listed(profile.assigns))
        if self.profile:
            yield say("scope-wire", version=profile.version, roles=_listed(profile.prefixed))


def _listed(names: Iterable[str]) -> Phrase | str:
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
