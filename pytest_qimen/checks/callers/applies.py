"""A requirement of callers in, whether the calls of a method put it to the test out.

What is not listed here has a verdict of its own only where it was broken: silence proves nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pytest_qimen.calls.call import MESSAGE_KEYS, Caller
from pytest_qimen.spec import Api, Field


@dataclass(frozen=True, slots=True)
class Shown:
    """What the calls of one method have shown: how many there were, and the fields that came with a value.

    `hidden` names what no call shows, as only a recording of them is there: "message", "sign", "headers",
    "http" (whether it was well-formed at all).
    """

    api: Api
    caller: Caller
    calls: int
    rows: tuple[Field, ...]
    hidden: frozenset[str] = frozenset()

    @property
    def is_top(self) -> bool:
        """Return True for a method of the TOP protocol."""
        return self.api.protocol == "top"

    def has(self, *names: str) -> bool:
        """Return True when a field of one of these names came."""
        return any(row.name in names for row in self.rows)

    def any_row(self, fits: Callable[[Field], object]) -> bool:
        """Return True when a field came that fits."""
        return any(fits(row) for row in self.rows)


def _always(_: Shown) -> bool:
    return True


def _qimen(shown: Shown) -> bool:
    return not shown.is_top


def _signed(shown: Shown) -> bool:
    return bool(shown.caller.secret)


def _twice(*names: str) -> Callable[[Shown], bool]:
    """Return whether a key came that could have come twice."""
    return lambda shown: shown.calls > 1 and shown.has(*names)


_APPLIES: Mapping[str, Callable[[Shown], bool]] = {
    **dict.fromkeys(
        (
            *("http", "method", "timestamp", "timestamp-now", "version", "app-key", "format", "sign-method"),
            *("url-encoded", "encoded-once", "no-duplicates", "no-empty-parameter", "post", "content-type"),
        ),
        _always,
    ),
    **dict.fromkeys(("customer", "customer-spelling", "charset"), _qimen),
    **dict.fromkeys(
        (
            *("signed", "sign-upper-case", "sign-all-parameters", "sign-raw-values", "sign-sorted"),
            *("sign-secret-both-ends", "secrets-stay"),
        ),
        _signed,
    ),
    "sign-body": lambda shown: _signed(shown) and _qimen(shown),
    "top.sign": lambda shown: _signed(shown) and shown.is_top,
    "method-form": lambda shown: shown.caller.prefixed is not None and _qimen(shown),
    **dict.fromkeys(("message.xml", "message.utf-8"), _qimen),
    "message.need": lambda shown: any(row.need == "must" for row in shown.api.request.fields),
    **dict.fromkeys(("message.null-text", "message.unknown", "message.empty-lists"), _always),
    "message.length": lambda shown: shown.any_row(lambda row: row.max or row.min),
    "message.type": lambda shown: shown.any_row(lambda row: row.type not in ("string", "group")),
    "message.digits": lambda shown: shown.any_row(lambda row: row.type == "number"),
    "message.format": lambda shown: shown.any_row(lambda row: row.format),
    "message.codes": lambda shown: shown.any_row(lambda row: row.codes and not row.doubt),
    "message.codes-open": lambda shown: shown.any_row(lambda row: row.codes and row.doubt),
    "message.rule": lambda shown: any(
        rule.direction == "request" and rule.level != "may" for rule in shown.api.rules
    ),
    "message.other-warehouse": lambda shown: shown.has("warehouseCode"),
    "split.total-true": lambda shown: shown.has("totalOrderLines"),
    "split.serials": lambda shown: shown.has("sn"),
    "split.stores": lambda shown: not shown.is_top and shown.has("store"),
    "split.top-stores": lambda shown: shown.is_top and shown.has("stores"),
    "split.publish": lambda shown: shown.has("stock_publish_dtos"),
    "split.codes": lambda shown: shown.any_row(lambda row: row.separator and row.limit),
    "page.size": lambda shown: shown.has("pageSize", "page_size"),
    **dict.fromkeys(("top.form", "top.names"), lambda shown: shown.is_top),
    "key.publish-form": lambda shown: shown.has("bill_no", "order_no"),
    "key.bill-once": _twice("billNum", "bill_num"),
    "key.message-once": _twice("outBizCode", "messageId"),
    "key.publish-once": _twice("bill_no", "order_no"),
    "key.numbers-not-recycled": _twice(*MESSAGE_KEYS),
    "key.process-once": lambda shown: "process" in shown.api.method and _twice("outBizCode")(shown),
    "message.batches-add-up": lambda shown: shown.any_row(lambda row: row.path in shown.api.parts),
    "key.document-once": lambda shown: (
        shown.calls > 1
        and shown.api.method.endswith(".create")
        and shown.any_row(lambda row: row.key and row.name not in MESSAGE_KEYS)
    ),
}


def _needs(name: str) -> tuple[str, ...]:
    """Return what must not be hidden, so that the requirement can be judged at all."""
    if name == "call.http":
        return ("http",)
    if name.startswith(("call.sign", "top.sign")) and name != "call.sign-method":
        return ("message", "sign")
    if name in ("call.content-type", "call.charset"):
        return ("headers", "message")
    return () if name.startswith("call.") and name != "call.post" else ("message",)


def applies(requirement: str, shown: Shown) -> bool:
    """Return True when the calls were a test of the requirement, whatever came of it."""
    name = requirement.removeprefix("caller.")
    if shown.hidden.intersection(_needs(name)):
        return False
    found = _APPLIES.get(name) or _APPLIES.get(name.removeprefix("call."))
    return found is not None and found(shown)
