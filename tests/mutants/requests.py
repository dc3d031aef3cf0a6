"""An Api in, the mutants out that ignore one constraint on its requests: whatever breaks it is taken."""

from collections.abc import Callable, Iterator

from pytest_qimen import rules, xml
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.request import Proceed, Request
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Api, Field, Message, Rule
from pytest_qimen.verdict import Level
from tests.mutants.model import Acts, Mutant

Which = Callable[[Request, Problem], bool]
NUMBERS = ("int", "long", "decimal", "number", "boolean")


def constraints(row: Field) -> Iterator[tuple[str, str]]:
    """Yield every constraint on the values of a row, with the level at which a breach must be refused.

    What a list of codes or the form of a time implies (length, type) is no constraint of its own.
    """
    if row.limit:
        yield "limit", "must"
    if row.codes:
        yield "codes", "should"
        return
    if row.format:
        yield "format", "must" if row.format == "alphanumeric" else "should"
    if row.max is not None and row.type == "string" and row.format in (None, "alphanumeric"):
        yield "length", "must" if row.min else "should"
    if row.type in NUMBERS:
        yield "type", "should"
    if row.digits:
        yield "digits", "should"
    if row.least is not None or row.most is not None:
        yield "range", "should" if row.most is None else "must"


def ignoring(api: Api) -> Iterator[Mutant]:
    """Yield a mutant for every constraint of the request that is judged."""
    for row in api.request.fields:
        if row.need == "must" and not is_only_child(api.request, row):
            yield _row(api, row, "need", api.request.demand(row))
        if not row.doubt:
            for kind, level in constraints(row):
                yield _row(api, row, kind, level)
        if row.type == "group" and api.protocol == "qimen":
            yield from _remark(api, row.path)
    if api.protocol == "qimen":
        yield from _remark(api, "")
    sees = (f"{api.name}/signature/",)
    yield Mutant(api.name, "ignores-signature", "", Level.MUST, _unsigned(api), sees, expect="failure")
    for rule in api.rules:
        if rule.direction == "request" and rule.level != "may":
            path = f"rule.{rule.id}"
            sees = (f"{api.name}/request/{path}/", f"{api.name}/case/")
            acts = _forgiving(api, _breaks(api, rule))
            yield Mutant(api.name, "ignores-rule", path, Level(rule.level), acts, sees, expect="failure")


def is_only_child(message: Message, row: Field) -> bool:
    """Return whether its group would be empty without it, and so absent: then the need is the group's."""
    return bool(row.parent) and len(message.children(row.parent)) == 1


def open_rows(api: Api) -> int:
    """Return how many constraints of the request are recorded only: in doubt, or rules that may be kept."""
    doubtful = sum(len(list(constraints(row))) for row in api.request.fields if row.doubt)
    return doubtful + sum(rule.direction == "request" and rule.level == "may" for rule in api.rules)


def _row(api: Api, row: Field, kind: str, level: str) -> Mutant:
    place = row.path.replace("[]", "")
    sees = (f"{api.name}/request/{place}/", f"{api.name}/case/")
    acts = _forgiving(api, lambda request, problem: (problem.field, problem.rule) == (row.path, kind))
    return Mutant(api.name, f"ignores-{kind}", row.path, Level(level), acts, sees, expect="failure")


def _remark(api: Api, path: str) -> Iterator[Mutant]:
    """Yield the mutant that takes a remark of any length in a group that has no row of its own for it."""
    if "remark" in {row.name for row in api.request.children(path)}:
        return
    place = path.replace("[]", "")
    sees = (f"{api.name}/request/{place}/" if place else f"{api.name}/request/long-remark-below",)
    remark = f"{path}.remark" if path else "remark"

    def which(request: Request, problem: Problem) -> bool:
        at = (xml.schematic(problem.path).replace("[]", ""), problem.rule)
        return at == (remark.replace("[]", ""), "length")

    yield Mutant(
        api.name, "ignores-remark", path, Level.SHOULD, _forgiving(api, which), sees, expect="failure"
    )


def _unsigned(api: Api) -> Callable[[], Acts]:
    def verify(request: Request, verdict: bool) -> bool:
        return True

    return lambda: {(api.method, "verify"): verify}


def _breaks(api: Api, rule: Rule) -> Which:
    def which(request: Request, problem: Problem) -> bool:
        assert request.root is not None
        found = rules.broken(api, "request", request.root)
        return any(one.path == problem.path for one in found if one.rule.id == rule.id)

    return which


def _success(api: Api) -> Data:
    """Return what an answer of success holds beside flag, code and message."""
    if api.verdict == "flag":
        return Data()
    group, _, name = api.verdict.rpartition(".")
    told = Data({name: "true"})
    return Data({group: told}) if group else told


def _forgiving(api: Api, which: Which) -> Callable[[], Acts]:
    """Return what takes a message with this problem alone, whatever else would be said of it later."""

    def problems(request: Request, found: list[Problem]) -> list[Problem]:
        left = [problem for problem in found if not which(request, problem)]
        request.notes["forgiven"] = len(left) < len(found) and not left
        return left

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        if not request.notes.get("forgiven"):
            return proceed(state, message)
        try:
            with state.attempt():
                answer = proceed(state, message)
        except Refused:
            return _success(api)
        return _success(api) if answer.text(api.verdict) in ("false", "failure") else answer

    return lambda: {(api.method, "problems"): problems, (api.method, "call"): call}
