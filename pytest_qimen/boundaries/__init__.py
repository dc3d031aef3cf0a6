"""An Api in, its Boundary values out: per constraint of the request one just inside it and one just outside.

Scenario names are closed and stand in case ids. What the documents leave open (a negative quantity, a field
written twice) is `may`: sent and recorded only.
"""

from collections.abc import Iterator

from pytest_qimen.boundaries.model import Boundary, observed
from pytest_qimen.boundaries.relations import rules
from pytest_qimen.boundaries.structure import items, needs, open_content, structure
from pytest_qimen.boundaries.values import values
from pytest_qimen.spec import Api

__all__ = ["Boundary", "boundaries"]


def boundaries(api: Api) -> Iterator[Boundary]:
    """Yield every boundary of the method's request, in the order of its fields."""
    for row in api.request.fields:
        yield from needs(api, row)
        if row.leaf:
            found = values(api, row)
            yield from map(observed, found) if row.doubt else found
        if row.repeated:
            yield from items(api, row)
        if not row.leaf and row.type == "group":
            yield from open_content(api, row.path)
    yield from structure(api)
    yield from rules(api)
