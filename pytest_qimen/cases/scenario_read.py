"""cases/callers/*.toml in, Scenarios out; every mistake is a DataError that names its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from pytest_qimen import spec
from pytest_qimen.cases import limits
from pytest_qimen.cases.callers import SIDES, load_caller_requirements
from pytest_qimen.cases.families import expanded
from pytest_qimen.cases.read import flow_step
from pytest_qimen.cases.scenario import (
    CHECKS,
    OUTCOMES,
    OVER,
    SAME,
    TASKS,
    WINDOWS,
    Ask,
    Attest,
    Beat,
    CallCheck,
    Judged,
    Quiet,
    Report,
    Scenario,
    Script,
    Send,
    Wait,
)
from pytest_qimen.cases.script_words import read_script
from pytest_qimen.phrases import say
from pytest_qimen.toml import Reader, read_toml
from pytest_qimen.verdict import Level

MOST_BEATS, MOST_SCENARIOS = 30, 1000
NOT_SCENARIOS = ("requirements.toml",)
_WANTED: Mapping[str, type] = {
    **dict.fromkeys(("lines", "quantity", "documents"), int),
    **dict.fromkeys(("text", "items", "kind"), str),
    "parts": list,
}
_SECONDS = re.compile(r"[1-9][0-9]{0,3}s")
_KINDS = ("ask", "call", "resend", "quiet", "send", "outcome", "attest")


@cache
def load_scenarios() -> Mapping[str, Scenario]:
    """Return every bundled scenario by its id."""
    return {one.id: one for path in scenario_files() for one in scenarios_of(path)}


def scenario_files() -> tuple[Path, ...]:
    """Return every bundled file of scenarios."""
    folder = spec.data_dir("cases") / "callers"
    return tuple(sorted(path for path in folder.glob("*.toml") if path.name not in NOT_SCENARIOS))


@cache
def _methods() -> tuple[str, ...]:
    return tuple(api.method for api in spec.load_all())


def scenarios_of(path: Path) -> tuple[Scenario, ...]:
    """Return the scenarios of a file, one for each method of `each`; DataError for what is illegal."""
    top = Reader(f"cases/callers/{path.name}", "", read_toml(path))
    found: dict[str, Scenario] = {}
    for key, table in expanded(top, "scenario"):
        for one in _unrolled(top.file, key, table, path.stem):
            if one.id in found:
                raise top.fail(f"{key}.id", say("one-twice", one=one.id))
            found[one.id] = one
    if len(found) > MOST_SCENARIOS:
        raise top.fail("scenario", say("scenarios-many", most_scenarios=MOST_SCENARIOS, found=len(found)))
    top.done()
    return tuple(found.values())


def _unrolled(file: str, key: str, table: dict[str, Any], stem: str) -> Iterator[Scenario]:
    """Yield a scenario once, or once for each method of `each`."""
    reader = Reader(file, key, table)
    globs = reader.strings("each")
    methods = [name for name in _methods() if any(fnmatchcase(name, glob) for glob in globs)]
    for glob in globs:
        if not any(fnmatchcase(name, glob) for name in methods):
            raise reader.fail("each", say("no-method-fits-near", glob=glob, near=spec.nearest(glob)))
    bare = {name: value for name, value in table.items() if name != "each"}
    for method in methods or [""]:
        yield _Parser(file, key, bare, stem, method).scenario()


@dataclass
class _Parser:
    """Reads one scenario; `method` is the one of `each` that it is read for, empty where there is no list."""

    file: str
    key: str
    table: dict[str, Any]
    stem: str
    method: str

    def scenario(self) -> Scenario:
        reader = Reader(self.file, self.key, self.table)
        parts = ["callers", self.stem, reader.string("id"), self.method]
        self.level = Level(reader.choice("level", spec.LEVELS))
        self.requirements = self._known(reader, "requirements", reader.strings("requirements"))
        let = reader.take("let", dict, "a table of name = text", {})
        self._names = self._let(reader, let)
        self.observes = self._known(reader, "observes", reader.strings("observes"))
        rows = reader.tables("step")
        if not rows or len(rows) > MOST_BEATS:
            raise reader.fail("step", say("beats-count", most_beats=MOST_BEATS, rows=len(rows)))
        beats = tuple(self._beat(number, row) for number, row in enumerate(rows, 1))
        opening = next((beat for beat in beats if isinstance(beat, Wait)), None)
        if not (self.requirements or self.observes):
            raise reader.fail("requirements", say("empty-observes"))
        if opening is None and not any(isinstance(beat, Attest) for beat in beats):
            raise reader.fail("step", say("no-wait"))
        found = Scenario(
            id="/".join(filter(None, parts)),
            file=self.file,
            side=reader.choice("side", SIDES),
            opens=opening.methods if opening else (),
            title=reader.text("title"),
            tell=reader.text("tell"),
            level=self.level,
            clause=reader.string("clause"),
            beats=beats,
            requirements=self.requirements,
            observes=self.observes,
            let=let,
        )
        reader.done()
        self._all_decided(reader, found)
        return found

    def _known(self, reader: Reader, key: str, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in load_caller_requirements():
                raise reader.fail(key, say("unknown-requirement", name=name))
        return names

    def _let(self, reader: Reader, let: Mapping[str, Any]) -> set[str]:
        for name, text in let.items():
            if not isinstance(text, str) or not text.startswith("@new"):
                raise reader.fail(f"let.{name}", say("want-new", text=text))
        return set(let)

    def _all_decided(self, reader: Reader, found: Scenario) -> None:
        """Refuse a requirement that no beat decides, and one that a beat decides and the list lacks."""
        decided = {one.requirement for one in judged(found)}
        for name in (*found.requirements, *decided):
            if name not in decided or name not in found.requirements:
                why = "no step decides" if name not in decided else "is decided by a step, and not listed:"
                raise reader.fail("requirements", say("why-name", why=why, name=name))

    # ---- beats

    def _beat(self, number: int, row: dict[str, Any]) -> Beat:
        reader = Reader(self.file, f"{self.key}.step[{number}]", row)
        kinds = [kind for kind in _KINDS if kind in row]
        if len(kinds) != 1:
            raise reader.fail(
                "", say("want-one-kind", kinds=", ".join(_KINDS), got=", ".join(kinds) or "none")
            )
        beat: Beat = getattr(self, f"_{kinds[0]}")(reader)
        reader.done()
        return beat

    def _ask(self, outer: Reader) -> Ask:
        reader = Reader(self.file, f"{outer.key}.ask", outer.take("ask", dict, "a table"))
        do = reader.choice("do", TASKS)
        wish = self._of_each(reader, reader.string("method", ""))
        key = self._value(reader, "key", reader.string("key", ""))
        want: dict[str, Any] = {}
        for name, kind in _WANTED.items():
            if name in reader.table:
                words = {int: "a whole number", str: "a text", list: "a list of whole numbers"}[kind]
                want[name] = reader.take(name, kind, words)
        when_up = reader.flag("when-up")
        tell = reader.text("tell") if "tell" in reader.table else None
        reader.done()
        return Ask(do, wish, key, want, when_up, tell)

    def _call(self, reader: Reader) -> Wait:
        globs = tuple(self._of_each(reader, glob) for glob in reader.string("call").split(","))
        for glob in globs:
            if not any(fnmatchcase(name, glob) for name in _methods()):
                raise reader.fail("call", say("no-method-fits", glob=glob))
        return self._wait(reader, globs, again=False)

    def _resend(self, reader: Reader) -> Wait:
        if not reader.flag("resend"):
            raise reader.fail("resend", say("want-true"))
        return self._wait(reader, (), again=True)

    def _wait(self, reader: Reader, globs: tuple[str, ...], *, again: bool) -> Wait:
        times = reader.count("times", limits.TIMES)
        within = self._window(reader, "within", "retry" if again else "ask")
        or_ask, bound = reader.flag("or-ask"), reader.flag("bound")
        scripts = self._scripts(reader)
        judged = self._judged(reader) if "requirement" in reader.table else None
        checks = tuple(self._checks(reader, "check", globs))
        over = tuple(self._checks(reader, "over", globs))
        save = reader.take("save", dict, "a table of name = place", {})
        for name, place in save.items():
            if str(place).partition(":")[0] not in ("request", "response"):
                raise reader.fail(f"save.{name}", say("want-place", place=place))
        self._names |= set(save)
        shows = reader.string("shows", "")
        self._known(reader, "shows", (shows,) if shows else ())
        return Wait(globs, scripts, within, times, again, or_ask, bound, judged, shows, checks, over, save)

    def _scripts(self, reader: Reader) -> tuple[Script, ...]:
        words = reader.take("answer", (str, list), "a text or a list of texts", "success")
        found = []
        for text in [words] if isinstance(words, str) else words:
            script = read_script(str(text))
            if isinstance(script, str):
                raise reader.fail("answer", script)
            found.append(script)
        if not found:
            raise reader.fail("answer", say("is-empty"))
        return tuple(found)

    def _quiet(self, reader: Reader) -> Quiet:
        return Quiet(self._window(reader, "quiet"), self._judged(reader), reader.flag("storm"))

    def _send(self, outer: Reader) -> Send:
        step = flow_step(self.file, f"{outer.key}.send", outer.take("send", dict, "a step as of a flow"))
        self._names |= set(step.save)
        return Send(step)

    def _outcome(self, reader: Reader) -> Report:
        words = reader.take("outcome", (str, list), "a text or a list of texts")
        outcomes = tuple([words] if isinstance(words, str) else words)
        for word in outcomes:
            if word not in OUTCOMES:
                raise reader.fail("outcome", say("want-outcome", outcomes=", ".join(OUTCOMES), word=word))
        values = reader.take("values", dict, "a table of name = text", {})
        for name, value in values.items():
            self._value(reader, f"values.{name}", value)
        return Report(outcomes, self._judged(reader), values)

    def _attest(self, reader: Reader) -> Attest:
        return Attest(reader.text("attest"), self._judged(reader))

    # ---- what beats have in common

    def _of_each(self, reader: Reader, name: str) -> str:
        if name == "@each" and not self.method:
            raise reader.fail("call", say("each-list"))
        return self.method if name == "@each" else name

    def _window(self, reader: Reader, key: str, default: str = "") -> str:
        text: str = reader.string(key, default) if default else reader.string(key)
        if text not in WINDOWS and not _SECONDS.fullmatch(text):
            raise reader.fail(key, say("want-window", windows=", ".join(WINDOWS), text=text))
        return text

    def _judged(self, reader: Reader) -> Judged:
        name = reader.string("requirement", self.requirements[0] if self.requirements else "")
        self._known(reader, "requirement", (name,))
        return Judged(name, Level(reader.choice("level", spec.LEVELS, str(self.level))))

    def _checks(self, outer: Reader, key: str, globs: tuple[str, ...]) -> Iterator[CallCheck]:
        for number, row in enumerate(outer.tables(key), 1):
            reader = Reader(self.file, f"{outer.key}.{key}[{number}]", row)
            legal = OVER if key == "over" else CHECKS
            kinds = [kind for kind in legal if kind in reader.table]
            path = (
                reader.string("path", "")
                if set(kinds) & {"arrived", "only-lost", "holds", "same"}
                else reader.string("path")
            )
            if len(kinds) != 1:
                raise reader.fail("path", say("want-beside-one", legal=", ".join(legal), kinds=len(kinds)))
            value = self._value(reader, kinds[0], reader.table.pop(kinds[0]))
            if kinds[0] == "same" and value not in SAME:
                raise reader.fail("same", say("want-same", same=", ".join(SAME), value=value))
            judged = self._judged(reader)
            reader.done()
            yield CallCheck(path, kinds[0], value, judged)

    def _value(self, reader: Reader, key: str, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("@") and value[1:] not in self._names:
            raise reader.fail(key, say("name-unknown", value=value))
        return value


def judged(scenario: Scenario) -> Iterator[Judged]:
    """Yield what every beat and check of a scenario decides."""
    for beat in scenario.beats:
        if isinstance(beat, Wait):
            yield from [beat.judged] if beat.judged else []
            yield from [Judged(beat.shows, scenario.level)] if beat.shows else []
            yield from (check.judged for check in (*beat.checks, *beat.over))
        elif isinstance(beat, Quiet | Report | Attest):
            yield beat.judged


def shows(scenario: Scenario, requirement: str) -> bool:
    """Return True where the scenario decides the requirement, or is there to show it."""
    return requirement in scenario.observes or any(one.requirement == requirement for one in judged(scenario))
