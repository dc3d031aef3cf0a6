"""The kinds `order` and `not-above`: one moment is not after another, one number not above another."""

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pytest_qimen import xml
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.rules.model import Break, Choose, Fault, Scope, moment, number, number_text, place
from pytest_qimen.spec import Field, Message, Rule

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
    return _ordered(scope, moment, lambda row, text, rounding: text)


def repair_not_above(scope: Scope) -> bool | None:
    """Give one of two numbers the other's value, rounded where its field holds whole numbers only."""
    return _ordered(scope, lambda text: None if (value := number(text)) is None else ("", value), _rounded)


Key = Callable[[str | None], tuple[str, str] | tuple[str, Decimal] | None]


def _ordered(scope: Scope, key: Key, written: Callable[[Field, str, str], str | None]) -> bool | None:
    """Make the first not greater than the second; the one that gives way takes the other's value."""
    pairs = [*scope.found(scope.rule.terms["first"])[:1], *scope.found(scope.rule.terms["second"])[:1]]
    if len(pairs) < 2:
        return None
    first, second = (element for _, element in pairs)
    low, high = key(first.text), key(second.text)
    if low is None or high is None or low[0] != high[0] or low <= high:
        return None
    for row, element in scope.free(pairs[::-1]):
        other, rounding = (first, ROUND_CEILING) if element is second else (second, ROUND_FLOOR)
        if (text := written(row, other.text or "", rounding)) is not None:
            return scope.write(element, text)
    return False


def _rounded(row: Field, text: str, rounding: str) -> str | None:
    value = number(text) or Decimal()
    return number_text(row, value) or number_text(row, value.to_integral_value(rounding))


def breaks_order(rule: Rule, message: Message, choose: Choose) -> Break:
    """Return two equal moments, and the first made later."""
    form = message.by_path[f"{rule.prefix}{rule.terms['first']}"].format
    now, later = {
        "date": _DAYS,
        "datetime": (f"{_DAYS[0]} {_CLOCKS[0]}", f"{_DAYS[0]} {_CLOCKS[1]}"),
        "time": _CLOCKS,
    }[form or "date"]
    return _breaks(rule, now, later)


def breaks_not_above(rule: Rule, message: Message, choose: Choose) -> Break:
    """Return two numbers of 2, and the first made 3."""
    return _breaks(rule, "2", "3")


def _breaks(rule: Rule, same: str, greater: str) -> Break:
    first, second = rule.terms["first"], rule.terms["second"]
    return Break((Edit("put", first, same), Edit("put", second, same)), Edit("put", first, greater))
