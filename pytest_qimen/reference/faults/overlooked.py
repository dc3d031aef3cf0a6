"""Faults of reading a message that overlook something: later lines, escapes, where a name stands."""

import re

from pytest_qimen import xml
from pytest_qimen.reference.faults.fields import LATER, forgive, refuse
from pytest_qimen.reference.faults.model import Family
from pytest_qimen.reference.request import Request

FAMILY = Family("element")
_FROM_TEN = re.compile(r"\[\d\d+\]")

FAMILY.add(
    "values-of-the-first-line-checked",
    forgive(lambda request, problem: problem.rule != "need" and bool(LATER.search(problem.path))),
    takes_path=True,
)
FAMILY.add(
    "values-of-ten-lines-checked",
    forgive(lambda request, problem: bool(_FROM_TEN.search(problem.path))),
    takes_path=True,
)
FAMILY.add(
    "sums-of-the-first-line-checked",
    forgive(lambda request, problem: not problem.field and bool(LATER.search(problem.path))),
    takes_path=True,
)
FAMILY.add(
    "escapes-counted",
    refuse(
        lambda row, text: row.max is not None and not row.format and len(text.replace("&", "&amp;")) > row.max
    ),
    takes_path=True,
)


def _overwritten(request: Request, root: xml.Element) -> None:
    """A key of extendProps takes the place of the field that is called like it."""
    for props in list(root.iter("extendProps")):
        parent = props.getparent()
        assert parent is not None
        for key in props:
            for field in xml.find(parent, xml.name(key)):
                if not len(field):
                    field.text = key.text


FAMILY.rows(("extend-props-overwrite-fields", _overwritten))
