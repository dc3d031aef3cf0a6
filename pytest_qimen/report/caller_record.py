"""What a target file says of a system that sends, as the first line of events.jsonl keeps it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.members import Members, Unfit, as_whole
from pytest_qimen.target.caller import SIDES, CallerProfile

Json = dict[str, Any]
WINDOWS = ("ask", "retry", "quiet")


@dataclass(frozen=True, slots=True)
class CallerRecord:
    """What was claimed and how long was waited: `url` is where the calls were heard, windows in seconds.

    `driver` is "command", "url" or empty; `person` says that somebody was asked and could attest.
    """

    url: str
    sides: tuple[str, ...]
    sends: tuple[str, ...]
    without: tuple[str, ...]
    retries: bool
    windows: Mapping[str, int]
    most_a_minute: int
    driver: str = ""
    person: bool = False

    @classmethod
    def of(cls, profile: CallerProfile, url: str, *, person: bool = False) -> Self:
        """Return what counts of a profile."""
        driver = profile.driver
        return cls(
            url,
            profile.sides,
            profile.sends,
            profile.without,
            profile.retries,
            {name: int(getattr(profile, name)) for name in WINDOWS},
            profile.most_a_minute,
            "" if driver is None else "command" if driver.command else "url",
            person,
        )

    @property
    def profile(self) -> CallerProfile:
        """Return what is claimed to be sent."""
        return CallerProfile(self.sides, self.sends, self.without, self.retries)

    def to_json(self) -> Json:
        """Return the members."""
        return {
            "url": self.url,
            "sides": list(self.sides),
            "sends": list(self.sends),
            "without": list(self.without),
            "retries": self.retries,
            "windows": dict(self.windows),
            "most_a_minute": self.most_a_minute,
            "driver": self.driver,
            "person": self.person,
        }

    @classmethod
    def from_json(cls, members: Members) -> Self:
        """Return the record; Unfit for what is none."""
        sides = members.texts("sides")
        if not sides or not {*sides} <= {*SIDES}:
            raise Unfit(say("member-sides", place=members.place("sides"), sides=", ".join(SIDES)))
        return cls(
            members.text("url"),
            sides,
            members.texts("sends"),
            members.texts("without"),
            members.flag("retries"),
            members.named("windows", as_whole),
            members.whole("most_a_minute"),
            members.text("driver"),
            members.flag("person"),
        )

    def phrases(self) -> Iterator[Phrase]:
        """Yield what people read, a line each."""
        yield say("scope-heard", url=self.url)
        yield say("scope-sides", sides=", ".join(self.sides), sends=", ".join(self.sends))
        yield say("scope-unsent", methods=", ".join(self.without) or say("scope-none"))
        windows = ", ".join(f"{name} {seconds} s" for name, seconds in self.windows.items())
        yield say("scope-windows", windows=windows, most=self.most_a_minute)
        yield say("scope-retries" if self.retries else "scope-no-retries")
        who = [say(f"scope-driver-{self.driver}")] if self.driver in ("command", "url") else []
        who += [say("scope-person")] if self.person else []
        yield who[0] if len(who) == 1 else say("joined", parts=tuple(who)) if who else say("scope-by-itself")
