"""A message is repaired where a change says so, and what follows stays as it is."""

from pytest_qimen import spec, xml
from pytest_qimen.cases import Step
from pytest_qimen.messages.edits import Edit
from pytest_qimen.runner.compose import Context, Keys, compose
from tests.support.apis import TARGET

SYNC = spec.load_api("orderStatus.sync")
PARENT, ORDERS = "parentOrderCode", "orderCodes.orderCode[]"


def made(*changes: Edit) -> tuple[str | None, list[str]]:
    root = compose(Step(SYNC, changes=changes), Context(TARGET, Keys()), {})
    return xml.get(root, PARENT), xml.values(root, ORDERS)


def test_a_single_order_is_its_own_parent() -> None:
    parent, orders = made()
    assert orders == [parent]
    assert made(Edit("put", PARENT, "7")) == ("7", ["7"])
    assert made(Edit("put", ORDERS, "8")) == ("8", ["8"])


def test_several_orders_have_numbers_of_their_own() -> None:
    parent, orders = made(Edit("repeat", ORDERS, "2"))
    assert len({parent, *orders}) == 3


def test_what_follows_the_repair_stays() -> None:
    assert made(Edit("put", PARENT, "7"), Edit("mend"), Edit("as-is"), Edit("put", ORDERS, "8")) == (
        "7",
        ["8"],
    )
    parent, orders = made(Edit("as-is"))
    assert orders != [parent]
