"""A property Case and a Session in, its Outcome out: Hypothesis draws messages until one shows a defect."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, assume, given, settings, strategies
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Flaky

from pytest_qimen import xml
from pytest_qimen.cases import Case, Kind, Step
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, Drawn
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.compose import Context, compose, marked
from pytest_qimen.search import stock
from pytest_qimen.search.keep import kept
from pytest_qimen.spec import Api, Pins, load_api
from pytest_qimen.strategies import Illegal, illegal_requests_for, requests_for
from pytest_qimen.target.belonging import with_added
from pytest_qimen.target.profile import assigned
from pytest_qimen.verdict import Level, Status

ROUNDS = 12  # so many fields may turn out to take only values that the endpoint knows


class Defect(AssertionError):
    """A drawn message showed a defect; Hypothesis shrinks it."""


class Property:
    """One property of one method while it is tried."""

    def __init__(self, case: Case, session: Session, examples: int, seed: int) -> None:
        self.case = case
        self.session = session
        api = assigned(load_api(f"{case.role}/{case.method}"), session.target.assigns)
        self.api: Api = with_added(api, session.target.added(session.target.profile(api)))
        self.examples = examples
        self.seed = zlib.crc32(f"{seed} {case.id}".encode())
        self.sent = 0
        self.worst: Outcome | None = None
        self.away: list[str] = []  # what turned out to be taken with no value that we could make up
        self.given = session.setup.give(Step(self.api))
        context = Context(session.target, session.keys, rename=session.introductions.rename)
        self._base = compose(Step(self.api), context, self.given)

    @property
    def base(self) -> xml.Element:
        """Return the smallest message, a copy for the thread that asks."""
        return xml.copy(self._base)

    def run(self) -> Outcome:
        """Return PASS, or the outcome of the smallest message that shows a defect."""
        if self.case.kind is Kind.SUMS and (why := stock.untestable(self.case, self.session.target)):
            return Outcome(self.case, Status.UNSUPPORTED, reason=why)
        pins = self._bound({**self.session.target.pins(self.api), **self._kept()})
        for _ in range(ROUNDS):
            self.worst = None
            try:
                self.search(self.trial(pins))
            except Defect:
                assert self.worst is not None
            except Flaky as error:
                differs = Because(say("answers-differ", detail=str(error)))
                return Outcome(self.case, Status.ERROR, reason=differs)
            if self.worst is None:
                return Outcome(self.case, Status.PASS, drawn=self.sent)
            closed = "" if self.worst.status.is_untested else self._closed(self.worst)
            if not closed:
                return replace(self.worst, drawn=self.sent)
            self.leave(closed, pins)
        return Outcome(self.case, Status.BLOCKED, reason=Because(say("many-own-values")))

    def _bound(self, pins: Pins) -> dict[str, Sequence[str]]:
        """Return the pins, of which a message about one thing that was made before takes the first.

        So does the message that made it; of lists each entry may speak of another one.
        """
        one = bool(self.given)
        return {path: values[:1] if one and "[]" not in path else values for path, values in pins.items()}

    def _kept(self) -> dict[str, tuple[str, ...]]:
        """Fields that keep their value: another would need one that speaks of what the receiver has."""
        return {path: (self.api.request.by_path[path].example,) for path, _ in self.api.referring}

    def trial(self, pins: Pins) -> Callable[[], None]:
        """Return the test of one drawn message or sequence, by the property that the case names."""
        limits = self.session.target.limits
        if self.case.kind is Kind.LEGAL:
            return given(requests_for(self.api, pins=pins, base=self.base, limits=limits))(self._accepts)
        if self.case.kind is Kind.SUMS:
            return given(stock.of_family(self.case, self.session.target))(self._adds_up)
        drawn = illegal_requests_for(self.api, pins=pins, base=self.base, limits=limits)
        return given(drawn)(self._refuses)

    def search(self, trial: Callable[[], None], database: ExampleDatabase | None = None) -> None:
        """Try the strategy's examples, and shrink one that shows a defect; raises Defect."""
        reuse = [Phase.reuse] if database else []
        chosen = settings(
            max_examples=self.examples,
            deadline=None,
            database=database,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[*reuse, Phase.generate, Phase.shrink],
        )
        chosen(hypothesis.seed(self.seed)(trial))()  # the seed alone would take the database away

    def _accepts(self, message: xml.Element) -> None:
        self._try(message, "success", Level.MUST)

    def _refuses(self, illegal: Illegal) -> None:
        self._try(illegal.message, "failure", Level(illegal.level), illegal)

    def _adds_up(self, done: list[stock.Move]) -> None:
        drawn = stock.flow(self.case, self.session.target, done)
        outcome = self.attempt(drawn)
        self.judge(replace(outcome, reason=Drawn(-1, "", stock.words(done), outcome.reason)))

    def _try(self, message: xml.Element, expect: str, level: Level, illegal: Illegal | None = None) -> None:
        """Send one drawn message; raises Defect when the endpoint does not do what it should."""
        template = self._template(message, illegal.path if illegal else "")
        step = Step(self.api, message=template, expect=expect)
        drawn = replace(self.case, id=f"{self.case.id}/drawn", steps=(step,), requires=(), level=level)
        self.judge(self.attempt(drawn), illegal)

    def attempt(self, drawn: Case) -> Outcome:
        """Return how a drawn case ends."""
        outcome = self.session.attempt(drawn)
        self.sent += outcome.requests
        return outcome

    def judge(self, outcome: Outcome, illegal: Illegal | None = None) -> None:
        """Keep what shows a defect; raises Defect."""
        if outcome.status.is_broken or outcome.status.is_untested:
            self.worst = replace(outcome, case=replace(outcome.case, id=self.case.id))
            raise Defect

    def _template(self, message: xml.Element, broken: str) -> str:
        """Return the message as text; keys and setup values are filled in anew, but for the broken place."""
        root = xml.copy(message)
        for row in marked(self.api.request, root):
            for element in xml.find(root, row.path):
                if xml.text(element).startswith("@"):
                    element.text = f"@{element.text}"
        pins, base = self.session.target.pins(self.api), self.base
        for row in self.api.request.leaves:
            if row.refers and not xml.find(base, row.path):
                assume(bare(broken) != bare(row.path))
                xml.drop(root, row.path)
            if row.path not in pins and (row.key or row.path in self.given):
                for element in xml.find(root, row.path):
                    if xml.text(element) and xml.place(element) != broken:
                        element.text = "@given" if row.path in self.given else "@new"
        for path in self.away:
            xml.drop(root, path)
        return xml.write(root, declaration=False).decode()

    def _closed(self, outcome: Outcome) -> str:
        """Return the field, if any, that differs from the base and refuses every ordinary value, too."""
        if len(outcome.case.steps) > 1 or outcome.case.steps[0].expect != "success":
            return ""
        drawn, base = xml.parse(outcome.case.steps[0].message.encode()), self.base
        for row in self.api.request.leaves:
            plain = row.type in ("string", "long", "int") and not row.codes and not row.format and not row.key
            if plain and set(xml.values(drawn, row.path)) - set(xml.values(base, row.path)):
                value = "@new" if row.type == "string" else "@number:9"
                step = Step(self.api, changes=(Edit("put", row.path, value),))
                trial = replace(self.case, id=f"{self.case.id}/control", steps=(step,), requires=())
                if self.session.attempt(trial).status is Status.FAIL:
                    return row.path
        return ""

    def leave(self, closed: str, pins: dict[str, tuple[str, ...]]) -> None:
        """Draw nothing for this field any more: it keeps its value or, with its group, stays away."""
        base = self.base
        if usual := xml.values(base, closed):
            pins[closed] = tuple(usual[:1])
            return
        parts = closed.split(".")
        groups = (".".join(parts[:size]) for size in range(1, len(parts) + 1))
        self.away.append(next(path for path in groups if not xml.find(base, path)))


def register() -> None:
    """Draw once, so that Hypothesis takes its random numbers in charge while it can see who refers to them.

    It asks the garbage collector, which says nothing of what is frozen; the answer would be a warning, and an
    error where warnings are errors.
    """
    once = settings(max_examples=1, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    hypothesis.seed(0)(once(given(strategies.none())(lambda _: None)))()


def bare(path: str) -> str:
    """Return a path without the marks and numbers of its lists."""
    return xml.schematic(path).replace("[]", "")


def drawer(examples: int, seed: int, folder: Path | None = None) -> Callable[[Case, Session], Outcome]:
    """What a Session needs to try properties with so many examples each; the seed makes them repeatable.

    An example that shows a defect is kept as a case file in `folder`.
    """

    return lambda case, session: kept(Property(case, session, examples, seed).run(), seed, folder)
