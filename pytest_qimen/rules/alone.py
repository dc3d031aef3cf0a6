"""The kind `same-if-alone`: the only element of a list has the value of another field."""

from collections.abc import Iterator

from pytest_qimen import xml
from pytest_qimen.phrases import say
from pytest_qimen.rules.model import Fault, Scope, place
from pytest_qimen.spec import Rule


def judge(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault where a list has one element, and its value is not that of the field."""
    value, found = xml.get(scope, rule.terms["field"]), xml.values(scope, rule.terms["list"])
    if value and len(found) == 1 and _differ(value, found[0]):
        expected = say("field-is", field=rule.terms["field"], value=found[0])
        yield place(scope, rule.terms["field"]), expected, value


def repair(scope: Scope) -> bool | None:
    """Give one of the two the other's value."""
    fields, found = (scope.found(scope.rule.terms[word]) for word in ("field", "list"))
    if len(fields) != 1 or len(found) != 1:
        return None
    if not _differ(fields[0][1].text or "", found[0][1].text or ""):
        return None
    for _, element in scope.free([*found, *fields]):
        other = fields[0][1] if element is found[0][1] else found[0][1]
        return scope.write(element, other.text or "")
    return False


def _differ(one: str, other: str) -> bool:
    """Return True for two numbers that are not the same; what is none the schema speaks of."""
    return one != other and all(text.isascii() and text.isdecimal() for text in (one, other))
