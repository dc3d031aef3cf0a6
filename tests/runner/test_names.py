"""What the values that a run knows by name make of the texts of a step and the conditions of a check."""

import pytest

from pytest_qimen.runner.compose import Context, Keys
from pytest_qimen.target.model import Target


def context(**names: str) -> Context:
    return Context(Target(url="", app_key="", secret=""), Keys(), dict(names))


def test_a_value_is_cut_but_not_to_nothing() -> None:
    assert context(code="C7").value("@-1+code") == "C"
    assert context(code="C").value("@-1+code") == "CC"


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        *(("", True), ("a", True), ("b", False), ("a=1", True), ("a=2", False)),
        *(("a!=2", True), ("a!=1", False), ("b!=1", False), ("c!=1", False)),
    ],
)
def test_what_a_check_waits_for(given: str, holds: bool) -> None:
    assert context(a="1", b="").gives(given) is holds
