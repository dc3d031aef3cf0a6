"""A Plan in, a strategy of legal messages out: a copied base plus up to five drawn edits, then repaired."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_qimen import xml
from pytest_qimen.strategies.plan import Plan

EDITS = 5
SMALL = 8  # a message of so few leaves is also drawn field by field


def legal_messages(plan: Plan) -> SearchStrategy[xml.Element]:
    """Return legal messages; shrinks towards the smallest one without edits.

    A third starts from the smallest message, a third from the fullest, the rest with a run of its extras.
    """
    extras = len(plan.extras)
    runs = st.tuples(st.integers(-extras, 2 * extras), st.integers(0, extras))
    sites, counts = st.sampled_from(plan.sites), st.integers(0, EDITS)
    single = plan.values if len(plan.values) <= SMALL else ()

    @st.composite
    def drawn(draw: DrawFn) -> xml.Element:
        count, start = draw(runs)
        draft = plan.draft(plan.base(start, count), draw)
        for edit, row, values in single:
            if draw(st.booleans()):
                edit(draft, row, values)
        for _ in range(draw(counts)):
            edit, row, values = draw(sites)
            edit(draft, row, values)
        return draft.root if plan.mend(draft.root, draft.held) else xml.copy(plan.least)

    return drawn()
