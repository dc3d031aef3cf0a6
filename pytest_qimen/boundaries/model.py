"""A constraint and what to do around it in, a Boundary out."""

from dataclasses import dataclass, replace

from pytest_qimen.messages.edits import Edit
from pytest_qimen.spec import Field


@dataclass(frozen=True, slots=True)
class Boundary:
    """One scenario on one constraint.

    `steps` holds the changes of each request, `expect` is success, failure or any, `level` that of the
    verdict, `family` the kind of constraint, `requirement` the id of the sentence in requirements.toml.
    """

    path: str
    scenario: str
    family: str
    expect: str
    level: str
    requirement: str
    steps: tuple[tuple[Edit, ...], ...]


def one(row: Field, scenario: str, family: str, expect: str, level: str, *changes: Edit) -> Boundary:
    """Return a boundary of one request; what must be accepted is must, unless other data have to fit."""
    if expect == "success":
        level = "may" if row.refers else "must"
    expect = "any" if level == "may" else expect
    return Boundary(row.path, scenario, family, expect, level, f"request.{family}", (changes,))


def put(row: Field, scenario: str, family: str, expect: str, level: str, value: str) -> Boundary:
    """Return a boundary of one request in which the field has this value."""
    return one(row, scenario, family, expect, level, Edit("put", row.path, value))


def observed(bound: Boundary) -> Boundary:
    """Return the same, recorded only: the documents leave open what the constraint is."""
    return replace(bound, expect="any", level="may")
