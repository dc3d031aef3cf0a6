"""Elements of a list are told apart by a line number or another mark."""

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.messages.lists import can_be_told_apart, mark_of, number_lines, tell_apart
from tests.support.apis import api, codes, may

API = api(
    may("lines", "group"),
    may("lines.line[]", "group"),
    may("lines.line[].orderLineNo"),
    may("lines.line[].itemCode"),
    may("lines.line[].batchs", "group"),
    may("lines.line[].batchs.batch[]", "group"),
    may("lines.line[].batchs.batch[].batchCode", max=5, example="B1234"),
    may("parts", "group"),
    may("parts.part[]", "group"),
    may("parts.part[].itemCode"),
    may("keyed[]", "group"),
    may("keyed[].code", key=True),
    may("others[]", "group"),
    may("others[].warehouseCode", refers=True),
    may("others[].type", codes=codes("A")),
    may("plain[]"),
)


@pytest.mark.parametrize(
    ("path", "mark", "apart"),
    [
        ("lines.line[]", "orderLineNo", True),
        ("lines.line[].batchs.batch[]", "batchCode", True),
        ("parts.part[]", None, False),  # the lines name items, too: both must agree
        ("keyed[]", None, True),
        ("others[]", None, False),
        ("plain[]", None, True),
    ],
)
def test_marks(path: str, mark: str | None, apart: bool) -> None:
    found = mark_of(API.request, path)
    assert (found and found.name) == mark
    assert can_be_told_apart(API.request, path) is apart


def test_what_is_given_is_no_mark() -> None:
    assert (
        mark_of(API.request, "lines.line[].batchs.batch[]", ["lines.line[].batchs.batch[].batchCode"]) is None
    )


def test_an_item_is_a_mark_where_no_other_list_names_items() -> None:
    found = mark_of(spec.load_api("combineitem.synchronize").request, "items.item[]")
    assert found
    assert found.path == "items.item[].itemCode"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "lines.line[]",
            "<lines><line/><line/></lines>",
            "<lines><line><orderLineNo>1</orderLineNo></line><line><orderLineNo>2</orderLineNo></line></lines>",
        ),
        ("lines.line[]", "<lines><line/></lines>", "<lines><line/></lines>"),
        (
            "lines.line[].batchs.batch[]",
            "<lines><line><batchs><batch/><batch/></batchs></line><line><batchs><batch/></batchs></line></lines>",
            "<lines><line><batchs><batch><batchCode>B1234</batchCode></batch><batch><batchCode>B12-2</batchCode>"
            "</batch></batchs></line><line><batchs><batch/></batchs></line></lines>",
        ),
        ("parts.part[]", "<parts><part/><part/></parts>", "<parts><part/><part/></parts>"),
    ],
)
def test_tell_apart(path: str, before: str, after: str) -> None:
    root = xml.parse(f"<request>{before}</request>".encode())
    tell_apart(API.request, root, path)
    assert xml.write(root, declaration=False).decode() == f"<request>{after}</request>"


@pytest.mark.parametrize(
    ("numbers", "after"),
    [(["7", "9"], ["7", "9"]), (["7", "7"], ["1", "2"]), (["7", ""], ["1", "2"]), (["7"], ["7"])],
)
def test_lines_are_numbered_where_their_numbers_do_not_do(numbers: list[str], after: list[str]) -> None:
    lines = "".join(f"<line><orderLineNo>{number}</orderLineNo></line>" for number in numbers)
    root = xml.parse(f"<request><lines>{lines}</lines></request>".encode())
    number_lines(API.request, root)
    assert xml.values(root, "lines.line[].orderLineNo") == after
