"""An Api in, the Boundaries of the rules between its fields out: kept, and broken."""

from collections.abc import Iterator

from pytest_qimen.boundaries.model import Boundary, one
from pytest_qimen.messages.edits import Edit
from pytest_qimen.spec import Api, Field, Rule


def rules(api: Api) -> Iterator[Boundary]:
    """What each demand between fields keeps and breaks."""
    for rule in api.rules:
        if rule.direction == "request" and rule.kind in ("required-if", "sum"):
            kept, broken = _condition(api, rule) if rule.kind == "required-if" else _sum(rule)
            field = api.request.by_path.get(f"{rule.prefix}{rule.terms.get('field')}")
            row = Field(f"rule.{rule.id}", type="string", refers=bool(field and field.refers))
            level = rule.level
            yield one(row, "kept", "rule", "success", "must", *kept)
            yield one(row, "broken", "rule", "failure", level, *broken)
            if field and field.usual and (otherwise := _otherwise(api, rule)):
                yield one(row, "not-due", "rule", "success", "must", *otherwise)


def _otherwise(api: Api, rule: Rule) -> list[Edit]:
    """Without the condition a field of the smallest message may be missing; nothing without another code."""
    for path, values in rule.when.items():
        row = api.request.by_path[f"{rule.prefix}{path}"]
        other = next((code for code in row.codes.codes if code not in values), None) if row.codes else None
        if other:
            return [
                Edit("put", row.path, other),
                *(Edit("drop", path) for path in _demanded(api, rule)),
            ]
    return []


def _demanded(api: Api, rule: Rule) -> list[str]:
    """Every field that the rule's condition demands."""
    return [
        f"{rule.prefix}{other.terms['field']}"
        for other in api.rules
        if other.kind == "required-if" and {**other.terms, "field": ""} == {**rule.terms, "field": ""}
    ]


def _condition(api: Api, rule: Rule) -> tuple[list[Edit], list[Edit]]:
    """The condition alone, which is repaired; and the condition with all that it demands but this field."""
    put = [Edit("put", f"{rule.prefix}{path}", values[0]) for path, values in rule.when.items()]
    beside = [Edit("put", path, api.request.by_path[path].example) for path in _demanded(api, rule)]
    return put, [*put, *beside, Edit("as-is"), Edit("drop", f"{rule.prefix}{rule.terms['field']}")]


def _sum(rule: Rule) -> tuple[list[Edit], list[Edit]]:
    part = f"{rule.prefix}{rule.terms['parts']}"
    group = part.rpartition(".")[0]
    two = [Edit("put", part, "2"), Edit("repeat", group, "2")]
    return two, [*two, Edit("as-is"), Edit("put", f"{rule.prefix}{rule.terms['total']}", "3")]
