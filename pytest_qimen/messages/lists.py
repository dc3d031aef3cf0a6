"""Elements of a list are told apart: line numbers and other marks, so that no two of them look like one."""

from collections.abc import Collection

from pytest_qimen import xml
from pytest_qimen.spec import Field, Message

LINE_NUMBER = "orderLineNo"
# Fields that tell the elements of a list apart, the first that the table has before the others.
_MARKS = (
    *(LINE_NUMBER, "sn", "batchCode", "produceCode", "expressCode", "warehouseCode", "orderCode"),
    *("deliveryOrderId", "number", "content", "itemName", "type", "scItemCode", "itemCode"),
)


def lists_at(root: xml.Element, path: str) -> list[list[xml.Element]]:
    """Return the elements at `path`, those of one parent together."""
    lists: dict[xml.Element | None, list[xml.Element]] = {}
    for element in xml.find(root, path):
        lists.setdefault(element.getparent(), []).append(element)
    return list(lists.values())


def mark_of(message: Message, path: str, given: Collection[str] = ()) -> Field | None:
    """Return the field that tells elements of the list at `path` apart; None where a key does or none can.

    It is no field of `given`, none that must agree with something else, no item that other lists name, too.
    """
    rows = {row.name: row for row in message.children(path) if row.leaf}
    if any(row.key for row in message.below(path)):
        return rows.get(LINE_NUMBER)
    for name in _MARKS:
        row = rows.get(name)
        if row and row.path not in given and not (row.refers or row.codes or row.format):
            alone = sum(other.name == name and "[]" in other.path for other in message.leaves) == 1
            if alone or name != "itemCode":
                return row
    return None


def can_be_told_apart(message: Message, path: str, given: Collection[str] = ()) -> bool:
    """Return whether two elements of the list can differ: by a mark, by a key, or as plain values."""
    row = message.by_path[path]
    return row.leaf or any(one.key for one in message.below(path)) or bool(mark_of(message, path, given))


def tell_apart(message: Message, root: xml.Element, path: str, given: Collection[str] = ()) -> None:
    """Give the elements of every list at `path` that has several their own marks; `given` fields stay."""
    row = mark_of(message, path, given)
    if row is None:
        return
    for elements in lists_at(root, path):
        for number, element in enumerate(elements if len(elements) > 1 else (), 1):
            base = xml.get(elements[0], row.name) or row.example
            xml.put(element, row.name, _marked(row, base, number))


def _marked(row: Field, base: str, number: int) -> str:
    """Return the mark of the element with this number: line numbers count, other marks end with it."""
    if row.name == LINE_NUMBER:
        return str(number)
    suffix = f"-{number}" if number > 1 else ""
    return base[: (row.max or len(base) + len(suffix)) - len(suffix)] + suffix


def number_lines(message: Message, root: xml.Element, given: Collection[str] = ()) -> None:
    """Number the lines of every list whose line numbers are not all there and all different."""
    for row in message.leaves:
        if row.name == LINE_NUMBER and row.parent.endswith("[]") and row.path not in given:
            numbers = ([xml.get(line, LINE_NUMBER) for line in lines] for lines in lists_at(root, row.parent))
            if any(len(set(found) - {"", None}) < len(found) > 1 for found in numbers):
                tell_apart(message, root, row.parent, given)


def numbered(row: Field, text: str, number: int) -> str:
    """Return `text` made different by `number`, still a legal value of the key field."""
    if row.type != "string":
        return str(int(text) + number)
    mark = str(number) if row.format else f"-{number}"
    return text[: (row.max or 50) - len(mark)] + mark
