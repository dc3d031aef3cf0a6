"""facts.json (the second reading of the documents) and cases/ (the first) in; every difference is explained.

A difference is one line `document method direction path attribute printed read`, listed below under the key
of the decision in cases/DECISIONS.md that gives the deciding sentence.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.spec import Field, Message, load_all
from tests.audit.read_documents import read_all, render

ROOT = Path(__file__).parents[2]
FACTS = Path(__file__).with_name("facts.json")
DOCUMENTS = ROOT.parent / "shared" / "spec"
DECISIONS = (ROOT / "cases" / "DECISIONS.md").read_text("utf-8")

# 000 section 2.3 prints need and length of what every Qimen answer holds; a template that prints nothing
# about them says the same.
SYSTEM = {"flag": ("must", 50), "code": ("must", 50), "message": ("must", 200)}

QUERIES_BY_PAGE = [
    *("deliveryorder.query", "deliveryordersum.query", "entryorder.query", "inventorycheck.query"),
    *("inventorysum.query", "itemlack.query", "returnorder.query", "stock.query", "stockout.query"),
]

DIFFERENCES = {
    "envelope": """
        000 store.query response flag name - flag
        000 store.query response code name - code
        000 store.query response message name - message""",
    "flag-of-queries": """
        000 itemstore.query response flag codes success success,failure
        000 storeitem.query response flag codes success success,failure
        001 taobao.qimen.storeinventory.itemupdate response flag codes - success,failure
        003 service.heartbeat response flag codes success success,failure""",
    "heartbeat": "003 service.heartbeat response message format datetime -",
    "times-in-ten": """
        003 stockout.create request deliveryOrder.shippingTime max 10 19
        003 stockout.create request deliveryOrder.receivingTime max 10 19""",
    "page-is-a-number": "\n".join(
        f"003 {method} request {name} type - int"
        for method in QUERIES_BY_PAGE
        for name in ("page", "pageSize")
    ),
    "top-operation-time": """
        001 taobao.qimen.storeinventory.itemupdate request operation_time format - datetime""",
    "wdk-numbers": "\n".join(
        f"004 alibaba.wdk.stock.publish request batch_stock_publish_dto.{path} format - alphanumeric"
        for path in ("bill_no", "stock_publish_dtos[].order_no")
    ),
    "item-id": """
        002 singleitem.synchronize request item.itemId need optional conditional
        002 singleitem.synchronize response itemId need optional conditional""",
    "fields-of-002": """
        003 singleitem.synchronize request item.supplierCode name - supplierCode
        003 singleitem.synchronize request item.tempRequirement name - tempRequirement
        003 singleitem.synchronize request extendProps name - extendProps""",
}

Key = tuple[str, str, str, str]
Difference = tuple[Key, str, str, str]


def read_rows() -> dict[Key, tuple[Field, Message]]:
    """What cases/ says, by document, method, direction and path; document 002 speaks of a method of 003."""
    rows = {
        (api.source[:3], api.method, message.direction, row.path): (row, message)
        for api in load_all()
        for message in (api.request, api.response)
        for row in message.fields
    }
    again = {("002", *key[1:]): row for key, row in rows.items() if key[1] == "singleitem.synchronize"}
    return rows | again


def read_facts() -> dict[Key, Mapping[str, Any]]:
    """What the documents print, the system fields of an answer completed."""
    facts: dict[Key, Mapping[str, Any]] = {}
    for fact in json.loads(FACTS.read_text("utf-8")):
        key = (fact["doc"], fact["method"], fact["direction"], fact["path"])
        if (
            fact["doc"] in ("000", "002", "003")
            and fact["direction"] == "response"
            and fact["path"] in SYSTEM
        ):
            need, length = SYSTEM[fact["path"]]
            fact |= {"need": need, "max": fact["max"] or length}
        facts[key] = fact
    return facts


ROWS, PRINTED = read_rows(), read_facts()


def words(value: Any) -> str:
    """A value as one word; `-` for nothing."""
    return (",".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")) or "-"


def attributes(fact: Mapping[str, Any], row: Field) -> Iterator[tuple[str, Any, Any]]:
    """(attribute, printed, read) of what a row of the documents may print about a field."""
    yield "limit", fact["limit"], row.limit if row.repeated else None
    if row.type == "group":
        yield "leaf", fact["leaf"], False
        return
    yield "need", fact["need"], row.need
    yield "format", fact["format"], row.format
    yield "codes", fact["codes"], row.codes.codes if row.codes else ()
    if fact["doc"] != "002":  # 002 prints the types of its SDK: DECISIONS.md types-of-002
        yield "type", fact["type"], None if fact["type"] is None and row.type == "string" else row.type
        yield "max", fact["max"], row.max
        yield "digits", fact["digits"], row.digits


def differences() -> Iterator[Difference]:
    for key, fact in PRINTED.items():
        if key not in ROWS:
            yield key, "name", key[3], "-"
            continue
        for name, printed, read in attributes(fact, ROWS[key][0]):
            if words(printed) != words(read):
                yield key, name, words(printed), words(read)
    for key, (row, _) in ROWS.items():
        if key not in PRINTED and key[0] != "002":
            yield key, "name", "-", row.name


FOUND = tuple(differences())


def test_every_difference_is_listed_and_every_listed_one_is_there() -> None:
    found = {" ".join([*key, name, printed, read]) for key, name, printed, read in FOUND}
    listed = {line.strip() for lines in DIFFERENCES.values() for line in lines.splitlines() if line.strip()}
    assert found - listed == set()
    assert listed - found == set()


def test_the_readings_agree_on_all_but_half_a_percent() -> None:
    """A field is alike when cases/ says all that its row prints; what no row prints can not be compared."""
    contradicted = {key for key, _, printed, _ in FOUND if printed != "-"}
    assert 1 - len(contradicted) / len(PRINTED) >= 0.995


def test_every_difference_has_its_decision() -> None:
    assert set(DIFFERENCES) <= set(re.findall(r"^### (\S+)$", DECISIONS, re.MULTILINE))


@pytest.mark.parametrize("word", ["doubt", "source"])
def test_what_is_doubted_or_comes_from_elsewhere_is_decided(word: str) -> None:
    fields = {row.path for row, _ in ROWS.values() if getattr(row, word)}
    assert fields
    assert {path for path in fields if f"`{path}`" not in DECISIONS} == set()


def test_a_demanded_group_holds_a_demanded_field() -> None:
    """Groups print no need (DECISIONS.md group-need); where one does, that counts."""
    for key, (row, message) in ROWS.items():
        if row.type == "group" and key in PRINTED:
            printed = PRINTED[key]["need"]
            inside = any(leaf.leaf and leaf.need == "must" for leaf in message.below(row.path))
            assert row.need == printed or (printed == "optional" and row.need == "must" and inside), key


def test_counts() -> None:
    """Methods and leaves of each document, on both sides; the issue states 53, 17 and 73 methods."""
    written = Counter(api.source[:3] for api in load_all())
    printed = Counter(
        {document: len({key[1] for key in PRINTED if key[0] == document}) for document in written}
    )
    assert written == printed
    assert (written["003"], written["000"], written.total()) == (53, 17, 73)
    added = {key for key, name, printed_, _ in FOUND if name == "name" and printed_ == "-"}
    leaves = Counter(key[0] for key, (row, _) in ROWS.items() if row.leaf and key not in added)
    facts = Counter(key[0] for key, fact in PRINTED.items() if fact["leaf"] and fact["type"] != "map")
    assert {key: leaves[key] for key in written} == {key: facts[key] for key in written}


def test_the_second_reading_is_fresh() -> None:
    """Where the documents are at hand, reading them again gives the checked-in facts."""
    checked_in = FACTS.read_text("utf-8")
    fresh = render(read_all(DOCUMENTS)) if DOCUMENTS.is_dir() else checked_in
    assert fresh == checked_in
