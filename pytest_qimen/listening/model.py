"""What goes from the port to the judge, and from the judge to whoever reports it."""

from dataclasses import dataclass, field
from datetime import datetime

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.checks.spellings import hidden
from pytest_qimen.console import plain
from pytest_qimen.phrases import Phrase, say, text_of
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Finding, Status, status_of

LONGEST_WORDS = 300  # characters of what a finding says
LONGEST = 80  # characters of a method or key that the other side chose


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that was answered: it and its answer, and the seconds from the one to the other.

    `no_http` is the reason why what arrived is no HTTP request; then the body of `heard` holds its bytes.
    """

    number: int
    heard: Heard
    seconds: float = 0.0
    no_http: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A call that was judged: what is wrong with it, and in `answer` with what was answered to it.

    `trouble` is why it could not be judged, which is not the caller's fault; `secrets` are shown nowhere.
    """

    arrival: Arrival
    call: Call
    findings: tuple[Finding, ...] = ()
    answer: tuple[Finding, ...] = ()
    trouble: Phrase | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def number(self) -> int:
        """Return the place of the call in the order of arrival, from 1."""
        return self.arrival.number

    @property
    def at(self) -> datetime | None:
        """Return when it arrived, None where a recording does not say."""
        return self.arrival.heard.at

    @property
    def api(self) -> Api | None:
        """Return the method, None where the call names none of the documents."""
        return self.call.api

    @property
    def method(self) -> str:
        """Return the method as it was named, without what a terminal may not have; - for none."""
        return self._shown(self.call.get("method")) or "-"

    @property
    def key(self) -> str:
        """Return the first key of the message, without what a terminal may not have; - for none."""
        return next((self._shown(one.value) for one in self.call.keys), "-")

    def _shown(self, text: str) -> str:
        return plain(hidden(text, self.secrets))[:LONGEST]

    @property
    def status(self) -> Status:
        """Return how the call fared: error where it could not be judged, else by its worst finding."""
        return Status.ERROR if self.trouble else status_of(self.findings)

    def __str__(self) -> str:
        """Return the call and what is wrong with it, worst first, in English."""
        shown = sorted((one for one in self.findings if one.level.is_judged), key=lambda one: one.level.rank)
        words = [text_of(told(one)) for one in shown]
        said = [str(self.trouble)] if self.trouble else words
        return "\n  ".join((f"#{self.number} {self.method} {self.key}: {self.status}", *said))

    __repr__ = __str__

    @property
    def sent(self) -> frozenset[str]:
        """Return the paths of the message's fields that came with a value."""
        root, api = self.call.root, self.api
        return frozenset(_paths(api, root, "")) if root is not None and api else frozenset()


def told(found: Finding, language: str = "en") -> Phrase:
    """Return a finding in one line, what the other side said cut short."""
    return say(
        "judge-finding",
        level=found.level.value,
        check=found.check,
        path=plain(found.path)[:LONGEST_WORDS] or "-",
        expected=plain(text_of(found.expected, language))[:LONGEST_WORDS],
        actual=plain(text_of(found.actual, language))[:LONGEST_WORDS],
    )


def line(judged: Judged, language: str = "en") -> str:
    """Return the call in one line: time, method, key, verdict, and the worst that is wrong with it."""
    head = say(
        "listen-call",
        time=f"{judged.at:%H:%M:%S}" if judged.at else "-",
        method=judged.method,
        key=judged.key,
        verdict=judged.status.value,
    ).text(language)
    worst = min((*judged.findings, *judged.answer), key=lambda one: one.level.rank, default=None)
    if judged.trouble:
        return f"{head} {judged.trouble.text(language)}"
    return f"{head} {told(worst, language).text(language)}" if worst and worst.level.is_judged else head


def _paths(api: Api, element: xml.Element, path: str) -> set[str]:
    found: set[str] = set()
    rows = api.request.by_path
    for child in element.iterchildren("*"):
        name = f"{path}.{xml.name(child)}" if path else xml.name(child)
        name = name if name in rows else f"{name}[]"
        if name not in rows:
            continue
        if len(child):
            found |= {name} | _paths(api, child, name)
        elif xml.text(child).strip():
            found.add(name)
    return found
