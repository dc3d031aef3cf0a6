"""Faults of what a query shows: values that were changed on their way, forgotten, or are another's.

Those that take a place, `first-value-kept@singleitem.query:item.color`, hold for every field without one.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from html import unescape
from typing import Any

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import State
from pytest_qimen.reference.faults.calls import after
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Proceed, Request
from pytest_qimen.spec import load_api

FAMILY = Family("call")
_QUERY = "*.query"
_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "True", "On"), "1"),
    **dict.fromkeys(("false", "no", "off", "False", "NO", "Off"), "0"),
}
Change = Callable[[str, str], str]  # (path, text) -> text


def _each(value: Any, change: Change, path: str = "") -> Any:
    """Return the value with every text in it changed."""
    if isinstance(value, str):
        return change(path, value)
    if isinstance(value, list):
        return [_each(one, change, f"{path}[]") for one in value]
    below = f"{path}." if path else ""
    return Data({name: _each(one, change, f"{below}{name}") for name, one in value.items()})


def _shown(change: Change) -> Hook:
    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        found: Data = _each(proceed(state, message), change)
        return found

    return call


def _at(make: Callable[[str, str], str]) -> Callable[[str], Mapping[str, Hook]]:
    """Return a maker of faults at one place; `make` gets path and text of each value there."""
    return lambda place: {
        "call": _shown(lambda path, text: make(path, text) if place in ("", path) else text)
    }


def _guessed_date(path: str, text: str) -> str:
    found = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})", text)
    return f"2024-{int(found[1]):02}-{int(found[2]):02}" if found else text


def _day_before(path: str, text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text
    return (date.fromisoformat(text) - timedelta(days=1)).isoformat()


def _gbk(path: str, text: str) -> str:
    return text.encode("gbk", "replace").decode("gbk")


FAMILY.rows(
    ("dates-guessed", _shown(_guessed_date)),
    ("dates-a-day-early", _shown(_day_before)),
    ("words-taken-for-values", _shown(lambda path, text: _WORDS.get(text, text))),
    ("texts-unescaped-twice", _shown(lambda path, text: unescape(text))),
    ("texts-kept-in-gbk", _shown(_gbk)),
    ("texts-cut-at-40", _shown(lambda path, text: text[:40])),
    ("accents-composed", _shown(lambda path, text: unicodedata.normalize("NFC", text))),
    ("texts-made-compatible", _shown(lambda path, text: unicodedata.normalize("NFKC", text))),
    ("formulas-quoted", _shown(lambda path, text: f"'{text}" if text[:1] in "=@" else text)),
    methods=_QUERY,
)


def _first(place: str) -> Mapping[str, Hook]:
    """Show the value that the first answer had there, whatever is asked."""
    seen: dict[str, str] = {}

    def shown(path: str, text: str) -> str:
        keys = path.endswith(("Code", "Id", "LineNo", "status", "Type"))
        return text if (keys and not place) or place not in ("", path) else seen.setdefault(path, text)

    return {"call": _shown(shown)}


FAMILY.add("first-value-kept", _first, methods=_QUERY, takes_path=True)


def _altered(place: str) -> Mapping[str, Hook]:
    """Show another code than the one that was asked for."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        asked = {row.name for row in load_api(state.method).request.leaves if row.name.endswith("Code")}

        def change(path: str, text: str) -> str:
            meant = path == place or (not place and path.rpartition(".")[2] in asked)
            return f"{text[:-1]}{'1' if text.endswith('0') else '0'}" if meant else text

        found: Data = _each(proceed(state, message), change)
        return found

    return {"call": call}


FAMILY.add("asked-code-altered", _altered, methods=_QUERY, takes_path=True)


def _as_words(state: State, message: Data, answer: Data) -> None:
    """Fill the optional texts of every group that is there."""
    for row in load_api(state.method).response.leaves:
        if row.need == "optional" and row.type == "string" and not (row.codes or row.format):
            groups = answer.rows(row.parent.replace("[]", "")) if row.parent else [answer]
            for group in groups:
                group.setdefault(row.name, "null")


FAMILY.rows(("nothing-shown-as-null", after(_as_words)), methods=_QUERY)


def _line_of_first(state: State, message: Data, answer: Data) -> None:
    lines = answer.rows("orderLines.orderLine")
    for line in lines[1:]:
        line.update({name: lines[0][name] for name in ("batchCode", "produceCode") if name in lines[0]})


FAMILY.rows(("lines-show-the-first", after(_line_of_first)), methods=_QUERY)


def _forgetful(place: str) -> Mapping[str, Hook]:
    """Leave one field as it was when an item is updated."""
    name = place.rpartition(".")[2] or "color"

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        item = message.group("item")
        known = state.get("item", message.text("ownerCode"), item.text("itemCode"))
        if known and name in known:
            item[name] = known[name]
        return proceed(state, message)

    return {"call": call}


FAMILY.add("update-forgets-field", _forgetful, methods="singleitem.synchronize", takes_path=True)
