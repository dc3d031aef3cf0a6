"""An Api in, the Boundaries of the rules between its fields out: kept, and broken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pytest_qimen.boundaries.model import Boundary, one
from pytest_qimen.boundaries.structure import longer_at
from pytest_qimen.messages.edits import Edit
from pytest_qimen.rules import Break, is_tried, just_breaks
from pytest_qimen.spec import Api, Field, Rule


def rules(api: Api) -> Iterator[Boundary]:
    """Yield what each demand between fields keeps and breaks, for each value of its condition."""
    for rule in api.rules:
        ways = list(_ways(api, rule)) if is_tried(rule) else []
        if not ways:
            continue
        field = api.request.by_path.get(f"{rule.prefix}{rule.terms.get('field')}")
        row = Field(f"rule.{rule.id}", type="string", refers=bool(field and field.refers))
        yield one(row, "kept", "rule", "success", "must", *(_below(rule, edit) for edit in ways[0].kept))
        broken = one(row, "broken", "rule", "failure", rule.level)
        yield replace(broken, steps=tuple(edits for how in ways for edits in _broken(api, rule, how)))
        if rule.conditional and field and field.usual and (otherwise := _otherwise(api, rule)):
            yield one(row, "not-due", "rule", "success", "must", *otherwise)


def _ways(api: Api, rule: Rule) -> Iterator[Break]:
    """Yield how a message comes to break the rule, with each value under which it holds."""
    conditions = rule.when.values() if "when" in rule.terms else ()
    for number in range(max(map(len, conditions), default=1)):
        if how := just_breaks(rule, api.request, partial(_one_of, number)):
            yield how


def _one_of(number: int, path: str, values: Sequence[str]) -> str:
    """Return the value of this number, or the last one."""
    return values[min(number, len(values) - 1)]


def _broken(api: Api, rule: Rule, how: Break) -> Iterator[tuple[Edit, ...]]:
    """Yield the message that breaks the rule and nothing else, also in the last line alone."""
    kept = [_below(rule, edit) for edit in how.kept]
    chosen = {edit.path: edit.value for edit in kept}
    beside = [Edit("put", path, _fitting(api, path, chosen)) for path in _demanded(api, rule)]
    yield *kept, *beside, Edit("mend"), Edit("as-is"), _below(rule, how.broken)
    yield from _in_last(api, rule, (*kept, *beside), how.broken)


def _fitting(api: Api, path: str, chosen: Mapping[str, str]) -> str:
    """Return a value of a field that no rule about its codes forbids beside what was chosen."""
    for rule in api.rules:
        speaks = rule.kind == "codes-if" and f"{rule.prefix}{rule.terms['field']}" == path
        if speaks and all(chosen.get(f"{rule.prefix}{one}") in codes for one, codes in rule.when.items()):
            return str(rule.terms["codes"][0])
    return api.request.by_path[path].example


def _in_last(api: Api, rule: Rule, legal: tuple[Edit, ...], broken: Edit) -> Iterator[tuple[Edit, ...]]:
    """Yield a list in whose last element alone the rule is broken; none where its lines look alike."""
    for grown, last, below in longer_at(api, rule.prefix):
        if below == ".":
            yield *legal, grown, Edit("mend"), Edit("as-is"), replace(broken, path=f"{last}.{broken.path}")


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
