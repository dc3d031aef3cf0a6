"""A Case whose steps were drawn in, plain data for events.jsonl out, and back: so that it can be replayed."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from pytest_qimen.cases import Case, Check, Step
from pytest_qimen.change import Change
from pytest_qimen.findings import Level
from pytest_qimen.spec import load_api

_PLAIN = {
    one.name: one.default for one in fields(Step) if one.name not in ("api", "changes", "checks", "save")
}


def to_data(case: Case) -> dict[str, Any]:
    """`let`, the level and the steps; of a step its method and what it says beyond the defaults."""
    return {"level": case.level.value, "let": dict(case.let), "steps": [_step(step) for step in case.steps]}


def _step(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {"method": step.api.name}
    found |= {name: getattr(step, name) for name, usual in _PLAIN.items() if getattr(step, name) != usual}
    if step.changes:
        found["changes"] = [[one.op, one.path, one.value] for one in step.changes]
    if step.checks:
        found["checks"] = [_check(one) for one in step.checks]
    return found | ({"save": dict(step.save)} if step.save else {})


def _check(check: Check) -> dict[str, Any]:
    found = {one.name: getattr(check, one.name) for one in fields(Check)}
    return found | {"where": dict(check.where), "level": check.level.value if check.level else None}


def from_data(case: Case, data: Mapping[str, Any]) -> Case:
    """The case with its drawn steps; KeyError, TypeError or ValueError for what `to_data` never made."""
    steps = tuple(_read(step) for step in data["steps"])
    return replace(case, steps=steps, let=data["let"], level=Level(data["level"]))


def _read(data: Mapping[str, Any]) -> Step:
    made = {name: data[name] for name in _PLAIN if name in data}
    if "tampers" in made:
        made["tampers"] = tuple(made["tampers"])
    checks = tuple(
        Check(**{**one, "level": Level(one["level"]) if one["level"] else None})
        for one in data.get("checks", ())
    )
    changes = tuple(Change(*one) for one in data.get("changes", ()))
    return Step(load_api(data["method"]), changes=changes, checks=checks, save=data.get("save", {}), **made)
