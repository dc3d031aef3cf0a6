"""Messages that may leave the goods unnamed put nothing nameless into the embedded endpoint's stock."""

from dataclasses import replace

from pytest_qimen.cases import Check, Step, find_case
from pytest_qimen.messages.edits import Edit
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import run_case
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.spec import load_api
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.verdict import Finding, Status
from tests.runner.runs import TOLD


def after(step: Step) -> tuple[Status, tuple[Finding, ...]]:
    """How a query for everything in stock ends behind the step, on an endpoint of its own."""
    query = Step(
        load_api("stock.query"),
        changes=(Edit("drop", "itemCode"), Edit("drop", "warehouseCode")),
        checks=(Check("items.item[]", "count", 0),),
    )
    minimal = find_case("wms/stock.query/request/minimal")
    case = replace(minimal, id="stock/after", family="flow", requires=(), steps=(step, query))
    with serve() as url:
        known = with_options(embedded_target(Target(url="", app_key="", secret=""), url), data=TOLD)
        found = run_case(case, known)
    return found.status, found.findings


def test_a_synchronize_without_its_item_keeps_nothing() -> None:
    step = Step(load_api("singleitem.synchronize"), changes=(Edit("drop", "item"),))
    assert after(step) == (Status.PASS, ())


def test_a_confirmation_without_item_codes_books_nothing() -> None:
    path = "orderLines.orderLine[].itemCode"
    step = Step(load_api("deliveryorder.confirm"), changes=(Edit("drop", path),))
    assert after(step) == (Status.PASS, ())
