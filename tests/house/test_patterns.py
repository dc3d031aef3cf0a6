"""No pattern of the package can backtrack without bound: its parse tree is searched, no clock is read.

Time grows without bound where the same text can be parted in many ways: a repetition of a repetition whose
inner length is free, or two free repetitions that follow each other and share characters. A free repetition
that can begin at every place of a text, and fails only at its end, costs the square of the text.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "pytest_qimen"
SAMPLE = "".join(map(chr, range(0x20, 0x7F))) + "\t\r\n\x00\xe9京\U0001f600"
try:
    from re import _constants as sre, _parser as parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    import sre_constants as sre  # type: ignore[no-redef]
    import sre_parse as parser  # type: ignore[no-redef]
