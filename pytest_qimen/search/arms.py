"""A method and a way to draw for it in, slices of the hunt out: each finds one failure that is new."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Flaky

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import Said, say
from pytest_qimen.reasons import Network, innermost
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.search import marks
from pytest_qimen.search.corpus import Corpus, FailureKey, Own
from pytest_qimen.search.oddity import least, oddities
from pytest_qimen.search.property import Defect, Property, bare
from pytest_qimen.search.splices import Splice, damaged, is_xml, splices
from pytest_qimen.strategies import Illegal
from pytest_qimen.strategies.illegal import spoils
from pytest_qimen.strategies.plan import Plan
from pytest_qimen.verdict import Level, Status
from pytest_qimen.wire import encoding

SLICE = 20  # messages drawn before another arm has its turn
SLICE_OF_FLOWS = 4
SHRINK = 200  # requests that one failure may cost to make it small
NOISE = (  # what changes no meaning, and is judged as such by cases/protocol/encoding.toml
    *("no-declaration", "crlf", "indented", "tabs", "cdata", "references", "comments"),
    *("processing-instruction", "wide-tags", "reverse", "extra"),
)


class Over(BaseException):
    """Nothing more is to be sent; no Exception, or Hypothesis would take it for a failure."""


class Unanswered(BaseException):
    """A request was not answered: nothing that could be made smaller, for the endpoint may be gone."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.cause)
        self.outcome = outcome


class Hunter(Protocol):
    """What an arm needs of the hunt."""

    session: Session
    corpus: Corpus
    database: ExampleDatabase
    left_out: dict[str, Said]

    def over(self) -> Said | None:
        """Return why nothing more is sent."""


class Arm(Property):
    """One property of one method as a part of the hunt: known failures are passed over."""

    prefix = "in "  # the marks that count against the whole of what there is

    def __init__(self, case: Case, hunt: Hunter, examples: int = SLICE) -> None:
        super().__init__(case, hunt.session, examples, hunt.corpus.seed)
        self.hunt = hunt
        self.pins = {**hunt.session.target.pins(self.api), **self._kept()}
        self.fresh = examples  # new marks of the last slice; at first everything is new
        self.slices = 0
        self.idle = False
        self._outcomes: dict[str, Outcome] = {}
        self._shrunk = 0
        self._cause: FailureKey | None = None

    @cached_property
    def whole(self) -> int:
        """Return how many marks of its prefix the arm could have."""
        return max(1, len(self.api.request.leaves))

    def draw(self) -> Callable[[], None]:
        """Return the test of one drawn message."""
        return self.trial(self.pins)

    def weight(self) -> float:
        """Return how much the arm promises: what is uncovered, and what its last slice found new."""
        share = self.hunt.corpus.coverage.count(self.case.id, self.prefix) / self.whole
        return 0.0 if self.idle else max(0.0, 1 - share) + 2 * self.fresh / self.examples + 0.05

    def slice(self) -> tuple[FailureKey, Outcome] | None:
        """Draw some messages; the smallest that shows a failure that nobody knows yet. Raises Over."""
        self.slices += 1
        self.fresh, self.worst, self._shrunk, self._cause = 0, None, 0, None
        self._outcomes.clear()
        self.seed = zlib.crc32(
            f"{self.hunt.corpus.seed} {self.hunt.corpus.runs} {self.case.id} {self.slices}".encode()
        )
        try:
            self.search(self.draw(), Own(self.hunt.database, self.case.id))
        except Defect:
            pass
        except Unanswered as broken:
            return self.cause(broken.outcome, None), broken.outcome
        except Flaky:
            self.hunt.left_out[f"{self.case.role}/{self.case.method}"] = say("answers-vary")
            return None
        if self.worst is None or self._cause is None:
            return None
        closed = self._closed(self.worst)
        if closed:
            self.leave(closed, self.pins)
            return None
        return replace(self._cause, odd=least(self._cause.odd)), self.worst

    def attempt(self, drawn: Case) -> Outcome:
        """Return how a drawn case ends; once shrinking has cost enough, only what is known already."""
        if self.hunt.over():
            raise Over
        key = repr([(step.message, step.changes, step.tampers) for step in drawn.steps])
        if self.worst is not None:
            self._shrunk += 1
            if self._shrunk > SHRINK:
                return self._outcomes.get(key, Outcome(drawn, Status.PASS))
        outcome = super().attempt(drawn)
        if self.session.gone or outcome.status is Status.ERROR:
            raise Unanswered(outcome) if outcome.status is Status.ERROR else Over
        if outcome.status is Status.BLOCKED:
            self.idle = True
        self._outcomes[key] = outcome
        return outcome

    def judge(self, outcome: Outcome, illegal: Illegal | None = None) -> None:
        """Note what was covered, keep what shows a failure that is new; raises Defect."""
        covered = [*self.marks(outcome, illegal), *marks.answered(outcome)]
        self.fresh += self.hunt.corpus.coverage.add(self.case.id, iter(covered))
        if not outcome.status.is_broken:
            return
        cause = self.cause(outcome, illegal)
        if self._cause is not None and self._cause.sign != cause.sign:
            return  # another failure than the one that is being made small
        if self._cause is None and self.hunt.corpus.known(cause):
            return
        self._cause = cause
        super().judge(outcome, illegal)

    def marks(self, outcome: Outcome, illegal: Illegal | None) -> Iterator[str]:
        """Yield what the message touched."""
        if outcome.case.steps and outcome.case.steps[0].message:
            message = xml.parse(outcome.case.steps[0].message.encode())
            yield from marks.inside(self.api, message, self.base)

    def cause(self, outcome: Outcome, illegal: Illegal | None) -> FailureKey:
        """Return what makes two failures the same: arm, requirement, what was odd in the message."""
        step = outcome.case.steps[0]
        given = frozenset(map(bare, self.given))
        odd = oddities(self.api, xml.parse(step.message.encode()), self.base, given)
        return FailureKey((*self.scope(), *_broken(outcome)), odd)

    def scope(self) -> tuple[str, ...]:
        """Return the names within which two failures count as the same."""
        return (self.case.id,)


class Outside(Arm):
    """Messages that break one constraint: the same constraint's kind is one failure."""

    prefix = "out "

    @cached_property
    def whole(self) -> int:
        """Return how many ways there are to break one constraint."""
        plan = Plan(self.api, "request", self.pins, self.base)
        return max(1, len({(spoil.rule, spoil.field) for spoil in spoils(plan)}))

    def marks(self, outcome: Outcome, illegal: Illegal | None) -> Iterator[str]:
        """Yield the constraint."""
        if illegal:
            yield from marks.outside(illegal.rule, illegal.path)

    def cause(self, outcome: Outcome, illegal: Illegal | None) -> FailureKey:
        """Return the kind of constraint, whatever its place."""
        return FailureKey((*self.scope(), *_broken(outcome), illegal.rule if illegal else ""), frozenset())


class Sums(Arm):
    """Sequences over a stock: one failure a family."""

    @cached_property
    def whole(self) -> int:
        """Return a number no search reaches: there is no end of sequences."""
        return 100

    def cause(self, outcome: Outcome, illegal: Illegal | None) -> FailureKey:
        """Return the family."""
        return FailureKey((*self.scope(), *_broken(outcome)), frozenset())


class Bytes(Arm):
    """Damaged bytes of a valid message: what is no XML is refused, and nothing of it does any harm."""

    prefix = "splice "

    @cached_property
    def whole(self) -> int:
        """Return each kind of splice, leaving XML or not."""
        return 10

    def draw(self) -> Callable[[], None]:
        """Return the test of some splices."""
        _, body = encoding.encode(self.api, self.base)

        def damage(done: list[Splice]) -> None:
            sound = is_xml(damaged(body, done))
            tampers = tuple(one.tamper for one in done)
            step = Step(self.api, tampers=tampers, expect="any" if sound else "failure")
            drawn = replace(
                self.case, id=f"{self.case.id}/drawn", steps=(step,), requires=(), level=Level.MUST
            )
            self._kinds = {f"splice {one.kind} {sound}" for one in done}
            self.judge(self.attempt(drawn))

        return given(splices(body))(damage)

    def marks(self, outcome: Outcome, illegal: Illegal | None) -> Iterator[str]:
        """Yield the kinds of splices."""
        yield from self._kinds

    def scope(self) -> tuple[str, ...]:
        """Return the role: it has one parser."""
        return (self.case.role, "bytes")

    def cause(self, outcome: Outcome, illegal: Illegal | None) -> FailureKey:
        """Return what was expected and did not happen."""
        return FailureKey((*self.scope(), *_broken(outcome), outcome.case.steps[0].expect), frozenset())


class Flows(Arm):
    """Bundled flows in which some messages are written otherwise and mean the same."""

    prefix = "noise "

    def __init__(self, flows: Sequence[Case], case: Case, hunt: Hunter) -> None:
        super().__init__(case, hunt, SLICE_OF_FLOWS)
        self.flows = flows

    @cached_property
    def whole(self) -> int:
        """Return each flow once in each disguise."""
        return len(self.flows) * len(NOISE)

    def draw(self) -> Callable[[], None]:
        """Return the test of one flow."""

        def disguise(number: int, noise: list[tuple[int, str]]) -> None:
            drawn = self.flows[number]
            for place, kind in noise:
                drawn = _noisy(drawn, place % len(drawn.steps), kind)
            self._used = frozenset(kind for _, kind in noise)
            self.judge(self.attempt(replace(drawn, requires=())))

        noises = st.tuples(st.integers(0, 11), st.sampled_from(NOISE))
        return given(st.integers(0, len(self.flows) - 1), st.lists(noises, max_size=3))(disguise)

    def marks(self, outcome: Outcome, illegal: Illegal | None) -> Iterator[str]:
        """Yield the disguises of this flow."""
        for kind in self._used:
            yield f"noise {outcome.case.id} {kind}"

    def cause(self, outcome: Outcome, illegal: Illegal | None) -> FailureKey:
        """Return a flow that fails by itself, or a disguise that is not seen through, whatever the flow."""
        where = ("noise",) if self._used else (outcome.case.id,)
        return FailureKey((*where, *_broken(outcome)), self._used)


def _noisy(flow: Case, number: int, kind: str) -> Case:
    """Return the flow with one message in disguise; unchanged where a step has its bytes from elsewhere."""
    step = flow.steps[number]
    if step.again or step.tampers or step.message or step.api.protocol == "top":
        return flow
    if kind == "reverse":
        step = replace(step, changes=(*step.changes, Edit("reverse", "", "")))
    elif kind == "extra":
        step = replace(step, changes=(*step.changes, Edit("insert", "", "<vendorField>x</vendorField>")))
    else:
        step = replace(step, tampers=(kind,))
    return replace(flow, steps=(*flow.steps[:number], step, *flow.steps[number + 1 :]))


def _broken(outcome: Outcome) -> tuple[str, ...]:
    """Return the worst finding's check and place; of what broke off how it did."""
    worst = min(outcome.findings, key=lambda finding: finding.level.rank, default=None)
    if worst is None:
        cause = innermost(outcome.reason)
        return outcome.status.value, cause.word if isinstance(cause, Network) else str(cause or "")
    return worst.check, xml.schematic(worst.path)
