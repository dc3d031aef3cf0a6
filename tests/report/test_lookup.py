"""Many texts are found in one walk, as a search for each of them finds them."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.report.lookup import Lookup

TEXT = st.text("ab 王", max_size=12)


@given(st.sets(st.text("ab 王", min_size=1, max_size=4), max_size=6), TEXT)
def test_it_finds_what_a_search_finds(words: set[str], text: str) -> None:
    covered: set[int] = set()
    for word in words:
        whole = rf"(?=((?<!\w){re.escape(word)}(?!\w)))" if word.isascii() else f"(?=({re.escape(word)}))"
        for one in re.finditer(whole, text):
            covered.update(range(one.start(1), one.end(1)))
    spans = Lookup(words).spans(text)
    found = {place for start, end in spans for place in range(start, end)}
    assert found == covered
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
