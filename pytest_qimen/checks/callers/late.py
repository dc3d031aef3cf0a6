"""What is only known when no more calls come: Late, a finding about a call that was long ago."""

from typing import NamedTuple

from pytest_qimen.verdict import Finding


class Late(NamedTuple):
    """A finding that the end of the journal brought: where the call stands, its method, and what is wrong."""

    place: str
    method: str
    finding: Finding
