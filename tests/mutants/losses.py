"""A query in, the mutants out that lose or confuse what it shows of earlier messages."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pytest_qimen import xml
from pytest_qimen.cases.echoes import ALIASES
from pytest_qimen.cases.shown import Pair, Shown, shown_by
from pytest_qimen.messages.distinct import is_amount, two_values
from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults import plugs_of
from pytest_qimen.reference.request import Proceed, Request
from pytest_qimen.runner.masterdata import NAMES
from pytest_qimen.spec import Api, Field
from pytest_qimen.verdict import Level
from tests.mutants.model import NOTHING_THERE, UNTOLD, Acts, Mutant

_MOMENTS = {"date": "2020-01-01", "datetime": "2020-01-01 01:01:01", "time": "01:01:01"}
_KEYS = ("Code", "Id", "Type", "_code", "_id")
_CURSORS = ("scroll_id",)  # the next one is another one
Change = Callable[[str], str]


def losing(query: Api) -> Iterator[Mutant]:
    """Yield the mutants of every field that a method and this query share, unless recorded only."""
    for shown in shown_by(query):
        for pair in shown.pairs:
            if pair.recorded or pair.is_mark:
                continue
            if pair.shown.need == "must":
                yield _mutant(shown, pair, "lost", _on_maker(shown, pair, lambda text: ""))
            if pair.sent.key or pair.sent.refers:
                continue
            yield _mutant(
                shown, pair, "constant", _on_maker(shown, pair, lambda text, row=pair.sent: _other(row))
            )
            if _differs(pair):
                yield _mutant(shown, pair, "of-another", lambda shown=shown, pair=pair: _first(shown, pair))
                if shown.update and pair.sent.path in shown.update.request.by_path:
                    yield _mutant(shown, pair, "of-before", _outdated(shown, shown.update, pair))


def confusing(query: Api) -> Iterator[Mutant]:
    """Yield the mutants that show another key than the one that was asked for."""
    asked = {row.name: row for row in query.request.leaves if row.name.endswith(_KEYS)}
    compared = {pair.shown.path for shown in shown_by(query) for pair in shown.pairs}
    for row in query.response.leaves if query.readonly else ():
        if row.name not in asked or row.name in (*_CURSORS, *ALIASES) or row.path in compared or row.doubt:
            continue
        level = Level.MUST if asked[row.name].need == "must" else Level.SHOULD
        sees = (f"{query.name}/readback/asked/", f"{query.name}/case/")
        acts, note = _altered(query, row), _why_unseen(query, asked[row.name])
        yield Mutant(query.name, "shows-other-key", row.path, level, acts, sees, fresh=True, note=note)


def _why_unseen(query: Api, key: Field) -> str:
    """Return why no answer may hold the key: the suite can ask with an example alone, or not even that."""
    if key.need == "must" or key.path in query.given:
        return ""
    return UNTOLD if key.name.endswith(("Id", "_id")) else NOTHING_THERE


def _altered(query: Api, row: Field) -> Callable[[], Acts]:
    def answer(request: Request, root: xml.Element) -> None:
        for element in xml.find(root, row.path):
            element.text = _beside(row, element.text) if element.text else None

    return lambda: {(query.method, "answer"): answer}


def _beside(row: Field, text: str) -> str:
    """Return another legal value like this one."""
    if row.codes:
        return next((code for code in row.codes.codes if code != text), text)
    return text[:-1] + ("1" if text.endswith("0") else "0")


def open_pairs(query: Api) -> int:
    """Return how many shared fields are recorded only, or may be left out by the query."""
    pairs = [pair for shown in shown_by(query) for pair in shown.pairs]
    return sum(pair.recorded or pair.shown.need != "must" for pair in pairs)


def _differs(pair: Pair) -> bool:
    """Return whether two documents can hold two values of it.

    Not with one code, nor what only the printed value is surely legal in; and a target knows one owner, one
    warehouse, one shop.
    """
    if pair.sent.name in NAMES:
        return False
    one, two = two_values(pair.sent, pair.shown)
    return one != two or one.startswith("@")


def _mutant(shown: Shown, pair: Pair, kind: str, make: Callable[[], Acts]) -> Mutant:
    place, name = pair.shown.path.replace("[]", ""), shown.query.name
    maker = "updated" if kind == "of-before" else shown.maker.method
    own = (f"{name}/readback/{maker}/{place}", f"{name}/readback/{maker}/")
    sees = (f"{name}/answer/success", *own) if kind == "lost" else own
    path = f"{pair.shown.path}<{maker}"
    return Mutant(name, f"shows-{kind}", path, Level.MUST, make, sees, fresh=True)


def _other(row: Field) -> str:
    """Return a value that is legal and always the same."""
    if row.codes:
        return next((code for code in row.codes.codes if code != row.example), row.example)
    if row.type == "boolean":
        return "true"
    return _MOMENTS.get(row.format or "", "3" if is_amount(row) else "X")


def _each(value: Any, steps: list[str], change: Change) -> None:
    """Change every text at a path of names; one that becomes empty is taken out."""
    if isinstance(value, list):
        for one in value:
            _each(one, steps, change)
    elif isinstance(value, Data) and steps[0] in value:
        found = value[steps[0]]
        if steps[1:]:
            _each(found, steps[1:], change)
        elif isinstance(found, str):
            value[steps[0]] = change(found)
            if not value[steps[0]]:
                del value[steps[0]]


def _steps(path: str) -> list[str]:
    return path.replace("[]", "").split(".")


def _on_maker(shown: Shown, pair: Pair, change: Change) -> Callable[[], Acts]:
    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        _each(message, _steps(pair.sent.path), change)
        return proceed(state, message)

    return lambda: {(shown.maker.method, "call"): call}


def _first(shown: Shown, pair: Pair) -> Acts:
    """Show the value of the first document that was asked for."""
    plugs = plugs_of([f"first-value-kept@{shown.query.method}:{pair.shown.path}"])
    return {(plug.methods, plug.point): plug.act for plug in plugs}


def _outdated(shown: Shown, update: Api, pair: Pair) -> Callable[[], Acts]:
    """Keep the first value that a document had, whatever an update says."""
    keys = {path: place.removeprefix("request:") for path, place in shown.update_set.items()}
    known = {path: place for path, place in keys.items() if place in shown.maker.request.by_path}

    def make() -> Acts:
        memory: dict[tuple[str, ...], str] = {}

        def kept(paths: Mapping[str, str], first: bool) -> Callable[..., Data]:
            def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
                key = tuple(message.text(path) for path in (known.values() if first else known))

                def change(text: str) -> str:
                    return memory.setdefault(key, text)

                _each(message, _steps(pair.sent.path), change)
                return proceed(state, message)

            return call

        return {
            (update.method, "call"): kept(known, False),
            (shown.maker.method, "call"): kept(known, True),
        }

    return make
