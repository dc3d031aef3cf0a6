"""Api in, XSD text out; a message and its Api in, what the schema finds wrong out.

`xsd` is what `qimen generate` writes. `problems` decides with lxml, `explain` gives xmlschema's reasons for
the same message; both look at a normalised copy: undeclared elements pruned, empty elements dropped,
attributes removed, children in order where XSD 1.0 needs a sequence. `undeclared` names what was pruned.
"""

from pytest_qimen.schema.judge import (
    Problem,
    compiled,
    explain,
    left_out,
    problems,
    undeclared,
    undeclared_kinds,
)
from pytest_qimen.schema.text import xsd

__all__ = ["Problem", "compiled", "explain", "left_out", "problems", "undeclared", "undeclared_kinds", "xsd"]
