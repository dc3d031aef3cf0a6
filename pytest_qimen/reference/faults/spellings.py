"""Faults of how values are written: what careless code takes for a time, a number, a key or a code.

Most take a place, as those of the family fields do.
"""

import re
from collections.abc import Callable

from pytest_qimen.reference.faults.fields import forgive, row_of, text_of
from pytest_qimen.reference.faults.model import Family
from pytest_qimen.reference.request import Request
from pytest_qimen.schema import Problem

FAMILY = Family("problems")


def _looks(rule: str, pattern: str) -> Callable[[Request, Problem], bool]:
    """Return what finds problems of this rule with a value of this look."""
    look = re.compile(pattern)
    return lambda request, problem: (
        problem.rule == rule and bool(look.fullmatch(text_of(request, problem).strip()))
    )


def _begins_with_a_code(request: Request, problem: Problem) -> bool:
    row = row_of(request, problem)
    known = row.codes.codes if row and row.codes else ()
    return problem.rule == "codes" and text_of(request, problem).startswith(known)


def _is_a_list_of_codes(request: Request, problem: Problem) -> bool:
    row = row_of(request, problem)
    known = row.codes.codes if row and row.codes else ()
    return problem.rule == "codes" and set(text_of(request, problem).split(",")) <= set(known)


def _is_blank(request: Request, problem: Problem) -> bool:
    """A field is missing that stood there with blanks in it."""
    name = problem.path.rpartition(".")[2].partition("[")[0].encode()
    return problem.rule == "need" and b"<%s>   </%s>" % (name, name) in request.incoming.body


def _is_letters_somewhere(request: Request, problem: Problem) -> bool:
    """Letters and digits of any script, as Java's Character.isLetterOrDigit takes them."""
    return problem.rule == "format" and text_of(request, problem).isalnum()


for _name, _which in (
    ("slashes-accepted", _looks("format", r"\d{4}/\d\d/\d\d.*")),
    ("letter-t-accepted", _looks("format", r"\d{4}-\d\d-\d\dT.*")),
    ("unpadded-times-accepted", _looks("format", r"(\d{4}-\d\d?-\d\d?)?( ?\d\d?:\d\d?:\d\d?)?")),
    ("month-13-accepted", _looks("format", r"\d{4}-(00|1[3-9])-\d\d.*")),
    ("times-without-seconds-accepted", _looks("format", r"(\d{4}-\d\d-\d\d )?\d\d:\d\d")),
    ("thousands-accepted", _looks("type", r"\d{1,3}(,\d{3})+(\.\d+)?")),
    ("decimal-comma-accepted", _looks("type", r"\d+,\d+")),
    ("trailing-sign-accepted", _looks("type", r"[\d.]+-")),
    ("hexadecimal-accepted", _looks("type", r"0x[0-9A-F]+")),
    ("hyphens-in-keys-accepted", _looks("format", r"[0-9A-Za-z-]+")),
    ("blanks-are-values", _is_blank),
    ("blanks-in-keys-accepted", _looks("format", r"[0-9A-Za-z ]+")),
    ("any-script-in-keys-accepted", _is_letters_somewhere),
    ("code-prefixes-accepted", _begins_with_a_code),
    ("codes-in-one-text-accepted", _is_a_list_of_codes),
):
    FAMILY.add(_name, forgive(_which), takes_path=True)
