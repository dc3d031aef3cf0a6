"""A Session and a budget in, failures that are new out: the budget goes where most is uncovered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from hypothesis.database import ExampleDatabase

from pytest_qimen.cases import Case, Kind, bundled_cases, bundled_files, find_case, minimal_id, smoke_id
from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.model import Blocked, Broke
from pytest_qimen.search.arms import Arm, Bytes, Flows, Outside, Over, Sums
from pytest_qimen.search.budget import WAITS, Guard
from pytest_qimen.search.corpus import Corpus, FailureKey
from pytest_qimen.search.stock import untestable
from pytest_qimen.search.tally import Tally, lines
from pytest_qimen.spec import Api
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Status
from pytest_qimen.wire.cores import beside_others

Failure = tuple[FailureKey, Outcome]
KINDS = {Kind.LEGAL: Arm, Kind.ILLEGAL: Outside, Kind.SUMS: Sums, Kind.BYTES: Bytes}
DAMAGED = Text(
    "损坏的字节：不是 XML 即须拒绝，且不得造成危害", "Refuses damaged bytes that are no XML, unharmed"
)
UNSEEN = 3.0  # weight of a place where nothing was tried yet


class Place:
    """Somewhere to search; its arm is made when its first turn comes, for that sends requests already."""

    def __init__(self, make: Callable[[], Arm | None]) -> None:
        self._make = make
        self._arm: Arm | None = None
        self._idle = False

    @property
    def begun(self) -> bool:
        """Return True when anything was tried here."""
        return self._arm is not None

    def weight(self) -> float:
        """Return how much it promises; an unseen place more than any other."""
        if self._arm is None:
            return 0.0 if self._idle else UNSEEN
        return self._arm.weight()

    def search(self) -> Failure | None:
        """One slice. Raises Over, Blocked or Broke."""
        if self._arm is None:
            self._idle = True  # unless an arm comes of it
            self._arm = self._make()
        return self._arm.slice() if self._arm else None


@dataclass
class Hunt:
    """A search for failures; `left_out` tells of what could not be searched, and why."""

    session: Session
    guard: Guard
    corpus: Corpus
    database: ExampleDatabase
    connections: int = 1
    number: int = 0  # of the worker
    left_out: dict[str, Said] = field(default_factory=dict)
    ended: Said | None = None
    searched: bool = False
    tell: Callable[[], None] = lambda: None  # called after every slice
    _spent: int | None = None  # requests, once the search is over

    def over(self) -> Said | None:
        """Return why nothing more is sent; None while the search goes on."""
        return self.ended or self.guard.over()

    def failures(self, apis: Sequence[Api]) -> Iterator[Failure]:
        """Yield every failure that is new, as it is found, until the budget is spent."""
        places = [Place(partial(self._arm, case)) for case in _cases(apis)]
        places += [Place(partial(self._flow_arm, flows)) for flows in _flows(apis)]
        random = Random(f"{self.corpus.seed} {self.corpus.runs}")
        smoke = find_case(smoke_id(apis[0]))
        at_work: dict[Future[Failure | None], Place] = {}
        try:
            with ThreadPoolExecutor(self.connections, "qimen-fuzz", beside_others) as pool, self._stopping():
                while at_work := self._start(pool, places, at_work, random):
                    done, _ = wait(at_work, return_when=FIRST_COMPLETED)
                    for future in done:
                        self.searched |= at_work.pop(future).begun
                        yield from self._found(future, smoke)
                    self.corpus.save()
                    self.tell()
        finally:
            self.ended, self._spent = self.over(), self.guard.sent

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """See to it that what is under way sends nothing more when the search is broken off."""
        try:
            yield
        except BaseException:
            self.ended = say("interrupted")
            raise

    def tally(self) -> Tally:
        """Return what the search did so far."""
        guard = self.guard
        spent = guard.sent if self._spent is None else self._spent
        after, left_out = guard.sent - spent, {**self.left_out}
        return Tally(self.number, spent, after, guard.pauses, self.searched, self.ended, left_out)

    def lines(self) -> Iterator[Phrase]:
        """Yield what the search did, for the terminal."""
        yield from lines(self.corpus, [self.tally()])

    def _start(
        self,
        pool: ThreadPoolExecutor,
        places: Sequence[Place],
        at_work: dict[Future[Failure | None], Place],
        random: Random,
    ) -> dict[Future[Failure | None], Place]:
        """Keep every connection at work on a place of its own; return what is at work."""
        while len(at_work) < self.connections and not self.over():
            busy = set(at_work.values())
            free = [place for place in places if place not in busy]
            weights = [place.weight() for place in free]
            if not any(weights):
                if not at_work:
                    self.ended = say("nothing-left")
                break
            place = random.choices(free, weights)[0]
            at_work[pool.submit(place.search)] = place
        return at_work

    def _found(self, future: Future[Failure | None], smoke: Case) -> Iterator[Failure]:
        """Yield what a slice found, if it is new; an endpoint that is gone is waited for."""
        try:
            failure = future.result()
        except Over:
            return
        except (Blocked, Broke) as error:
            if not self._alive(smoke):
                self.ended = say("endpoint-gone", reason=error.reason.said())
            return
        if failure is None:
            return
        if failure[1].status is Status.ERROR and not self._alive(smoke):
            why = failure[1].reason
            self.ended = say("endpoint-gone", reason=why.said() if why else "")
        if not self.corpus.known(failure[0]):
            yield failure

    def _alive(self, smoke: Case) -> bool:
        """Return True when the endpoint answers, now or after a while."""
        for seconds in WAITS:
            self.session.revive()
            if self.session.attempt(replace(smoke, requires=())).status.is_good:
                return True
            self.guard.pauses += 1
            self.guard.sleep(seconds)
        return False

    def _arm(self, case: Case) -> Arm | None:
        """Return the arm of a method's property; None, with the reason kept, where it cannot be tried."""
        if reason := self._obstacle(case):
            self.left_out[f"{case.role}/{case.method}"] = reason
            return None
        if case.kind is Kind.SUMS and (why := untestable(case, self.session.target)):
            self.left_out[f"{case.role}/{case.method}"] = why.said()
            return None
        return KINDS[case.kind](case, self)

    def _flow_arm(self, flows: Sequence[Case]) -> Arm | None:
        usable = [flow for flow in flows if not self._obstacle(flow)]
        if not usable:
            return None
        title = find_case(f"{usable[0].apis[0].name}/property/legal-accepted")
        return Flows(usable, replace(title, id=f"{usable[0].id.rpartition('/')[0]}/noise"), self)

    def _obstacle(self, case: Case) -> Said | None:
        """Return why a case cannot be tried."""
        for api in case.apis:
            if self.over():
                raise Over
            required = self.session.outcome(find_case(minimal_id(api)))
            if not required.status.is_good:
                why = required.reason.said() if required.reason else required.case.id
                return say("ended-so", status=required.status.value, reason=why)
        return None


def _cases(apis: Iterable[Api]) -> Iterator[Case]:
    """Yield the properties of each method, and its damaged bytes."""
    for api in apis:
        path = next(path for path in bundled_files() if path.match(f"{api.role}/{api.method}.toml"))
        for case in bundled_cases(path):
            if case.kind.is_drawn:
                yield case
                if case.kind is Kind.LEGAL and api.protocol == "qimen":
                    damaged = replace(
                        case, id=f"{api.name}/property/bytes", requirements=("parsing.refused",)
                    )
                    yield replace(damaged, title=DAMAGED, kind=Kind.BYTES)


def _flows(apis: Sequence[Api]) -> Iterator[list[Case]]:
    """Yield the bundled flows whose methods are all among these, by topic."""
    names = {api.name for api in apis}
    for path in bundled_files():
        if path.parent.name == "flows":
            found = [case for case in bundled_cases(path) if names >= {api.name for api in case.apis}]
            if found:
                yield found
