"""Faults of the field checks: constraints that are not held, and legal values that are refused.

Most take a place, `need-not-checked@deliveryorder.create:deliveryOrder.shopNick`, and else hold for all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from pytest_qimen import xml
from pytest_qimen.reference.database import Refused
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Field

FAMILY = Family("problems")
LATER = re.compile(r"\[(?!1\])\d+\]")  # in the path of any element of a list but the first


def _meant(problem: Problem, path: str) -> bool:
    return not path or path in (problem.path, problem.field, xml.schematic(problem.path))


def forgive(which: Callable[[Request, Problem], bool]) -> Callable[[str], Mapping[str, Hook]]:
    """Make a fault that does not see the problems of a kind."""

    def make(path: str) -> Mapping[str, Hook]:
        def problems(request: Request, found: list[Problem]) -> list[Problem]:
            return [one for one in found if not (_meant(one, path) and which(request, one))]

        return {"problems": problems}

    return make


def text_of(request: Request, problem: Problem) -> str:
    """Return the text at the place of the problem."""
    return xml.get(request.root, problem.path) or "" if request.root is not None else ""


def row_of(request: Request, problem: Problem) -> Field | None:
    """Return the row of the field with the problem."""
    return request.method.api.request.by_path.get(problem.field) if request.method else None


def _codes_in_any_case(request: Request, problem: Problem) -> bool:
    row = row_of(request, problem)
    known = {code.lower() for code in row.codes.codes} if row and row.codes else set()
    return problem.rule == "codes" and text_of(request, problem).lower() in known


def _one_longer(request: Request, problem: Problem) -> bool:
    row = row_of(request, problem)
    return (
        problem.rule == "length" and row is not None and len(text_of(request, problem)) == (row.max or 0) + 1
    )


def _not_all_counted(counts: Callable[[str], bool]) -> Callable[[Request, Problem], bool]:
    """A text is taken to be shorter than it is: some of its characters do not count."""

    def which(request: Request, problem: Problem) -> bool:
        row = row_of(request, problem)
        counted = sum(map(counts, text_of(request, problem)))
        return problem.rule == "length" and row is not None and row.max is not None and counted <= row.max

    return which


def _one_more(request: Request, problem: Problem) -> bool:
    row = row_of(request, problem)
    if problem.rule != "limit" or row is None or row.limit is None or request.root is None:
        return False
    if row.separator:
        return text_of(request, problem).count(row.separator) == row.limit
    return len(xml.find(request.root, row.path)) == row.limit + 1


def _loose_time(request: Request, problem: Problem) -> bool:
    return problem.rule == "format" and bool(
        re.fullmatch(
            r"\d{4}[-/]?\d{1,2}[-/]?\d{1,2}([ T]?\d{1,2}:?\d{2}(:?\d{2})?)?", text_of(request, problem)
        )
    )


def _impossible_day(request: Request, problem: Problem) -> bool:
    """A time of the right look that stands in no calendar."""
    text = text_of(request, problem)
    return (
        problem.rule == "format"
        and bool(re.fullmatch(r"(\d{4}-\d\d-\d\d)?( ?\d\d:\d\d:\d\d)?", text))
        and not _exists(text)
    )


def _exists(text: str) -> bool:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%H:%M:%S"):
        try:
            datetime.strptime(text, form)
        except ValueError:
            continue
        return True
    return False


def _rounded(request: Request, problem: Problem) -> bool:
    return problem.rule == "digits" and bool(re.fullmatch(r"-?\d{1,15}\.\d+", text_of(request, problem)))


def _group_left_out(request: Request, problem: Problem) -> bool:
    """The whole of a group for a person or an address is missing."""
    row = row_of(request, problem)
    return problem.rule == "need" and row is not None and row.usual


RULES = ("need", "length", "type", "digits", "format", "codes", "limit", "range", "duplicate")


def _of_rule(rule: str) -> Callable[[Request, Problem], bool]:
    return lambda request, problem: problem.rule == rule and bool(problem.field)


for _rule in RULES:
    FAMILY.add(f"{_rule}-not-checked", forgive(_of_rule(_rule)), takes_path=True)
for _name, _which in (
    ("rule-not-checked", lambda request, problem: not problem.field and problem.rule == "need"),
    ("only-the-first-line-checked", lambda request, problem: bool(LATER.search(problem.path))),
    ("nothing-checked", lambda request, problem: True),
    ("codes-in-any-case", _codes_in_any_case),
    ("one-character-more-accepted", _one_longer),
    ("ascii-alone-counted", _not_all_counted(str.isascii)),
    ("emoji-not-counted", _not_all_counted(lambda sign: sign < "\U00010000")),
    ("one-element-more-accepted", _one_more),
    ("groups-left-out-accepted", _group_left_out),
    ("loose-time-accepted", _loose_time),
    ("february-30-accepted", _impossible_day),
    ("decimals-rounded", _rounded),
    (
        "remark-501-accepted",
        lambda request, problem: problem.rule == "length" and problem.path.endswith("remark"),
    ),
    (
        "short-key-accepted",
        (
            lambda request, problem: (
                problem.rule == "length"
                and len(text_of(request, problem)) < (((row := row_of(request, problem)) and row.min) or 0)
            )
        ),
    ),
):
    FAMILY.add(_name, forgive(_which), takes_path=True)


def _each(request: Request) -> Iterator[tuple[Field, xml.Element]]:
    """Every leaf of the message that has a row."""
    if request.root is None or request.method is None:
        return
    rows = request.method.api.request.leaves
    for row in rows:
        for element in xml.find(request.root, row.path):
            if element.text:
                yield row, element


def refuse(which: Callable[[Field, str], bool]) -> Callable[[str], Mapping[str, Hook]]:
    """Legal values of a kind are refused."""

    def make(path: str) -> Mapping[str, Hook]:
        def problems(request: Request, found: list[Problem]) -> list[Problem]:
            for row, element in _each(request):
                if path in ("", row.path) and which(row, xml.text(element)):
                    where = xml.place(element)
                    text = f"{where}: not accepted"
                    return [
                        *found,
                        Problem(where, row.path, "type", "something else", xml.text(element), text),
                    ]
            return found

        return {"problems": problems}

    return make


def _always_due(request: Request, found: list[Problem]) -> list[Problem]:
    """What a condition demands is demanded always."""
    if request.method is None or request.root is None:
        return found
    for rule in request.method.api.rules:
        field = rule.terms.get("field", "")
        if rule.conditional and not xml.get(request.root, f"{rule.prefix}{field}"):
            return [*found, Problem(field, field, "need", "a value", "nothing", f"{field}: missing")]
    return found


FAMILY.rows(("condition-always-due", _always_due), methods="orderStatus.sync")


def _last_code(row: Field, text: str) -> bool:
    return row.codes is not None and len(row.codes.codes) > 1 and text == row.codes.codes[-1]


for _name, _refused in (
    (
        "bytes-counted",
        lambda row, text: row.max is not None and row.type == "string" and len(text.encode()) > row.max,
    ),
    (
        "utf-16-counted",
        (
            lambda row, text: (
                row.max is not None and row.type == "string" and len(text.encode("utf-16-le")) // 2 > row.max
            )
        ),
    ),
    (
        "longest-refused",
        (
            lambda row, text: (
                row.type == "string" and not row.codes and not row.format and len(text) == row.max
            )
        ),
    ),
    ("shortest-refused", lambda row, text: row.min is not None and len(text) == row.min),
    ("one-character-refused", lambda row, text: row.type == "string" and not row.codes and len(text) == 1),
    ("last-code-refused", _last_code),
    ("two-codes-refused", lambda row, text: row.separator is not None and row.separator in text),
    (
        "negative-refused",
        (
            lambda row, text: (
                row.type in ("int", "long", "number", "string") and text[:1] == "-" and "uantity" in row.name
            )
        ),
    ),
    ("zero-refused", lambda row, text: "uantity" in row.name and text in ("0", "0.00")),
    ("decimal-refused", lambda row, text: row.type == "decimal" and "." in text),
    ("whole-decimal-refused", lambda row, text: row.type == "decimal" and "." not in text),
    ("large-decimal-refused", lambda row, text: row.type == "decimal" and len(text) > 10),
    (
        "long-refused",
        lambda row, text: row.type in ("long", "number") and text.isdigit() and int(text) > 2**31 - 1,
    ),
    ("largest-int-refused", lambda row, text: row.type == "int" and text.isdigit() and int(text) > 10**9),
    ("leap-day-refused", lambda row, text: row.format is not None and text[5:10] == "02-29"),
    (
        "midnight-refused",
        lambda row, text: row.format in ("datetime", "time") and text.endswith("00:00:00"),
    ),
    (
        "number-not-one-refused",
        lambda row, text: row.type in ("int", "long") and not row.least and len(text) == 1,
    ),
):
    FAMILY.add(_name, refuse(_refused), takes_path=True)


def _refuse_named(names: str, depth: int, longest: int = 0) -> Hook:
    """Refuse open content (remark, extendProps) at `depth` levels or more below the root."""

    def element(request: Request, root: xml.Element) -> None:
        for one in root.iter(names):
            place = xml.place(one)
            if place.count(".") >= depth and len(xml.text(one)) >= longest:
                raise Refused(f"{place}: not accepted", "open-content")

    return element


def _few_properties(request: Request, root: xml.Element) -> None:
    """Refuse more than twenty properties in one place."""
    for one in root.iter("extendProps"):
        if len(one) > 20:
            raise Refused(f"{xml.place(one)}: too many", "open-content")


def _no_empty_groups(request: Request, root: xml.Element) -> None:
    """Refuse a group that stands there with nothing in it."""
    for row in request.method.api.request.fields if request.method else ():
        for element in xml.find(root, row.path) if row.type == "group" else ():
            if not len(element) and not xml.text(element):
                raise Refused(f"{xml.place(element)}: nothing in it", "empty")


FAMILY.rows(
    ("many-extend-props-refused", _few_properties),
    ("empty-groups-refused", _no_empty_groups),
    ("extend-props-refused", _refuse_named("extendProps", 0)),
    ("extend-props-refused-in-lines", _refuse_named("extendProps", 2)),
    ("remark-refused", _refuse_named("remark", 0)),
    ("remark-refused-in-lines", _refuse_named("remark", 2)),
    ("remark-500-refused", _refuse_named("remark", 0, 500)),
    point="element",
)


def _demand(path: str) -> Mapping[str, Hook]:
    """Optional fields are demanded: the one named, or else the first of the message."""

    def problems(request: Request, found: list[Problem]) -> list[Problem]:
        if request.method is None or request.root is None:
            return found
        optional = (row.path for row in request.method.api.request.leaves if row.need == "optional")
        wanted = path or next((one for one in optional if "[]" not in one), "")
        if not wanted or xml.get(request.root, wanted):
            return found
        return [*found, Problem(wanted, wanted, "need", "a value", "nothing", f"{wanted}: expected a value")]

    return {"problems": problems}


FAMILY.add("optional-demanded", _demand, takes_path=True)
