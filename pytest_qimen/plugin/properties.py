"""A property Case and a Session in, its Outcome out: Hypothesis draws messages until one shows a defect."""

import zlib
from collections.abc import Callable
from dataclasses import replace

import hypothesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Flaky

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step
from pytest_qimen.change import Change
from pytest_qimen.compose import Context, compose
from pytest_qimen.findings import Level, Status
from pytest_qimen.plugin.sums import Move, flow, moves, total, words
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.spec import Api, load_api
from pytest_qimen.strategies import Illegal, illegal_requests_for, requests_for

ROUNDS = 12  # so many fields may turn out to take only values that the endpoint knows
BROKEN = frozenset({Status.FAIL, Status.WARN})
UNTRIED = frozenset({Status.ERROR, Status.BLOCKED})


class _Defect(AssertionError):
    """A drawn message showed a defect; Hypothesis shrinks it."""


class Property:
    """One property of one method while it is tried."""

    def __init__(self, case: Case, session: Session, examples: int, seed: int) -> None:
        self.case = case
        self.session = session
        self.api: Api = load_api(f"{case.role}/{case.method}")
        self.examples = examples
        self.seed = zlib.crc32(f"{seed} {case.id}".encode())
        self.sent = 0
        self.worst: Outcome | None = None
        self.given = session.give(self.api)
        self.base = compose(Step(self.api), Context(session.target, session.keys), self.given)

    def run(self) -> Outcome:
        """PASS, or the outcome of the smallest message that shows a defect."""
        pins = {**self.session.target.pins(self.api), **self._kept()}
        for _ in range(ROUNDS):
            self.worst = None
            try:
                self._search(pins)
            except _Defect:
                assert self.worst is not None
            except Flaky as error:
                return Outcome(
                    self.case, Status.ERROR, cause=f"the same message was answered differently: {error}"
                )
            if self.worst is None:
                return Outcome(self.case, Status.PASS, drawn=self.sent)
            closed = "" if self.worst.status in UNTRIED else self._closed(self.worst)
            if not closed:
                return replace(self.worst, drawn=self.sent)
            pins[closed] = tuple(xml.values(self.base, closed)[:1])
        return Outcome(
            self.case, Status.BLOCKED, cause="too many fields take only values that the endpoint knows"
        )

    def _kept(self) -> dict[str, tuple[str, ...]]:
        """Fields that keep their value: another would need one that speaks of what the receiver has."""
        kept: dict[str, tuple[str, ...]] = {}
        for rule in self.api.rules:
            scope = f"{rule.terms['scope']}." if rule.terms.get("scope") else ""
            if (
                rule.kind == "required-if"
                and self.api.request.by_path[f"{scope}{rule.terms['field']}"].refers
            ):
                for path in rule.terms["when"]:
                    kept[f"{scope}{path}"] = (self.api.request.by_path[f"{scope}{path}"].example,)
        return kept

    def _search(self, pins: dict[str, tuple[str, ...]]) -> None:
        chosen = settings(
            max_examples=self.examples,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        if self.case.id.endswith("/legal-accepted"):
            trial = given(requests_for(self.api, pins=pins, base=self.base))(self._accepts)
        elif self.case.id.endswith("/sums"):
            trial = given(moves())(self._adds_up)
        else:
            trial = given(illegal_requests_for(self.api, pins=pins, base=self.base))(self._refuses)
        hypothesis.seed(self.seed)(chosen(trial))()

    def _accepts(self, message: xml.Element) -> None:
        self._try(message, "success", Level.MUST)

    def _refuses(self, illegal: Illegal) -> None:
        self._try(illegal.message, "failure", Level(illegal.level), broken=illegal.path)

    def _adds_up(self, done: list[Move]) -> None:
        drawn = flow(self.case, self.session.target, done)
        outcome = self.session.attempt(drawn)
        self.sent += outcome.requests
        if outcome.status in BROKEN | UNTRIED:
            cause = f"{words(done)}: {outcome.cause or f'the query must show {total(done)}'}"
            self.worst = replace(outcome, case=replace(drawn, id=self.case.id), cause=cause)
            raise _Defect

    def _try(self, message: xml.Element, expect: str, level: Level, broken: str = "") -> None:
        """Send one drawn message; raises _Defect when the endpoint does not do what it should."""
        self.sent += 1
        step = Step(self.api, message=self._template(message, broken), expect=expect)
        drawn = replace(self.case, id=f"{self.case.id}/drawn", steps=(step,), requires=(), level=level)
        outcome = self.session.attempt(drawn)
        if outcome.status in BROKEN | UNTRIED:
            self.worst = replace(outcome, case=replace(drawn, id=self.case.id))
            raise _Defect

    def _template(self, message: xml.Element, broken: str) -> str:
        """The message as text; keys and setup values are filled in anew, but for the broken place."""
        root = xml.copy(message)
        for row in self.api.request.leaves:
            for element in xml.find(root, row.path):
                if xml.text(element).startswith("@"):
                    element.text = f"@{element.text}"
        pins = self.session.target.pins(self.api)
        for row in self.api.request.leaves:
            if row.refers and not xml.find(self.base, row.path):
                assume(_bare(broken) != _bare(row.path))
                xml.drop(root, row.path)
            if row.path not in pins and (row.key or row.path in self.given):
                for element in xml.find(root, row.path):
                    if xml.text(element) and xml.place(element) != broken:
                        element.text = "@given" if row.path in self.given else "@new"
        return xml.write(root, declaration=False).decode()

    def _closed(self, outcome: Outcome) -> str:
        """The field, if any, that differs from the base and refuses every ordinary value, too."""
        if len(outcome.case.steps) > 1 or outcome.case.steps[0].expect != "success":
            return ""
        drawn = xml.parse(outcome.case.steps[0].message.encode())
        for row in self.api.request.leaves:
            plain = row.type in ("string", "long", "int") and not row.codes and not row.format and not row.key
            if plain and set(xml.values(drawn, row.path)) - set(xml.values(self.base, row.path)):
                value = "@new" if row.type == "string" else "@number:9"
                step = Step(self.api, changes=(Change("put", row.path, value),))
                trial = replace(self.case, id=f"{self.case.id}/control", steps=(step,), requires=())
                if self.session.attempt(trial).status is Status.FAIL and xml.values(self.base, row.path):
                    return row.path
        return ""


def _bare(path: str) -> str:
    """A path without the marks and numbers of its lists."""
    return xml.schematic(path).replace("[]", "")


def drawer(examples: int, seed: int) -> Callable[[Case, Session], Outcome]:
    """What a Session needs to try properties with so many examples each; the seed makes them repeatable."""
    return lambda case, session: Property(case, session, examples, seed).run()
