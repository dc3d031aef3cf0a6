"""Limits above what the documents print: no error where some method has no printed one, and no silence."""

from typing import Any

import pytest

from pytest_qimen.target.high_limits import high_limits
from pytest_qimen.target.model import Target


def _target(**profile: Any) -> Target:
    return Target("http://x", "key", "secret", **profile)


@pytest.mark.parametrize(
    ("limits", "without", "said"),
    [
        ({"remark": 400}, (), ""),
        (
            {"remark": 600},
            (),
            "[limits] remark = 600 is above the 500 that the documents allow; it holds only where",
        ),
        ({"outBizCode": 50}, (), ""),  # just what is printed
        (
            {"outBizCode": 51},
            (),
            "is above the 50 that the documents allow; it holds only where they print none (",
        ),
        ({"extraText": 7, "quantity": 3}, (), ""),
    ],
)
def test_a_limit_above_the_documents(limits: dict[str, int], without: tuple[str, ...], said: str) -> None:
    found = [str(one) for one in high_limits(_target(limits=limits, without=without))]
    assert bool(found) is bool(said)
    assert all(said in one for one in found)


def test_where_every_claimed_method_prints_less_it_has_no_effect() -> None:
    target = _target(methods=("wms/order.cancel",), limits={"warehouseCode": 80})
    (one,) = high_limits(target)
    assert (
        one.text() == "[limits] warehouseCode = 80 is above the 50 that the documents allow; it has no effect"
    )
    assert one.text("zh") == "[limits] warehouseCode = 80 超出文档允许的 50；不起作用"


def test_many_methods_are_not_all_named() -> None:
    (one,) = high_limits(_target(limits={"outBizCode": 60}))
    assert one.text().count(",") == 5
    assert one.text().endswith(", …)")
