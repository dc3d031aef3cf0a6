"""Judged calls in, one at a time; the cases of the run out: what was sent, what was not, what was broken."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pytest_qimen.calls.call import Caller
from pytest_qimen.cases import Case
from pytest_qimen.cases.callers import load_caller_requirements
from pytest_qimen.checks.callers.applies import Shown, applies
from pytest_qimen.checks.callers.judging import AT_THE_PORT, JUDGED
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.client.transport import Exchange
from pytest_qimen.listening.answers import exchange_of
from pytest_qimen.listening.model import Judged
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.reasons import Because, LeftOut
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import LONGEST, case_record
from pytest_qimen.runner.judging import key_of
from pytest_qimen.runner.masking import Masking
from pytest_qimen.runner.model import Outcome
from pytest_qimen.spec import Api, load_all
from pytest_qimen.target.caller import NO_CALLER, CallerProfile
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Finding, Level, Status, status_of

KEPT = 10  # calls that are kept as evidence of one requirement and method, each for something new
FILE = "cases/callers/requirements.toml"
VARIETY = "caller.message.variety"
UNKNOWN = "unknown"  # stands for the method of a call that names none of the documents
_SENT = Text("按声明会发送的接口至少发送过一次", "Sends the method, as it claims")
_FIELDS = Text("发送过接口的每个字段", "Has sent every field of the method")
_ANSWER = Text("应答的形式", "The form of the answers")
_JUDGED = Text("每次调用都已评判", "Every call was judged")


@dataclass(slots=True)
class _Broken:
    """What the calls of one method do wrong by one requirement: each place once, and calls that show it."""

    findings: dict[tuple[str, str, Level], Finding] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    calls: int = 0

    def add(self, found: list[Finding], exchange: Exchange) -> None:
        self.calls += 1
        new = [one for one in found if (*key_of(one), one.level) not in self.findings]
        if not new or len(self.exchanges) >= KEPT:
            return
        self.exchanges.append(exchange)
        step = len(self.exchanges)
        self.findings |= {(*key_of(one), one.level): replace(one, step=step) for one in new}

    def note(self, found: Finding) -> None:
        """Add a finding that no single call shows."""
        if len(self.findings) < KEPT:
            self.findings.setdefault((*key_of(found), found.level), found)


@dataclass(slots=True)
class _Method:
    """The calls of one method: how many, answered and not, which fields came, what was broken, by check."""

    calls: int = 0
    judged: int = 0
    answers: int = 0
    unanswered: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    sent: set[str] = field(default_factory=set)
    broken: dict[str, _Broken] = field(default_factory=dict)


class Tally:
    """Counts what comes, in memory that does not grow with the number of calls."""

    def __init__(
        self,
        caller: Caller,
        profile: CallerProfile = NO_CALLER,
        origin: str = "",
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        """`profile` says what should come, NO_CALLER nothing; `origin` is where the calls were sent.

        `hidden` is what none of the calls shows (see Shown).
        """
        self._hidden = hidden
        self._caller, self._profile, self._origin = caller, profile, origin
        self._methods: dict[tuple[str, str], _Method] = {}
        self._troubles: list[Phrase] = []
        self.calls = 0

    def add(self, judged: Judged) -> None:
        """Count one call."""
        self.calls += 1
        api = judged.api
        name = (api.role, api.method) if api else ("wms", UNKNOWN)
        method = self._methods.setdefault(name, _Method())
        method.calls += 1
        method.judged += judged.trouble is None
        method.sent |= judged.sent
        if judged.trouble:
            self._troubles.append(judged.trouble)
        groups: dict[str, list[Finding]] = {}
        for one in judged.findings:
            groups.setdefault(one.check, []).append(one)
        method.answers += judged.arrival.heard.answer is not None
        method.unanswered += judged.arrival.heard.status == 0
        method.lost.update(judged.arrival.heard.lost)
        if judged.answer:
            groups[""] = list(judged.answer)
        if groups:
            exchange = _short(exchange_of(judged.call, self._caller, self._origin, judged.arrival.seconds))
            for check, found in groups.items():
                method.broken.setdefault(check, _Broken()).add(found, exchange)

    def conclude(self, late: Iterable[Late]) -> None:
        """Count what was only known behind the last call; fields that never came are counted by `add`."""
        by_name = {name: method for (_, name), method in self._methods.items()}
        for one in late:
            method, check = by_name.get(one.method), one.finding.check
            if method and check != VARIETY:
                method.broken.setdefault(check, _Broken()).note(one.finding)

    def records(self, *, answers: bool = False) -> Iterator[CaseRecord]:
        """Yield how every case ended; with `answers` also the cases of the endpoint that answered."""
        mask = Masking((self._caller.secret, self._caller.session))
        for outcome, calls in self._outcomes(answers):
            yield replace(case_record(mask(outcome)), requests=calls)

    def _outcomes(self, answers: bool) -> Iterator[tuple[Outcome, int]]:
        for api in load_all():
            method = self._methods.get((api.role, api.method))
            if method:
                yield from self._of_method(api, method)
                if answers:
                    yield from ((one, 0) for one in _answered(api, method))
            elif self._profile != NO_CALLER and replace(self._profile, sends=("*",), without=()).claims(api):
                yield self._never(api), 0
        unknown = self._methods.get(("wms", UNKNOWN))
        for check, broken in unknown.broken.items() if unknown else ():
            yield _outcome(_case(check, "wms", UNKNOWN), broken), broken.calls
        if self._troubles:
            case = replace(_blank("callers/judged", "wms", UNKNOWN, "call", _JUDGED), level=Level.MAY)
            yield Outcome(case, Status.ERROR, reason=Because(self._troubles[0])), len(self._troubles)

    def _never(self, api: Api) -> Outcome:
        """Return the outcome of a method of the caller's side that never came."""
        case = _sent(api)
        if self._profile.claims(api):
            return Outcome(case, Status.UNTESTED, reason=Because(say("never-sent")))
        return Outcome(case, Status.UNSUPPORTED, reason=LeftOut((api.method,)))

    def _of_method(self, api: Api, method: _Method) -> Iterator[tuple[Outcome, int]]:
        yield Outcome(_sent(api), Status.PASS), method.calls
        if not method.judged:
            return
        yield _fields(api, method), 0
        rows = tuple(row for row in api.request.fields if row.path in method.sent)
        hidden = {name for name, number in method.lost.items() if number == method.calls}
        shown = Shown(api, self._caller, method.judged, rows, self._hidden | hidden)
        unproved = (
            "caller.call.signed" in method.broken
        )  # then nobody knows what else is wrong with the digest
        for identity in sorted({*JUDGED, *AT_THE_PORT, *method.broken} - {""}):
            case = _case(identity, api.role, api.method)
            if broken := method.broken.get(identity):
                yield _outcome(case, broken), 0
            elif applies(identity, shown) and not (unproved and ".sign-" in identity):
                yield Outcome(case, Status.PASS), 0
        word = "" if self._caller.secret else "listen-no-secret"
        word = word or ("listen-no-sign" if shown.hidden & {"message", "sign"} else "")
        if word:
            unknown = Because(say(word))
            case = _case("caller.top.sign" if shown.is_top else "caller.call.signed", api.role, api.method)
            yield Outcome(case, Status.UNTESTED, reason=unknown), 0


def _short(exchange: Exchange) -> Exchange:
    """Return the exchange with the beginning of bodies that are too long for a report."""
    request = replace(exchange.request, body=exchange.request.body[:LONGEST])
    return replace(exchange, request=request, body=exchange.body[:LONGEST])


def _sent(api: Api) -> Case:
    """Return the case that holds when the method came at all."""
    case = _blank(f"callers/sent/{api.name}", api.role, api.method, "sent", _SENT)
    return replace(case, clause=api.source, requirements=("caller.message.every-method",))


def _fields(api: Api, method: _Method) -> Outcome:
    """Return which fields of the method never came with a value: recorded, not judged."""
    case = _blank(f"callers/fields/{api.name}", api.role, api.method, "fields", _FIELDS)
    case = replace(case, level=Level.MAY, clause=api.source, requirements=(VARIETY,))
    missing = [row for row in api.request.fields if row.path not in method.sent]
    if not missing:
        return Outcome(case, Status.PASS)
    count = len(api.request.fields)
    expected = say("listen-fields", number=count)
    names = ", ".join(row.path for row in missing)
    actual = say("listen-fields-missing", number=len(missing), names=names)
    return Outcome(case, Status.INFO, (Finding(VARIETY, Level.MAY, "", expected, actual, api.source),))


def _answered(api: Api, method: _Method) -> Iterator[Outcome]:
    """Yield what is wrong with the answers of the endpoint behind, and whether each call had one."""
    case = _blank(f"observed/{api.name}/answer", api.role, api.method, "answer", _ANSWER)
    case = replace(case, clause=api.source)
    broken = method.broken.get("")
    if method.answers:
        yield _outcome(case, broken) if broken else Outcome(case, Status.PASS)
    if method.unanswered:
        reason = Because(say("listen-lost", number=method.unanswered))
        yield Outcome(replace(case, id=f"observed/{api.name}/answered"), Status.ERROR, reason=reason)


def _outcome(case: Case, broken: _Broken) -> Outcome:
    found = tuple(broken.findings.values())
    steps = tuple(range(1, len(broken.exchanges) + 1))
    return Outcome(case, status_of(found), found, exchanges=tuple(broken.exchanges), steps=steps)


def _case(check: str, role: str, method: str) -> Case:
    """Return the case of a requirement and a method."""
    topic, _, name = check.removeprefix("caller.").partition(".")
    wanted = load_caller_requirements().get(check)
    case = _blank(
        f"callers/{topic}/{name}/{role}/{method}", role, method, topic, wanted.text if wanted else _JUDGED
    )
    if wanted is None:
        return case
    clause = f"{wanted.document} {wanted.section}"
    return replace(case, level=wanted.level, clause=clause, requirements=(check,))


def _blank(identity: str, role: str, method: str, family: str, title: Text) -> Case:
    return Case(identity, FILE, role, method, Level.MUST, family, title, "", (), ())
