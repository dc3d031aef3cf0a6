"""A draft in, the same with one character of a free text changed out: what a signature has to notice."""

import re
from typing import TypeVar

from pytest_qimen.client.request import DraftRequest

Spot = TypeVar("Spot")


def flip(made: DraftRequest, place: str) -> None:
    """Change the last character of one free text in the message, so that it stays well-formed and legal."""
    names = {
        row.name
        for row in made.api.request.leaves
        if row.type == "string" and not row.codes and (not row.format or row.key)
    }
    if made.api.protocol == "top":
        made.form = _flipped_form(made.form, names, place)
    else:
        spot = re.compile(rf"<(?:remark|{'|'.join(names)})>([^<>&]+)<")  # remark: design.md 6.6
        text = made.body.decode()
        spans = [found.span(1) for found in spot.finditer(text)]
        made.body = (_flipped(text, _chosen(spans, place)) if spans else f"{text} ").encode()


def _flipped_form(form: list[tuple[str, str]], names: set[str], place: str) -> list[tuple[str, str]]:
    """Return the form with one free text changed: a field's own, or one in a field's JSON."""
    spot = re.compile(rf'"(?:{"|".join(names)})":"([^"\\]+)"')
    spans = []
    for number, (key, value) in enumerate(form):
        own = [(0, len(value))] if key in names and value else [m.span(1) for m in spot.finditer(value)]
        spans += [(number, span) for span in own]
    changed = list(form)
    number, span = _chosen(spans, place) if names and spans else (0, None)
    key, value = form[number]
    changed[number] = key, _flipped(value, span) if span else f"{value} "
    return changed


def _chosen(spots: list[Spot], place: str) -> Spot:
    return spots[{"start": 0, "middle": len(spots) // 2, "end": -1}[place]]


def _flipped(text: str, span: tuple[int, int]) -> str:
    """Return `text` with another last character within the span."""
    last = span[1] - 1
    return text[:last] + ("1" if text[last] != "1" else "2") + text[last + 1 :]
