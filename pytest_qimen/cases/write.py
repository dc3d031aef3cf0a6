"""A Case in, the flow that says the same as TOML out (cases/README.md): load_cases reads it back."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from pytest_qimen.cases.model import Case, Check, Step
from pytest_qimen.errors import UsageError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.spec import load_api

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_COUNT = re.compile(r"[1-9]\d*|0")


def flow_toml(case: Case) -> str:
    """One `[[flow]]` table with the steps of `case`; as flows/<topic>.toml it loads as an equal case.

    A case that is no flow gets an id made of its own. UsageError where the format cannot say something: a
    case without steps, one with a control or that judges something else than the verdict, a text that is
    no Unicode, a method that is not bundled.
    """
    if not case.steps or case.control or case.judges != "verdict":
        raise UsageError(say("no-flow", case=case.id))
    head = {
        "id": _identity(case.id),
        "title": {"zh": case.title.zh, "en": case.title.en},
        "level": case.level.value,
        "family": case.family,
        "clause": case.clause,
        "requirements": list(case.requirements),
        "let": case.let,
    } | ({"alone": True} if case.alone else {})
    blocks = [_block("[[flow]]", head)]
    blocks += [_block("[[flow.step]]", _step(step)) for step in case.steps]
    blocks += [_block("[[flow.cleanup]]", _step(step)) for step in case.cleanup]
    return "\n".join(blocks)


def _identity(identity: str) -> str:
    """Return the last part of a flow's id; of every other case what its path makes as one word."""
    if identity.startswith("flows/"):
        return identity.split("/", 2)[2]
    return re.sub(r"[^a-z0-9.]+", "-", identity.lower())


def _block(name: str, table: Mapping[str, Any]) -> str:
    return "\n".join([name, *(f"{key} = {_value(value)}" for key, value in table.items()), ""])


def _step(step: Step) -> dict[str, Any]:
    """Return the keys of the step; those that hold what they hold anyway are left out."""
    said: dict[str, Any] = {"base": step.base, "given": step.given, "message": step.message}
    said |= _changes(step.changes)
    said |= {
        "tamper": list(step.tampers),
        "expect": step.expect,
        "check": [_check(one) for one in step.checks],
    }
    said |= {"save": step.save, "parallel": step.parallel, "times": step.times, "each": step.each}
    said |= {"distinct": step.distinct, "again": step.again, "abandon": step.abandon}
    said |= {"stop": step.stop, "walk": step.walk, "wait": step.wait}
    usual = {"base": "minimal", "parallel": 1, "times": 1}
    return {"method": load_api(step.api.name).name} | {
        key: value for key, value in said.items() if value and usual.get(key) != value
    }


def _changes(changes: Sequence[Edit]) -> dict[str, Any]:
    """Return the changes under the short keys where their order allows it, the rest under `change`."""
    rest = list(changes)
    repeat = _leading(rest, "repeat")
    put = _leading(rest, "put")
    drop = _leading(rest, "drop")
    return {
        "repeat": {change.path: int(change.value) for change in repeat},
        "set": {change.path: change.value for change in put},
        "drop": [change.path for change in drop],
        "change": [
            {"op": change.op}
            | {key: text for key, text in (("path", change.path), ("value", change.value)) if text}
            for change in rest
        ],
    }


def _leading(rest: list[Edit], op: str) -> list[Edit]:
    """Take from the front of `rest` what the short key of `op` can say: no path twice, a plain number."""
    seen: set[str] = set()

    def says(change: Edit) -> bool:
        new = change.op == op and change.path not in seen and bool(change.path)
        seen.add(change.path)
        return new and {"repeat": bool(_COUNT.fullmatch(change.value)), "drop": not change.value}.get(
            op, True
        )

    found = list(takewhile(says, rest))
    del rest[: len(found)]
    return found


def _check(check: Check) -> dict[str, Any]:
    said: dict[str, Any] = {"path": check.path, check.kind: check.value}
    if check.where:
        said["where"] = check.where
    if check.on != "success":
        said["on"] = check.on
    if check.level:
        said["level"] = check.level.value
    if check.given:
        said["given"] = check.given
    return said


def _value(value: Any) -> str:
    """Return a TOML value; tables are written inline, lists of tables one a line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_pairs(value))} }}" if value else "{}"
    if isinstance(value, Sequence):
        tables = bool(value) and isinstance(value[0], Mapping)
        parts = [_value(one) for one in value]
        return (
            "".join(["[\n", *(f"  {part},\n" for part in parts), "]"]) if tables else f"[{', '.join(parts)}]"
        )
    return str(value)


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        yield f"{key if _BARE.fullmatch(key) else _text(key)} = {_value(value)}"


def _text(text: str) -> str:
    """Return a basic string: JSON's, but that TOML wants DEL escaped, too, and knows no half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(say("toml-cannot", text=text)) from None
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
