"""What a message needs to exist first: made by the method's setup, once or for each message."""

from collections.abc import Callable, Mapping
from functools import partial

from pytest_qimen import xml
from pytest_qimen.cases import Step, minimal_id
from pytest_qimen.checks import contract
from pytest_qimen.reasons import Refused
from pytest_qimen.runner.ask import Asker
from pytest_qimen.runner.ledger import pick
from pytest_qimen.runner.model import Blocked, Outcome, blame_of, is_usable
from pytest_qimen.runner.once import Once
from pytest_qimen.spec import Api, load_api
from pytest_qimen.target.belonging import overruled
from pytest_qimen.target.model import Target

STORE = "store/store.create"


class Setup:
    """Provides fields of requests from earlier accepted messages."""

    def __init__(
        self,
        target: Target,
        ask: Asker,
        require: Callable[[str], Outcome],
    ) -> None:
        """`require` gives the outcome of a case, run on the first demand."""
        self._target, self._ask, self._require = target, ask, require
        self._shared: Once[tuple[str, str, str], Mapping[str, str]] = Once()

    def give(self, step: Step, asker: str = "") -> Mapping[str, str]:
        """Return what the method's setup provides: fields of this request, by path.

        `asker` is the method whose setup the step is: it shares nothing with the method's own cases, which
        may take back what it made.

        A setup is left out where the step's changes say what each of its fields holds, and where the message
        is to be accepted and speaks of something else in one of them: fields of one setup belong together. So
        is one of whose fields the target's profile says what it holds.
        """
        found: dict[str, str] = {}
        if not step.api.setup:
            return found
        put, dropped = (
            {xml.schematic(change.path) for change in step.changes if change.op == op}
            for op in ("put", "drop")
        )
        for setup in step.api.setup:
            other, give = load_api(setup["method"]), setup["give"]
            apart = step.expect != "failure" and not put.isdisjoint(give)
            apart = apart or overruled(step.api, give, self._target.data)
            if apart or not can_set_up(self._target, other.name) or (put | dropped).issuperset(give):
                continue
            if not setup.get("shared", False):
                found |= self._prepare(other, give, step.api.name)
                continue
            make = partial(self._prepare, other, give, step.api.name)
            found |= self._shared.get((asker, step.api.name, other.name), make)
        return found

    def store(self) -> str | None:
        """Return the number of a store made for one case; None where the target makes none."""
        if not can_set_up(self._target, STORE):
            return None
        try:
            return self._prepare(load_api(STORE), {"storeId": "response:storeId"}, STORE).get("storeId")
        except Blocked:
            return None

    def _prepare(self, api: Api, give: Mapping[str, str], asker: str) -> Mapping[str, str]:
        """Send the smallest message of `api` and take from it and its answer what is wanted."""
        required = self._require(minimal_id(api))
        if not is_usable(required):
            raise Blocked(blame_of(required))
        root, answer = self._ask(Step(api), self.give(Step(api), asker), f"setup {api.name}")
        if answer.verdict != "success":
            raise Blocked(Refused(api.method, contract.describe(answer)))
        return {
            path: value for path, place in give.items() if (value := pick(place, root, answer)) is not None
        }


def can_set_up(target: Target, method: str) -> bool:
    """Return True when a setup's method may be called."""
    return target.supports(load_api(method)) and not target.readonly
