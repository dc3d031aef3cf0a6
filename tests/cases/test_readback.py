"""What queries show: pairs of the two messages, the cases derived from them, and the texts they send."""

from pathlib import Path

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.cases import Case
from pytest_qimen.cases.readback import readbacks
from pytest_qimen.cases.shown import shown_by
from pytest_qimen.errors import DataError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.messages.tricky import TEXTS
from pytest_qimen.verdict import Level

QUERY = spec.load_api("entryorder.query")
SHOWING = [api for api in spec.load_all() if api.shows]
CASES = {case.id: case for api in SHOWING for case in readbacks(api)}


def case(method: str, rest: str) -> Case:
    return CASES[f"{method}/readback/{rest}"]


def test_pairs_are_the_leaves_that_both_messages_have() -> None:
    (shown,) = shown_by(QUERY)
    pairs = {pair.shown.path: pair for pair in shown.pairs}
    assert pairs["entryOrder.entryOrderType"].sent.path == "entryOrder.orderType"
    assert pairs["orderLines.orderLine[].batchCode"].mark == ("orderLines.orderLine[]", "orderLineNo")
    assert pairs["orderLines.orderLine[].itemName"].recorded
    assert "entryOrder.operateTime" not in pairs  # the receiver's own
    assert "orderLines.orderLine[].itemId" not in pairs  # conditional: the receiver gives it out
    assert "entryOrder.status" not in pairs


@pytest.mark.parametrize("api", SHOWING, ids=lambda api: api.method)
def test_every_maker_shares_fields_with_its_query(api: spec.Api) -> None:
    for shown in shown_by(api):
        assert len(shown.pairs) >= 3
        assert shown.give, f"{api.name} is not told what to ask for"


def test_two_documents_differ_in_one_field() -> None:
    found = case("wms/singleitem.query", "singleitem.synchronize/item.color")
    first, second, asked, again = found.steps
    assert first.changes == (Edit("put", "item.color", "@one"),)
    assert second.changes == (Edit("put", "item.color", "@two"),)
    assert [check.value for step in (asked, again) for check in step.checks] == ["@one", "@two"]
    assert asked.checks[0].kind == "verbatim"
    assert Edit("put", "itemCode", "@key1") in asked.changes
    assert Edit("put", "itemCode", "@other-key1") in again.changes
    assert all(step.given for step in found.steps)


def test_lines_are_told_apart() -> None:
    found = case("wms/entryorder.query", "entryorder.create/orderLines.orderLine.batchCode")
    checks = [(check.where, check.value) for check in found.steps[2].checks]
    assert checks == [({"orderLineNo": "1"}, "@one"), ({"orderLineNo": "2"}, "@two"), ({}, ["@one", "@two"])]


def test_numbers_are_compared_by_value() -> None:
    found = case("wms/singleitem.query", "singleitem.synchronize/item.tagPrice")
    assert found.steps[2].checks[0].kind == "only"


def test_what_the_receiver_may_know_better_is_recorded() -> None:
    assert case("wms/singleitem.query", "singleitem.synchronize/item.isValid").level is Level.MAY
    assert case("store/store.query", "store.create/storeStatus").level is Level.MAY


def test_updates_are_looked_for() -> None:
    found = case("store/store.query", "updated/storeName")
    assert [step.api.method for step in found.steps] == ["store.create", "store.update", "store.query"]
    assert Edit("put", "storeId", "@key1") in found.steps[1].changes
    assert "wms/singleitem.query/readback/updated/item.createTime" in CASES


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.name)
def test_texts_are_legal_and_each_is_sent(kind: object) -> None:
    assert kind in TEXTS
    for tricky in [one for one in TEXTS if one is kind]:
        assert all(text == text.strip() and 0 < len(text) <= 50 for text in tricky.texts)
        assert all(xml.is_legal_text(text) for text in tricky.texts)
        found = case("wms/returnorder.query", f"returnorder.create/text-{tricky.name}")
        sent = {edit.value.replace("@@", "@", 1) for step in found.steps for edit in step.changes}
        assert set(tricky.texts) <= sent


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"entryOrder.operateTime"', '"entryOrder.nothing"', "shows[1].pairs: the response has no field"),
        ('method = "entryorder.create"\nown', 'method = "x"\nown', "shows[1].give: is missing, and no setup"),
        ("marks = {", "mark = {", "shows[1].mark: is not a key of this table"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = (spec.data_dir("cases") / "wms" / "entryorder.query.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "entryorder.query.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError) as caught:
        spec.load(path)
    assert reason in str(caught.value)
