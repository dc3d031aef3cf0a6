"""What the cases of a readback are made of: a document, the query that asks for it, and what this shows."""

from collections.abc import Mapping
from typing import Any

from pytest_qimen.cases.model import Case, Check, Kind, Step, api_case, minimal_id
from pytest_qimen.cases.shown import Pair, Shown
from pytest_qimen.messages.distinct import is_amount
from pytest_qimen.messages.edits import Edit
from pytest_qimen.toml import Text


def case_of(shown: Shown, path: str, title: Text, place: str, steps: tuple[Step, ...], **more: Any) -> Case:
    """Return a case of the query about a place of its answer, which needs both methods' smallest messages."""
    query, maker = shown.query, shown.maker
    settings: dict[str, Any] = {
        "requirements": (f"readback.{query.method}",),
        "clause": f"{query.source} response.{place}" if place else query.source,
        "requires": (minimal_id(maker), minimal_id(query)),
        "kind": Kind.READBACK,
    }
    let = {_key(name, number): "" for name in shown.told for number in (0, 1)} | more.pop("let", {})
    return api_case(query, path, "roundtrip", title, steps=steps, let=let, **settings | more)


def making(shown: Shown, *changes: Edit, number: int = 0, save: Mapping[str, str] | None = None) -> Step:
    """Return the step that makes a document; its keys are saved, those of the second under other names."""
    saved = {_key(name, number): place for name, place in shown.saved.items()}
    return Step(
        shown.maker, changes=(*shown.asked_keys, *changes), given=True, save={**saved, **(save or {})}
    )


def _key(name: str, number: int) -> str:
    return f"other-{name}" if number else name


def asking(shown: Shown, *checks: Check, number: int = 0) -> Step:
    """Return the step that asks for the document, by the keys that were saved."""
    names = {place: name for name, place in shown.saved.items()}
    keys = [Edit("put", path, f"@{_key(names[place], number)}") for path, place in shown.give.items()]
    return Step(shown.query, changes=tuple(keys), given=True, checks=checks)


def showing(pair: Pair, value: Any, where: Mapping[str, str] | None = None) -> Check:
    """Return the check that the value comes back: as it was written, an amount as the same number."""
    kind = "only" if is_amount(pair.sent) or is_amount(pair.shown) else "verbatim"
    return Check(pair.shown.path, kind, value, where or {})


def _open_list(pairs: list[Pair]) -> tuple[str, str] | None:
    """Return the list of the request, and its mark, whose lines the answer shows among those of others."""
    return next((pair.mark for pair in pairs if pair.mark and not pair.is_numbered), None)


def new_mark(pairs: list[Pair]) -> list[Edit]:
    """Return the edit that gives the line of such a list a mark of its own."""
    return [Edit("put", ".".join(found), "@new")] if (found := _open_list(pairs)) else []


def saved_mark(pairs: list[Pair]) -> Mapping[str, str]:
    """Return the place of that mark, to be saved."""
    return {"mark": f"request:{'.'.join(found)}"} if (found := _open_list(pairs)) else {}


def where_of(pair: Pair) -> Mapping[str, str]:
    """Return what chooses that line in the answer."""
    return {pair.mark[1]: "@mark"} if pair.mark and not pair.is_numbered else {}
