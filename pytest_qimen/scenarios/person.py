"""Questions to a person in, what they press on the live page out: a person in the place of a driver."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_qimen.cases.scenario import OUTCOMES, Attest, Report
from pytest_qimen.console import plain
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.scenarios.driver import Cannot, Task, Told
from pytest_qimen.scenarios.play import Play
from pytest_qimen.verdict import Evidence

LONGEST_NAME, LONGEST_NOTE = 100, 500  # characters
GLANCE = 0.1  # seconds between two looks at whether the call came already
Json = dict[str, Any]
_LATER: dict[str, Callable[[str], Phrase]] = {
    "resend": lambda key: say("person-resend", key=key),
    "change": lambda key: say("person-change", key=key),
    "cancel": lambda key: say("person-cancel", key=key),
    "read": lambda key: say("person-read", key=key),
}
Words = tuple[str, str]  # in Chinese and in English


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: to `do` something, what the system shows (`see`), or whether a sentence holds.

    `key` names the document, empty for a new one; `values` are names of figures to be read off. `task` is one
    of TASKS where something is to be done, `method` what the system should send then.
    """

    kind: str
    scenario: str
    title: Words
    words: Words
    key: str = ""
    values: tuple[str, ...] = ()
    task: str = ""
    method: str = ""


@dataclass(slots=True)
class _Open:
    """A question that waits for its answer until `until` on the monotonic clock."""

    number: int
    question: Question
    until: float
    answer: Json | None = None


@dataclass
class Person:
    """Whoever sits before the live page; is asked one thing at a time. `changed` hears of every new state."""

    changed: Callable[[], None] = lambda: None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _change: threading.Condition = field(default_factory=threading.Condition)
    _open: _Open | None = None
    _number: int = 0
    _closed: bool = False

    def now(self) -> Json | None:
        """Return what the person is asked now, with the seconds that are left; None for nothing."""
        with self._change:
            one = self._open
            if one is None:
                return None
            asked = one.question
            return {
                "number": one.number,
                "kind": asked.kind,
                "scenario": asked.scenario,
                "title": list(asked.title),
                "words": list(asked.words),
                "key": asked.key,
                "values": list(asked.values),
                "do": asked.task,
                "method": asked.method,
                "seconds": max(0.0, round(one.until - time.monotonic(), 1)),
            }

    def ask(
        self, question: Question, seconds: float, arrived: Callable[[], bool] = lambda: False
    ) -> Json | None:
        """Return what was pressed; None where the time is over, or `arrived` says that nobody need press."""
        with self._turn:
            with self._change:
                self._number += 1
                asked = self._open = _Open(self._number, question, time.monotonic() + seconds)
            self.changed()
            with self._change:
                while not (asked.answer or self._closed or arrived()) and time.monotonic() < asked.until:
                    self._change.wait(GLANCE)
                self._open = None
            self.changed()
            return asked.answer

    def press(self, pressed: Json) -> Json:
        """Take what the page sends; return whether it was an answer to what is asked now, and why not."""
        with self._change:
            asked = self._open
            if asked is None or pressed.get("number") != asked.number:
                return {"taken": False, "why": "over"}
            if not _fits(asked.question.kind, pressed):
                return {"taken": False, "why": "incomplete"}
            asked.answer = pressed
            self._change.notify_all()
        return {"taken": True}

    def close(self) -> None:
        """Ask nothing more: whoever waits for an answer gets none."""
        with self._change:
            self._closed = True
            self._change.notify_all()


@dataclass(frozen=True, slots=True)
class Beside:
    """The person beside one play: makes the system act, says what it shows, attests."""

    person: Person
    play: Play
    seconds: float  # for each question

    def act(self, task: Task) -> Told | Cannot:
        """Have the system act, as a driver does; done as soon as a call came, or nobody pressed in time."""
        if task.do == "state":  # what it shows is asked when it is to be judged
            return Told("unknown", task.key, evidence=Evidence.ATTESTED)
        before = len(self.play.taken)
        question = self._question("do", self._words(task), task.key)
        question = replace(question, task=task.do, method=task.method)
        found = self.person.ask(question, self.seconds, lambda: len(self.play.taken) > before)
        pressed = found["pressed"] if found else "did"
        note = plain(str(found.get("note", "")))[:LONGEST_NOTE] if found else ""
        if pressed == "cannot":
            return Cannot(
                note, say("play-person-cannot", note=note) if note else say("play-person-cannot-at-all")
            )
        if pressed == "skip":
            return Cannot(note, say("play-person-skipped"))
        return Told("failure" if pressed == "failed" else "unknown", task.key, evidence=Evidence.ATTESTED)

    def see(self, beat: Report, key: str) -> Told | None:
        """Return what the person says that the system shows; None where nobody says anything."""
        question = self._question("see", _both(say("person-see")), key, tuple(beat.values))
        found = self.person.ask(question, self.seconds)
        if found is None or found["pressed"] not in OUTCOMES:
            return None
        given = found.get("values", {})
        values = {name: plain(str(given[name]))[:LONGEST_NAME] for name in beat.values if given.get(name)}
        return Told(found["pressed"], key, values, evidence=Evidence.ATTESTED)

    def attest(self, beat: Attest) -> tuple[bool, str] | None:
        """Return whether the sentence holds and who says so; None where nobody does."""
        key = next((one.call.keys[0].value for one in self.play.taken if one.call.keys), "")
        question = self._question("attest", (beat.text.zh, beat.text.en), key)
        found = self.person.ask(question, self.seconds)
        if found is None or found["pressed"] not in ("yes", "no"):
            return None
        return found["pressed"] == "yes", plain(found["name"].strip())[:LONGEST_NAME]

    def _question(self, kind: str, words: Words, key: str, values: tuple[str, ...] = ()) -> Question:
        scenario = self.play.scenario
        title = (scenario.title.zh, scenario.title.en)
        return Question(kind, scenario.id, title, words, plain(key)[:LONGEST_NAME], values)

    def _words(self, task: Task) -> Words:
        """Return what to do: as the task or the scenario tells it, or, for a later task, with the key."""
        if task.do != "send" and task.key and task.tell is None:
            return _both(_LATER[task.do](task.key))
        names = {name: str(value) for name, value in self.play.names.items()}
        tell = task.tell or self.play.scenario.tell
        zh, en = (_filled(text, names) for text in (tell.zh, tell.en))
        method = say("person-method", method=task.method) if task.method else None
        more = _both(method) if method else ("", "")
        return f"{zh}{more[0]}", f"{en}{more[1]}"


def _both(said: Phrase) -> Words:
    return said.text("zh"), said.text("en")


def _filled(text: str, names: dict[str, str]) -> str:
    """Return the text with what is known in place of `{name}`."""
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _fits(kind: str, pressed: Json) -> bool:
    """Return True for an answer to a question of this kind; who attests gives a name."""
    word, name = pressed.get("pressed"), pressed.get("name", "")
    legal = {
        "do": ("did", "cannot", "skip", "failed"),
        "see": (*OUTCOMES, "skip"),
        "attest": ("yes", "no", "skip"),
    }
    if word not in legal[kind] or not isinstance(pressed.get("values", {}), dict):
        return False
    return not (kind == "attest" and word != "skip") or (isinstance(name, str) and bool(name.strip()))
