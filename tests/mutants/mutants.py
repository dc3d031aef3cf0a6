"""Every mutant of a method, derived from its tables: requests, answers, and what queries show."""

from functools import cache

from pytest_qimen.spec import Api
from tests.mutants.answers import breaking, refused
from tests.mutants.losses import confusing, losing, open_pairs
from tests.mutants.model import IGNORED, Mutant
from tests.mutants.requests import ignoring, open_rows
from tests.mutants.strict import EDGES, refusing

_ANSWERS = ("absent", "empty", "length", "type", "digits", "format", "codes", "range", "limit")
_REFUSED = ("empty", "absent", "two", "limit", "open", "many-open", "remark", "unknown", "order")
KINDS = (
    *(f"ignores-{kind}" for kind in IGNORED),
    *(f"answers-{kind}" for kind in _ANSWERS),
    *(f"refuses-{kind}" for kind in (*(edge.kind for edge in EDGES), *_REFUSED)),
    *("fails-absent", "fails-empty", "fails-codes"),
    *("shows-lost", "shows-constant", "shows-of-another", "shows-of-before", "shows-other-key"),
)


@cache
def mutants_of(api: Api) -> tuple[Mutant, ...]:
    """Return the mutants of a method's must and should rows."""
    return (*ignoring(api), *refusing(api), *breaking(api), *refused(api), *losing(api), *confusing(api))


def open_of(api: Api) -> int:
    """Return how many constraints make no mutant, as a breach of them is only recorded."""
    return open_rows(api) + open_pairs(api)
