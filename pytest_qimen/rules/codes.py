"""The kind `codes-if`: a field has one of certain codes where other fields have certain values."""

from collections.abc import Iterator

from pytest_qimen import xml
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.rules.condition import holds
from pytest_qimen.rules.model import Break, Choose, Fault, Scope
from pytest_qimen.spec import Message, Rule


def judge(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault for every value of the field that the condition does not allow."""
    if not holds(rule, scope):
        return
    codes = rule.terms["codes"]
    for element in xml.find(scope, rule.terms["field"]):
        if (code := xml.text(element)) and code not in codes:
            yield xml.place(element), say("one-of", values=tuple(codes)), code


def repair(scope: Scope) -> bool | None:
    """Give the field the first code that the condition allows."""
    codes = scope.rule.terms["codes"]
    wrong = [pair for pair in scope.found(scope.rule.terms["field"]) if pair[1].text not in codes]
    if not wrong or not holds(scope.rule, scope.root):
        return None
    free = scope.free(wrong)
    for _, element in free:
        scope.write(element, codes[0])
    return len(free) == len(wrong)


def breaks(rule: Rule, message: Message, choose: Choose) -> Break:
    """Return what makes the condition hold with an allowed code, and another code of the field's list."""
    field, codes = rule.terms["field"], rule.terms["codes"]
    row = message.by_path[f"{rule.prefix}{field}"]
    assert row.codes
    other = next(code for code in row.codes.codes if code not in codes)
    kept = (Edit("put", path, choose(path, values)) for path, values in rule.when.items())
    return Break((*kept, Edit("put", field, codes[0])), Edit("put", field, other))
