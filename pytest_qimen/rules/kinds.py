"""The one table of the kinds of rules: what judges a message by it, what repairs a message, what breaks it.

The kinds and their words are cases/README.md's. A rule is silent where its fields are absent or no legal
numbers or moments: the schema speaks there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pytest_qimen import xml
from pytest_qimen.rules import alone, codes, condition, failed, order, sums
from pytest_qimen.rules.model import Break, Choose, Fault, Held, Scope, Violation, find
from pytest_qimen.spec import Api, Message, Pins, Rule

_PASSES = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule.

    `judge` takes the rule, the element of its scope and the request that the message answers, and yields
    faults. `repair` mends the message at one scope: None where the rule holds or is silent, True where it
    changed something, False where it could not. `breaks` says how a legal message comes to break the rule.
    A rule about an answer and its request has neither: answers are not made by the suite.
    """

    judge: Callable[[Rule, xml.Element, xml.Element | None], Iterator[Fault]]
    repair: Callable[[Scope], bool | None] | None = None
    breaks: Callable[[Rule, Message, Choose], Break] | None = None


KINDS: Mapping[str, Kind] = {
    "required-if": Kind(condition.judge, condition.repair, condition.breaks),
    "codes-if": Kind(codes.judge, codes.repair, codes.breaks),
    "sum": Kind(sums.judge_sum, sums.repair_sum, sums.breaks_sum),
    "equation": Kind(sums.judge_equation, sums.repair_equation, sums.breaks_equation),
    "order": Kind(order.judge_order, order.repair_order, order.breaks_order),
    "not-above": Kind(order.judge_not_above, order.repair_not_above, order.breaks_not_above),
    "same-if-alone": Kind(alone.judge, alone.repair),
    "failed-are-sent": Kind(failed.judge),
}


def broken(
    api: Api, direction: str, root: xml.Element, request: xml.Element | None = None
) -> tuple[Violation, ...]:
    """Return what the message breaks of the direction's rules, in the order of the file.

    `request` is the message that `root` answers; without it the rules that look back at it are silent.
    """
    return tuple(
        Violation(rule, *fault)
        for rule in api.rules
        if rule.direction == direction
        for scope in xml.find(root, rule.terms.get("scope", ""))
        for fault in KINDS[rule.kind].judge(rule, scope, request)
    )


def is_tried(rule: Rule) -> bool:
    """Return whether messages that keep and break the rule are sent: it demands something of a request."""
    demands = rule.level != "may" or rule.conditional
    return rule.direction == "request" and demands and KINDS[rule.kind].breaks is not None


def just_breaks(
    rule: Rule, message: Message, choose: Choose = lambda path, values: values[0]
) -> Break | None:
    """Return how a legal message comes to break the rule and no other; None where its kind knows no way."""
    breaks = KINDS[rule.kind].breaks
    return breaks(rule, message, choose) if breaks else None


def repair_once(
    message: Message,
    rules: Sequence[Rule],
    pins: Pins,
    root: xml.Element,
    held: Held,
    kept: AbstractSet[xml.Element] = frozenset(),
) -> bool | None:
    """Mend what each rule finds broken, once.

    None: nothing was broken. True: something was changed, which may have broken another rule. False: a rule
    cannot be kept without a change of a pinned or kept element. What was not edited gives way first.
    """
    outcomes = [
        repair(Scope(message, pins, held, kept, rule, scope))
        for rule in rules
        if (repair := KINDS[rule.kind].repair)
        for scope in find(root, rule.terms.get("scope", ""))
    ]
    return False if False in outcomes else True if True in outcomes else None


def repair(
    message: Message,
    rules: Sequence[Rule],
    pins: Pins,
    root: xml.Element,
    kept: AbstractSet[xml.Element] = frozenset(),
) -> bool:
    """Bring what depends on other fields back into line, in place; return whether every rule holds.

    Elements in `kept` and pinned ones stay as they are.
    """
    held: Held = set()
    outcomes = (repair_once(message, rules, pins, root, held, kept) for _ in range(_PASSES))
    return any(outcome is None for outcome in outcomes)
