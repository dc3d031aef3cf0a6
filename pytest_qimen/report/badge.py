"""Case events in, an SVG badge with the verdict out, in the shape and size of those in a README."""

from collections.abc import Sequence
from html import escape

from pytest_qimen.console import plain
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.record import RunRecord
from pytest_qimen.report.results import verdict
from pytest_qimen.verdict import Status

COLOURS = {"conformant": "#1a7f4b", "non-conformant": "#c0322b", "incomplete": "#8a6100"}
NARROW, WIDE = "fijlrtI1 .,:;'|()-", "mwMW"


def badge(head: RunRecord, cases: Sequence[CaseRecord], ended: str | None) -> str:
    """Return the badge: the verdict, and how many of the judged cases are as they should be."""
    word = verdict(cases, head.level, ended is not None, head.shards)
    judged = [case.status for case in cases if case.status not in (Status.INFO, Status.UNSUPPORTED)]
    good = sum(status in (Status.PASS, Status.WARN) for status in judged)
    left, right = "qimen", f"{word} {good}/{len(judged)}"
    one, two = _width(left), _width(right)
    title = escape(plain(f"{left}: {right} · {head.target}"))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{one + two}" height="20" role="img" aria-label="{title}">
<title>{title}</title>
<clipPath id="r"><rect width="{one + two}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{one}" height="20" fill="#3d434c"/>\
<rect x="{one}" width="{two}" height="20" fill="{COLOURS[word]}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{one / 2:g}" y="14" textLength="{one - 12}">{left}</text>
<text x="{one + two / 2:g}" y="14" textLength="{two - 12}">{escape(right)}</text>
</g>
</svg>
"""


def _width(text: str) -> int:
    """Return about how many pixels the text takes in Verdana 11, with six to either side."""
    return 12 + round(sum(3.9 if sign in NARROW else 10 if sign in WIDE else 6.9 for sign in text))
