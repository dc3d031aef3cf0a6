"""An Api in, the Boundaries of the rules between its fields out: kept, and broken."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen.boundaries.model import Boundary, one
from pytest_qimen.boundaries.structure import longer
from pytest_qimen.messages.edits import Edit
from pytest_qimen.messages.lists import can_be_told_apart
from pytest_qimen.rules import is_tried, just_breaks
from pytest_qimen.spec import Api, Field, Rule


def rules(api: Api) -> Iterator[Boundary]:
    """Yield what each demand between fields keeps and breaks."""
    for rule in api.rules:
        how = just_breaks(rule, api.request) if is_tried(rule) else None
        if how is None:
            continue
        field = api.request.by_path.get(f"{rule.prefix}{rule.terms.get('field')}")
        row = Field(f"rule.{rule.id}", type="string", refers=bool(field and field.refers))
        kept, wrong = [_below(rule, edit) for edit in how.kept], _below(rule, how.broken)
        beside = [Edit("put", path, api.request.by_path[path].example) for path in _demanded(api, rule)]
        yield one(row, "kept", "rule", "success", "must", *kept)
        legal = (*kept, *beside)
        broken = one(row, "broken", "rule", "failure", rule.level, *legal, Edit("as-is"), wrong)
        yield replace(broken, steps=(*broken.steps, *_in_last(api, rule, legal, how.broken)))
        if rule.conditional and field and field.usual and (otherwise := _otherwise(api, rule)):
            yield one(row, "not-due", "rule", "success", "must", *otherwise)


def _in_last(api: Api, rule: Rule, legal: tuple[Edit, ...], broken: Edit) -> Iterator[tuple[Edit, ...]]:
    """Yield a list in whose last element alone the rule is broken; none where its lines look alike."""
    path, dots, rest = rule.prefix.rpartition("[].")
    lines = api.request.by_path.get(f"{path}[]") if dots and not rest else None
    if lines and lines.limit != 1 and can_be_told_apart(api.request, lines.path, api.given):
        grown, last = longer(lines)
        yield *legal, grown, Edit("as-is"), replace(broken, path=f"{last}.{broken.path}")


def _below(rule: Rule, edit: Edit) -> Edit:
    """Return the edit with the scope of the rule before its path."""
    return replace(edit, path=f"{rule.prefix}{edit.path}")


def _otherwise(api: Api, rule: Rule) -> list[Edit]:
    """Return edits after which a field of the smallest message may be missing; none without another code."""
    for path, values in rule.when.items():
        row = api.request.by_path[f"{rule.prefix}{path}"]
        other = next((code for code in row.codes.codes if code not in values), None) if row.codes else None
        if other:
            return [Edit("put", row.path, other), *(Edit("drop", path) for path in _demanded(api, rule))]
    return []


def _demanded(api: Api, rule: Rule) -> list[str]:
    """Return the path of every field that the rule's condition demands."""
    return [
        f"{rule.prefix}{other.terms['field']}"
        for other in api.rules
        if rule.conditional and other.conditional and _condition(other) == _condition(rule)
    ]


def _condition(rule: Rule) -> dict[str, object]:
    return {**rule.terms, "field": ""}
