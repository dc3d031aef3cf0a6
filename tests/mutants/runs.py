"""A mutant and the cases that could see it in, those that turn red out: small runs on one endpoint."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pytest_qimen.cases import Case, bundled_cases, bundled_files, find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.reasons import BlockedBy
from pytest_qimen.reference.app import Endpoint
from pytest_qimen.reference.hooks import Plug
from pytest_qimen.reference.request import Request
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.spec import Api, load_api, methods
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Level, Status
from tests.mutants.model import Acts, Mutant

NO_CASE, NOT_JUDGED, CRASHED = "no case", "seen and not judged", "the endpoint crashed"


@dataclass(slots=True)
class Switch:
    """Hooks of the endpoint that are those of one mutant after the other; `fired` when one took hold."""

    acts: Acts = field(default_factory=dict)
    fired: bool = False

    def plugs(self) -> list[Plug]:
        """Return what is plugged in once and for all."""
        return [
            Plug("verify", lambda request, verdict: self._act(request, "verify", verdict, verdict)),
            Plug("problems", lambda request, found: self._act(request, "problems", found, found)),
            Plug("call", self._call),
            Plug("answer", lambda request, root: self._act(request, "answer", None, root)),
        ]

    def _find(self, request: Request, point: str) -> Callable[..., Any] | None:
        return self.acts.get((request.method.api.method, point)) if request.method else None

    def _act(self, request: Request, point: str, default: Any, *arguments: Any) -> Any:
        act = self._find(request, point)
        if act is None:
            return default
        found = act(request, *arguments)
        self.fired |= point == "answer" or found != default
        return found

    def _call(self, request: Request, state: Any, message: Any, proceed: Any) -> Any:
        act = self._find(request, "call")
        if act is None:
            return proceed(state, message)
        self.fired |= (request.method.api.method, "problems") not in self.acts if request.method else False
        return act(request, state, message, proceed)


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a mutant: the ids of the cases that were tried and of those that turned red."""

    mutant: Mutant
    tried: tuple[str, ...]
    red: tuple[str, ...]
    reason: str = ""


class Bench:
    """One embedded endpoint on which mutants are tried one after the other."""

    def __init__(self) -> None:
        self.switch = Switch()
        self.endpoint = Endpoint(
            app_key=APP_KEY, secret=SECRET, customer_id=CUSTOMER_ID, plugs=self.switch.plugs()
        )
        self.transport = Transport(read_timeout=10)
        self.target = embedded_target(Target(url="", app_key="", secret=""), self.endpoint.url)
        self._shared: dict[str, Session] = {}

    def close(self) -> None:
        """Stop the endpoint."""
        self.transport.close()
        self.endpoint.stop()

    def session(self) -> Session:
        """Return a session that knows nothing yet."""
        return Session(self.target, self.transport)

    def run(self, mutant: Mutant) -> Run:
        """Try the cases that could see the mutant, group by group until one of a group turns red."""
        session = self.session() if mutant.fresh else self._shared.setdefault(mutant.method, self.session())
        self.switch.acts, self.switch.fired = mutant.make(), False
        tried: list[str] = []
        crashes = len(self.endpoint.crashes)
        try:
            for cases in _groups(mutant):
                cases = [case for case in cases if case.id not in tried]
                tried += [case.id for case in cases]
                red = tuple(case.id for case in cases if self._is_red(session, case))
                if len(self.endpoint.crashes) > crashes:
                    return Run(mutant, tuple(tried), (), CRASHED)
                if red:
                    return Run(mutant, tuple(tried), red)
            reason = mutant.note or (NOT_JUDGED if self.switch.fired else NO_CASE)
            return Run(mutant, tuple(tried), (), reason)
        finally:
            self.switch.acts = {}

    def outcome(self, case: Case) -> Outcome:
        """Return how a case ends on the endpoint as it is."""
        return self.session().outcome(case)

    def _is_red(self, session: Session, case: Case) -> bool:
        """Return whether the case turns red, or is blocked by one that does."""
        found = session.outcome(case)
        if found.status is Status.BLOCKED and isinstance(found.reason, BlockedBy):
            found = session.outcome(find_case(found.reason.case))
        return found.status.is_broken


def judged_cases(api: Api) -> list[Case]:
    """Return the cases of a method's file that can turn red, but for those that draw their messages."""
    return [case for case in bundled_cases(methods()[api.name]) if case.steps and case.level is not Level.MAY]


def _could_see(mutant: Mutant, case: Case) -> bool:
    return not mutant.expect or any(step.expect == mutant.expect for step in case.steps)


def _groups(mutant: Mutant) -> Iterator[list[Case]]:
    """Yield the cases that could see the mutant, the likeliest first, in the end every flow of its method."""
    cases = [case for case in judged_cases(load_api(mutant.method)) if _could_see(mutant, case)]
    for prefix in mutant.sees:
        role = prefix.startswith("protocol/")
        yield [find_case(prefix)] if role else [case for case in cases if case.id.startswith(prefix)]
    flows = (path for path in bundled_files() if path.parent.name == "flows")
    of_flows = (case for path in flows for case in bundled_cases(path) if case.level.is_judged)
    yield [case for case in of_flows if mutant.method in (api.name for api in case.apis)]
