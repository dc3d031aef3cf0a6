"""A legal variant that takes every sentence of the documents for a demand, those that we judge as may, too.

What it refuses beside must and should: amounts that only explain each other and do not add up, batches
without a quantity, lines of one list that are not numbered or numbered alike, list elements that are the same
twice, texts that are no time or number where the name of the field speaks of one, countries of other than
two letters.
"""

import re
from collections import Counter
from collections.abc import Iterator

from pytest_qimen import rules, xml
from pytest_qimen.messages.lists import LINE_NUMBER, lists_at
from pytest_qimen.reference.faults.model import Family
from pytest_qimen.reference.request import Request
from pytest_qimen.rules.model import moment, number
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Api

FAMILY = Family("problems")


def doubts(api: Api, root: xml.Element) -> Iterator[tuple[str, str]]:
    """Yield (path, reason) of everything in a request that some careful reader could refuse."""
    for broken in rules.broken(api, "request", root):
        yield broken.path, f"rule {broken.rule.id}"
    for rule in api.rules:
        if rule.kind == "sum" and rule.direction == "request":
            group, _, part = f"{rule.prefix}{rule.terms['parts']}".rpartition(".")
            for element in xml.find(root, group):
                if any(map(xml.text, element.iter())) and not xml.get(element, part):
                    yield xml.place(element), f"no {part}"
    for row in api.request.fields:
        for element in xml.find(root, row.path) if row.figure else ():
            if (text := xml.text(element)) and not number(text) and not moment(text):
                yield xml.place(element), "no time and no number"
        if row.repeated:
            yield from _of_lists(api, row.path, root)
    for element in root.iter("countryCode"):
        if (code := xml.text(element)) and not re.fullmatch("[A-Za-z]{2}", code):
            yield xml.place(element), "no code of two letters"


def _of_lists(api: Api, path: str, root: xml.Element) -> Iterator[tuple[str, str]]:
    numbered = f"{path}.{LINE_NUMBER}" in api.request.by_path
    for found in lists_at(root, path):
        numbers = [xml.get(element, LINE_NUMBER) for element in found if numbered]
        if len(numbers) > 1 and (None in numbers or len(set(numbers)) < len(numbers)):
            yield path, f"{LINE_NUMBER} is missing or stands twice"
        if max(Counter(map(xml.write, found)).values()) > 1:
            yield path, "two elements are the same"


def _every_reading(request: Request, found: list[Problem]) -> list[Problem]:
    """Refuse what any careful reader could."""
    if request.root is None or request.method is None:
        return found
    return [
        *found,
        *(
            Problem(path, "", "need", "what every reading allows", why, f"{path}: {why}")
            for path, why in doubts(request.method.api, request.root)
        ),
    ]


DEMANDED = {  # what `more-demanded` wants beside the documents; a target file pins it
    "deliveryorder.create": ("deliveryOrder.sourcePlatformCode",),
    "order.cancel": ("ownerCode",),
    "stockout.confirm": ("packages.package[].expressCode", "packages.package[].items.item[].quantity"),
    "entryorder.create": ("orderLines.orderLine[].skuProperty", "entryOrder.senderInfo.name"),
    "alibaba.wdk.stock.publish": ("batch_stock_publish_dto.stock_publish_dtos[].order_desc",),
}


def _more(request: Request, found: list[Problem]) -> list[Problem]:
    """Refuse messages without fields that the documents leave to the sender."""
    if request.root is None or request.method is None:
        return found
    lacking = [
        path
        for path in DEMANDED.get(request.method.api.method, ())
        for group in xml.find(request.root, path.rpartition(".")[0]) or [request.root]
        if not xml.get(group, path.rpartition(".")[2])
    ]
    return [
        *found,
        *(Problem(path, "", "need", "a value", "none", f"{path}: has no value") for path in lacking),
    ]


FAMILY.rows(("every-reading-demanded", _every_reading), ("more-demanded", _more))
