"""The page follows the records of a run: each case a row, its evidence behind it."""

import json
from collections.abc import Iterator

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.live.run import LiveRun
from tests.live.http_page import get, polled
from tests.report.report_events import FLAG, HEAD, case, exchange

MINIMAL = "wms/stock.query/request/minimal"
PERSON = b"<response><flag>failure</flag><receiverInfo><name>Zhang San</name></receiverInfo></response>"


@pytest.fixture
def page() -> Iterator[LiveRun]:
    made = LiveRun(HEAD, 0, None)
    yield made
    made.close()


def test_a_case_is_a_row_with_its_evidence(page: LiveRun) -> None:
    page.expect([find_case(MINIMAL)])
    page.case(case(MINIMAL, "fail", FLAG, exchanges=[exchange(PERSON)]))
    page.case(case("wms/stock.query/request/typical"))
    found = polled(page.url)
    first, second = found["rows"]
    assert (first["key"], first["status"], first["level"]) == (MINIMAL, "fail", "must")
    assert (second["status"], second["method"]) == ("pass", "stock.query")
    state = found["state"]
    assert (state["total"], state["expected"]) == (2, 1)
    assert state["head"]["side"] == "endpoint"
    assert [one["counts"] for one in state["methods"]] == [{"fail": 1, "pass": 1}]
    detail = polled(page.url, "call/1")
    assert detail["exchanges"][0]["answer"]["body"] == PERSON.decode()
    assert detail["findings"][0]["check"] == FLAG["check"]
    assert polled(page.url, "call/2")["exchanges"] == []


def test_a_run_without_a_person_has_no_buttons(page: LiveRun) -> None:
    assert "task" not in polled(page.url)["state"]
    assert get(page.url, "press").status == 404


def test_a_run_masks_personal_data_where_that_is_asked() -> None:
    page = LiveRun(HEAD, 0, None, mask_personal=True)
    page.case(case(MINIMAL, "fail", FLAG, exchanges=[exchange(PERSON)]))
    assert "Zhang San" not in json.dumps(polled(page.url, "call/1"))
    page.close()
