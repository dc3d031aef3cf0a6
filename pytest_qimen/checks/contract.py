"""What a step expects of its answer: accepted or refused, and the values that it must hold."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pytest_qimen import xml
from pytest_qimen.cases import Check, milder_note
from pytest_qimen.checks.answer import ERROR_ROOT, Answer
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client import clock
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import Said, say
from pytest_qimen.rules import names_in
from pytest_qimen.verdict import Finding, Level

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
_PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
VERDICTS = frozenset({"contract.accepts", "contract.refuses", "contract.observed"})
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
_REFUSING = frozenset({"failure", "failed", "fail", "false", "error"})
WORDS = {"success": say("accepted"), "failure": say("refused")}


def verdict(evidence: Evidence) -> Iterator[Finding]:
    """One finding where the endpoint did the opposite of what the step expects; a note where it is open."""
    step, answer, level, clause = evidence.step, evidence.answer, evidence.level, evidence.clause
    if step.expect == "any":
        if answer.verdict:
            yield Finding("contract.observed", Level.MAY, "", say("either"), describe(answer), clause)
    elif (answer.verdict or ("failure" if is_refusal(answer) else None)) != step.expect:
        name = "contract.accepts" if step.expect == "success" else "contract.refuses"
        note = milder_note(step)
        wanted = say("with-note", wanted=WORDS[step.expect], note=note) if note else WORDS[step.expect]
        yield Finding(name, level, "", wanted, describe(answer), clause)


def delivered(evidence: Evidence) -> Iterator[Finding]:
    """One finding where a legal way onto the wire did not lead to success, however it was refused."""
    answer, status = evidence.answer, evidence.exchange.status
    if answer.verdict != "success":
        said = describe(answer) if status == 200 else f"HTTP {status}"
        yield Finding("contract.accepts", evidence.level, "", WORDS["success"], said, evidence.clause)


def undelivered(exchange: Exchange, level: Level, clause: str) -> Finding:
    """Return the finding for a legal way onto the wire that got no answer."""
    assert exchange.error
    return Finding("contract.accepts", level, "", WORDS["success"], exchange.error.said(), clause, 1)


def is_refusal(answer: Answer) -> bool:
    """Return True when the answer says that it refuses, though not in the form that the documents print."""
    if answer.verdict or answer.root is None:
        return answer.verdict == "failure"
    flags = {xml.text(one).strip().lower() for one in xml.find(answer.root, "flag")}
    return bool(xml.find(answer.root, ERROR_ROOT)) or not flags.isdisjoint(_REFUSING)


def describe(answer: Answer) -> Said:
    """Return what the answer says, in one line: its own words, or those in a result or error_response."""
    if answer.root is None:
        return answer.reason
    places = [answer.root, *xml.find(answer.root, "result"), *xml.find(answer.root, ERROR_ROOT)]
    told: dict[str, str] = {}
    for child in (child for place in places for child in place.iterchildren("*")):
        told.setdefault(xml.name(child), xml.text(child))
    words = [f"{name}={told[name]}" for name in TOLD if name in told]
    return " ".join(words) or say("no-verdict", root=xml.name(answer.root))


def content(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for every check of the step that the answer does not meet."""
    answer = evidence.answer
    if answer.root is None:
        return
    for check in evidence.step.checks:
        if check.on in (answer.verdict, "any"):
            found = _values(answer.root, check)
            if check.kind not in COUNTING:  # an empty element is an absent one (design.md 6.5)
                found = [text for text in found if text]
            expected = _JUDGES[check.kind](found, _wanted(answer.root, check))
            if expected:
                yield Finding(
                    f"contract.{check.kind}",
                    check.level or evidence.level,
                    check.path,
                    expected,
                    ", ".join(found[:20]) or say("nothing"),
                    evidence.clause,
                )


def _wanted(root: xml.Element, check: Check) -> Any:
    """Return what the values are compared with; for `counts` and `pages` the answer itself says it."""
    if check.kind == "counts":
        return len(xml.find(root, check.value))
    if check.kind == "pages":
        entries, size = check.value
        return -(-len(xml.find(root, entries)) // int(size))
    return check.value


def _values(root: xml.Element, check: Check) -> list[str]:
    """Return the texts at the check's path beside and above which everything is as `where` says."""
    return [
        xml.text(element)
        for element in xml.find(root, check.path)
        if all(_same(_beside(element, check.path, name), wanted) for name, wanted in check.where.items())
    ]


def _beside(element: xml.Element, path: str, name: str) -> str:
    """Return the text of a sibling; of that of an element of a list above, where `name` is a path with it."""
    above, mark, rest = name.rpartition("[].")
    if mark and path.startswith(above + mark):
        up, name = path.count(".") - above.count("."), rest
    else:
        up = 1
    for _ in range(up):
        parent = element.getparent()
        element = element if parent is None else parent
    return xml.get(element, name) or ""


def _number(text: str) -> Decimal | None:
    """Return the number that the text writes; None for what is no plain number or nobody's amount."""
    return Decimal(text.strip()) if len(text) <= 60 and _NUMBER.fullmatch(text) else None


def _same(one: str, other: str) -> bool:
    """Return equal as texts, or as numbers written in the usual way: 12 is 12.00, but 0012 is a text."""
    plain = [text.strip() for text in (one, other) if len(text) <= 60 and _PLAIN.fullmatch(text.strip())]
    return one == other or (len(plain) == 2 and Decimal(plain[0]) == Decimal(plain[1]))


def _is(found: list[str], value: Any) -> Said | None:
    return None if found and all(_same(text, str(value)) for text in found) else str(value)


def _not(found: list[str], value: Any) -> Said | None:
    same = any(_same(text, str(value)) for text in found)
    return say("anything-but", value=str(value)) if same else None


def _only(found: list[str], value: Any) -> Said | None:
    """As `is` or `in`, but what the answer leaves out is no fault."""
    wanted = tuple(map(str, value)) if isinstance(value, list) else (str(value),)
    ok = all(any(_same(text, one) for one in wanted) for text in found)
    return None if ok else say("only", values=wanted)


def _verbatim(found: list[str], value: Any) -> Said | None:
    """As `only`, but character by character: the text 1.10 is not 1.1."""
    wanted = tuple(value) if isinstance(value, list) else (value,)
    return None if all(text in wanted for text in found) else say("only", values=wanted)


def _not_contains(found: list[str], value: Any) -> Said | None:
    return say("no-text-with", value=str(value)) if any(str(value) in text for text in found) else None


def _in(found: list[str], value: Any) -> Said | None:
    wanted = tuple(map(str, value))
    ok = found and all(any(_same(text, one) for one in wanted) for text in found)
    return None if ok else say("one-of", values=wanted)


def _count(found: list[str], value: Any) -> Said | None:
    return None if len(found) == int(value) else say("so-many", wanted=int(value), found=len(found))


def _at_most(found: list[str], value: Any) -> Said | None:
    return None if len(found) <= int(value) else say("at-most-so-many", wanted=int(value), found=len(found))


def _sum(found: list[str], value: Any) -> Said | None:
    numbers = [_number(text) for text in found]
    total = sum((number for number in numbers if number is not None), Decimal(0))
    ok = None not in numbers and total == Decimal(str(value))
    return None if ok else say("sum-of", value=str(value))


def _longest(found: list[str], value: Any) -> Said | None:
    most = int(value)
    return say("at-most-characters", most=most) if any(len(text) > most for text in found) else None


def _present(found: list[str], value: Any) -> Said | None:
    return None if any(found) else say("a-value")


def _absent(found: list[str], value: Any) -> Said | None:
    return say("nothing") if any(found) else None


def _unique(found: list[str], value: Any) -> Said | None:
    return None if len(set(found)) == len(found) else say("no-value-twice")


def _lists(found: list[str], value: Any) -> Said | None:
    named = {name for text in found for name in names_in(text)}
    return None if str(value) in named else say("among-them", value=str(value))


def _json(found: list[str], value: Any) -> Said | None:
    try:
        trees = [json.loads(text) for text in found if text]
    except (ValueError, RecursionError):
        return say("valid-json")
    return None if all(isinstance(tree, list | dict) for tree in trees) else say("json-tree")


def _within_minutes(found: list[str], value: Any) -> Said | None:
    """Return a time of the form yyyy-MM-dd HH:mm:ss, in China, within so many minutes of ours.

    Somebody may set the machine's clock during a run: the time that it told before counts, too.
    """
    now, before = (one.replace(tzinfo=None) for one in (clock.wall(), clock.steady()))
    try:
        told = [datetime.strptime(text, "%Y-%m-%d %H:%M:%S") for text in found]
    except ValueError:
        return say("a-time")
    most = timedelta(minutes=value)
    if told and any(all(abs(one - ours) <= most for one in told) for ours in (now, before)):
        return None
    return say("time-within", minutes=int(value), now=f"{now:%F %T}")


_JUDGES: Mapping[str, Callable[[list[str], Any], Said | None]] = {
    "is": _is,
    "only": _only,
    "verbatim": _verbatim,
    "not": _not,
    "not-contains": _not_contains,
    "in": _in,
    "count": _count,
    "at-most": _at_most,
    "longest": _longest,
    "counts": _only,
    "pages": _only,
    "sum": _sum,
    "present": _present,
    "absent": _absent,
    "unique": _unique,
    "lists": _lists,
    "json": _json,
    "within-minutes": _within_minutes,
}
