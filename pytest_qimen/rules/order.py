"""The kinds `order` and `not-above`: one moment is not after another, one number not above another."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from pytest_qimen import xml
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.rules.model import Break, Choose, Fault, Scope, moment, number, place
from pytest_qimen.spec import Message, Rule

_DAYS = ("2016-05-01", "2016-05-02")
_CLOCKS = ("10:00:00", "11:00:00")


def judge_order(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault where two moments of one kind stand in the wrong order."""
    first, second = (moment(xml.get(scope, rule.terms[word])) for word in ("first", "second"))
    if first and second and first[0] == second[0] and first > second:
        expected = say("not-after", field=rule.terms["second"], value=second[1])
        yield place(scope, rule.terms["first"]), expected, first[1]


def judge_not_above(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault where the first number is above the second."""
    first, second = (number(xml.get(scope, rule.terms[word])) for word in ("first", "second"))
    if first is not None and second is not None and first > second:
        expected = say("at-most-field", field=rule.terms["second"], value=f"{second:f}")
        yield place(scope, rule.terms["first"]), expected, f"{first:f}"


def repair_order(scope: Scope) -> bool | None:
    """Give one of two moments the other's value."""
    return _ordered(scope, moment)


def repair_not_above(scope: Scope) -> bool | None:
    """Give one of two numbers the other's value."""
    return _ordered(scope, lambda text: None if (value := number(text)) is None else ("", value))


Key = Callable[[str | None], tuple[str, str] | tuple[str, Decimal] | None]


def _ordered(scope: Scope, key: Key) -> bool | None:
    """Make the first not greater than the second; the one that gives way takes the other's value."""
    pairs = [*scope.found(scope.rule.terms["first"])[:1], *scope.found(scope.rule.terms["second"])[:1]]
    if len(pairs) < 2:
        return None
    first, second = (element for _, element in pairs)
    low, high = key(first.text), key(second.text)
    if low is None or high is None or low[0] != high[0] or low <= high:
        return None
    free = scope.free(pairs[::-1])
    if not free:
        return False
    other = first if free[0][1] is second else second
    return scope.write(free[0][1], other.text or "")


def breaks_order(rule: Rule, message: Message, choose: Choose) -> Break:
    """Both moments are the same; the first becomes later."""
    form = message.by_path[f"{rule.prefix}{rule.terms['first']}"].format
    now, later = {
        "date": _DAYS,
        "datetime": (f"{_DAYS[0]} {_CLOCKS[0]}", f"{_DAYS[0]} {_CLOCKS[1]}"),
        "time": _CLOCKS,
    }[form or "date"]
    return _breaks(rule, now, later)


def breaks_not_above(rule: Rule, message: Message, choose: Choose) -> Break:
    """Both numbers are 2; the first becomes 3."""
    return _breaks(rule, "2", "3")


def _breaks(rule: Rule, same: str, greater: str) -> Break:
    first, second = rule.terms["first"], rule.terms["second"]
    return Break((Edit("put", first, same), Edit("put", second, same)), Edit("put", first, greater))
