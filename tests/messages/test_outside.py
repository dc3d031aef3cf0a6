"""The one table of values outside: what it says of each kind of field, each value breaking one thing."""

from collections.abc import Mapping

import pytest

from pytest_qimen import boundaries, spec
from pytest_qimen.messages.outside import open_values, outside, wrong_values
from pytest_qimen.spec import Field
from tests.support.apis import codes, may

DAY = may("it", format="date", max=10)
TABLE: Mapping[str, tuple[Field, Mapping[str, tuple[str, ...]]]] = {
    "date": (
        DAY,
        {
            "no-such-day": ("2023-02-30", "2023-02-29", "2023-04-31", "2023-05-00", "2023-05-32"),
            "no-such-month": ("2023-13-01", "2023-00-01"),
            "slashes": ("2016/02/16",),
            "unpadded": ("2016-7-11", "2016-07-1"),
            "compact": ("20180918",),
            "other-forms": ("2016.02.16", "16-02-2016", "16-02-16", "2016-02"),
        },
    ),
    "int": (
        may("it", "int", most=100),
        {
            "not-a-number": ("abc", "1.2.3", "."),
            "separators": ("1,0", "1 0", "1'0"),
            "other-notations": ("1-", "+-1", "--1", "0x1F", "5e-1", "1元"),
            "fraction": ("1.5", "2.5"),
            "over-most": ("101",),
        },
    ),
    "decimal": (
        may("it", "decimal", digits=(4, 2)),
        {
            "not-a-number": ("abc", "1.2.3", "."),
            "separators": ("1,000.00", "1 000.00", "1,5"),
            "other-notations": ("1.00-", "+-1.00", "--1.00", "0x1F", "5e-9", "¥1.00"),
            "one-more-fraction-digit": ("1.999",),
            "one-more-digit": ("999.99",),
        },
    ),
    "key": (
        may("it", format="alphanumeric", min=4, max=6),
        {
            "too-long": ("xxxxxxx",),
            "too-short": ("xxx",),
            "other-characters": tuple(f"xxxx{sign}x" for sign in "#-_ ./é测１😀"),
        },
    ),
    "codes": (
        may("it", codes=codes("ABC", "D"), max=5),
        {"not-in-code-list": ("QMNON", "ABCX", "AB", "ABC,D"), "other-case": ("abc",)},
    ),
    "one code": (may("it", codes=codes("A")), {"not-in-code-list": ("QMNONE", "AX"), "other-case": ("a",)}),
    "whole codes": (may("it", "int", codes=codes("0", "7")), {"not-in-code-list": ("987", "8")}),
    "joined codes": (
        may("it", codes=codes("A", "B"), separator="^"),
        {"not-in-code-list": ("QMNONE", "A^QMNONE")},
    ),
    "boolean": (may("it", "boolean"), {"not-a-boolean": ("perhaps", "2")}),
    "joined": (may("it", separator=",", limit=1), {"over-limit": ("QM000001,QM000002",)}),
    "text": (may("it", max=2), {"too-long": ("xxx", "测测测", "😀😀😀")}),
    "doubtful": (may("it", max=2, doubt="two readings"), {}),
    "anything": (may("it"), {}),
}


@pytest.mark.parametrize(("row", "expected"), TABLE.values(), ids=TABLE)
def test_the_table(row: Field, expected: Mapping[str, tuple[str, ...]]) -> None:
    found: dict[str, tuple[str, ...]] = {}
    for wrong in outside(row):
        found[wrong.scenario] = (*found.get(wrong.scenario, ()), wrong.value)
    assert found == expected


@pytest.mark.parametrize("name", spec.methods())
def test_no_value_is_too_long_beside_what_it_breaks(name: str) -> None:
    for row in spec.load_api(name).request.leaves:
        for wrong in outside(row):
            assert wrong.rule == "length" or row.max is None or len(wrong.value) <= row.max, (row.path, wrong)


@pytest.mark.parametrize("name", spec.methods())
def test_boundaries_send_every_value(name: str) -> None:
    """Boundaries and drawn messages have one table: nothing that is drawn is missing from the cases."""
    api = spec.load_api(name)
    sent = {
        (bound.path, edit.value)
        for bound in boundaries.boundaries(api)
        for edits in bound.steps
        for edit in edits
        if edit.op == "put"
    }
    for row in api.request.leaves:
        if not row.key:
            assert {(row.path, wrong.value) for wrong in wrong_values(row)} <= sent, row.path
        assert {(row.path, value) for _, value in open_values(row)} <= sent, row.path


def test_what_is_open() -> None:
    assert dict(open_values(may("it", "int"))) == {
        "too-large": "9" * 20,
        "zero": "0",
        "negative": "-1",
        "leading-zero": "01",
        "plus-sign": "+1",
        "exponent": "1e3",
        "decimal-point": "1.0",
    }
    assert dict(open_values(may("it", "decimal"))) == {"negative": "-1.00", "exponent": "1e3"}
    assert dict(open_values(may("it", format="time"))) == {"midnight-24": "24:00:00"}
    assert dict(open_values(DAY)) == {}
