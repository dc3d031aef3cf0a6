"""What a step expects of its answer: accepted or refused, and the values that it must hold."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pytest_qimen import xml
from pytest_qimen.cases import Check, Step
from pytest_qimen.checks.answer import Answer
from pytest_qimen.client.request import CHINA
from pytest_qimen.rules.judge import names_in
from pytest_qimen.verdict import Finding, Level

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s*")
_PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
COUNTING = ("count", "at-most")
TOLD = (
    "flag",
    "is_success",
    "success",
    "code",
    "sub_code",
    "err_code",
    "message",
    "msg",
    "sub_msg",
    "err_msg",
)
WORDS = {"success": "the request is accepted", "failure": "the request is refused"}


def verdict(step: Step, answer: Answer, level: Level, clause: str) -> Iterator[Finding]:
    """One finding where the endpoint did the opposite of what the step expects; a note where it is open."""
    if step.expect == "any":
        if answer.verdict:
            yield Finding("contract.observed", Level.MAY, "", "either answer", describe(answer), clause)
    elif answer.verdict != step.expect:
        name = "contract.accepts" if step.expect == "success" else "contract.refuses"
        yield Finding(name, level, "", WORDS[step.expect], describe(answer), clause)


def describe(answer: Answer) -> str:
    """What the answer says, in one line."""
    if answer.root is None:
        return answer.reason
    places = [answer.root, *xml.find(answer.root, "result")]
    there = {xml.name(child) for place in places for child in place.iterchildren("*")}
    words = [
        f"{name}={xml.text(found[0])}"
        for name in TOLD
        if name in there and (found := xml.find(answer.root, name) or xml.find(answer.root, f"result.{name}"))
    ]
    return " ".join(words) or f"<{xml.name(answer.root)}> without a verdict"


def content(checks: tuple[Check, ...], answer: Answer, level: Level, clause: str) -> Iterator[Finding]:
    """A finding for every check that the answer does not meet; `value`s are resolved already."""
    if answer.root is None:
        return
    for check in checks:
        if check.on in (answer.verdict, "any"):
            found = _values(answer.root, check)
            if check.kind not in COUNTING:  # an empty element is an absent one (design.md 6.5)
                found = [text for text in found if text]
            expected = _JUDGES[check.kind](found, check.value)
            if expected:
                yield Finding(
                    f"contract.{check.kind}",
                    check.level or level,
                    check.path,
                    expected,
                    ", ".join(found[:20]) or "nothing",
                    clause,
                )


def _values(root: xml.Element, check: Check) -> list[str]:
    """The texts at the check's path whose siblings match `where`."""
    return [
        xml.text(element)
        for element in xml.find(root, check.path)
        if all(_same(xml.get(_parent(element), path) or "", wanted) for path, wanted in check.where.items())
    ]


def _parent(element: xml.Element) -> xml.Element:
    parent = element.getparent()
    return element if parent is None else parent


def _number(text: str) -> Decimal | None:
    """The number that the text writes; None for what is no plain number or nobody's amount."""
    return Decimal(text.strip()) if len(text) <= 60 and _NUMBER.fullmatch(text) else None


def _same(one: str, other: str) -> bool:
    """Equal as texts, or as numbers written in the usual way: 12 is 12.00, but 0012 is a text."""
    plain = [text.strip() for text in (one, other) if len(text) <= 60 and _PLAIN.fullmatch(text.strip())]
    return one == other or (len(plain) == 2 and Decimal(plain[0]) == Decimal(plain[1]))


def _is(found: list[str], value: Any) -> str:
    return "" if found and all(_same(text, str(value)) for text in found) else str(value)


def _not(found: list[str], value: Any) -> str:
    return f"anything but {value}" if any(_same(text, str(value)) for text in found) else ""


def _only(found: list[str], value: Any) -> str:
    """As `is` or `in`, but what the answer leaves out is no fault."""
    wanted = value if isinstance(value, list) else [value]
    ok = all(any(_same(text, str(one)) for one in wanted) for text in found)
    return "" if ok else f"only {', '.join(map(str, wanted))}"


def _not_contains(found: list[str], value: Any) -> str:
    return f"no text with {value!r} in it" if any(str(value) in text for text in found) else ""


def _in(found: list[str], value: Any) -> str:
    ok = found and all(any(_same(text, str(one)) for one in value) for text in found)
    return "" if ok else f"one of {', '.join(map(str, value))}"


def _count(found: list[str], value: Any) -> str:
    return "" if len(found) == int(value) else f"{value} of them, not {len(found)}"


def _at_most(found: list[str], value: Any) -> str:
    return "" if len(found) <= int(value) else f"at most {value} of them, not {len(found)}"


def _sum(found: list[str], value: Any) -> str:
    numbers = [_number(text) for text in found]
    total = sum((number for number in numbers if number is not None), Decimal(0))
    return "" if None not in numbers and total == Decimal(str(value)) else f"a sum of {value}"


def _present(found: list[str], value: Any) -> str:
    return "" if any(found) else "a value"


def _absent(found: list[str], value: Any) -> str:
    return "nothing" if any(found) else ""


def _unique(found: list[str], value: Any) -> str:
    return "" if len(set(found)) == len(found) else "no value twice"


def _lists(found: list[str], value: Any) -> str:
    named = {name for text in found for name in names_in(text)}
    return "" if str(value) in named else f"{value} among them"


def _json(found: list[str], value: Any) -> str:
    try:
        trees = [json.loads(text) for text in found if text]
    except (ValueError, RecursionError):
        return "valid JSON"
    return "" if all(isinstance(tree, list | dict) for tree in trees) else "JSON with a list or an object"


def _within_minutes(found: list[str], value: Any) -> str:
    """A time of the form yyyy-MM-dd HH:mm:ss, in China, within so many minutes of ours."""
    now = datetime.now(CHINA).replace(tzinfo=None)
    try:
        gaps = [abs(datetime.strptime(text, "%Y-%m-%d %H:%M:%S") - now) for text in found]
    except ValueError:
        return "a time yyyy-MM-dd HH:mm:ss"
    return (
        ""
        if gaps and max(gaps) <= timedelta(minutes=value)
        else f"a time within {value} minutes of {now:%F %T}"
    )


_JUDGES: Mapping[str, Callable[[list[str], Any], str]] = {
    "is": _is,
    "only": _only,
    "not": _not,
    "not-contains": _not_contains,
    "in": _in,
    "count": _count,
    "at-most": _at_most,
    "sum": _sum,
    "present": _present,
    "absent": _absent,
    "unique": _unique,
    "lists": _lists,
    "json": _json,
    "within-minutes": _within_minutes,
}
