"""The kind `required-if`: a field is there where other fields have certain values."""

from collections.abc import Iterator

from pytest_qimen import xml
from pytest_qimen.messages import samples
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.rules.model import Break, Choose, Fault, Scope, find
from pytest_qimen.spec import Message, Rule


def judge(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault for every place where the field is missing although the condition holds."""
    if not holds(rule, scope):
        return
    because = tuple(say("field-is", field=path, value=xml.get(scope, path) or "") for path in rule.when)
    for path in _missing(scope, xml.steps(rule.terms["field"])):
        yield path, say("because", conditions=because), say("nothing")


def holds(rule: Rule, scope: xml.Element) -> bool:
    """Return whether every field of the rule's condition has one of its values."""
    return all(set(values) & set(xml.values(scope, path)) for path, values in rule.when.items())


def _missing(element: xml.Element, steps: list[tuple[str, int | None]]) -> Iterator[str]:
    """Yield the paths where the field is missing: a list needs one element, and each needs the field."""
    (tag, index), *rest = steps
    found = [child for child in element if xml.name(child) == tag and _filled(child)]
    if not found:
        yield ".".join(filter(None, (xml.place(element), *(step for step, _ in steps))))
    for child in found if index is None else found[:1]:
        if rest:
            yield from _missing(child, rest)


def _filled(element: xml.Element) -> bool:
    """Return whether any value stands in or below the element: an empty one is an absent one."""
    return any(xml.text(each) for each in element.iter() if not len(each))


def repair(scope: Scope) -> bool | None:
    """Add what the condition demands, with its example or its pin."""
    for path, values in scope.rule.when.items():
        if not any(element.text in values for element in find(scope.root, path)):
            return None
    names = scope.rule.terms["field"].split(".")
    return True if any(list(_supplied(scope, scope.root, names, scope.rule.prefix))) else None


def _supplied(scope: Scope, parent: xml.Element, names: list[str], prefix: str) -> Iterator[bool]:
    """Yield, for every element that leads to the field, whether something had to be added."""
    path, tag = f"{prefix}{names[0]}", names[0].removesuffix("[]")
    row = scope.message.by_path[path]
    found = parent.findall(tag) or [xml.append(parent, tag)]
    for element in found if row.repeated else found[:1]:
        empty = not _filled(element)
        yield empty
        if empty and row.leaf:
            element.text = scope.pins.get(path, [row.example])[0]
        elif empty:
            xml.clear(element)
            samples.fill(element, scope.message, path)
        if not row.leaf:
            yield from _supplied(scope, element, names[1:], f"{path}.")


def breaks(rule: Rule, message: Message, choose: Choose) -> Break:
    """Return what makes the condition hold, and the field taken out: in a list from its first element."""
    *groups, name = rule.terms["field"].split(".")
    kept = (Edit("put", path, choose(path, values)) for path, values in rule.when.items())
    return Break(tuple(kept), Edit("drop", ".".join([*(group.removesuffix("[]") for group in groups), name])))
