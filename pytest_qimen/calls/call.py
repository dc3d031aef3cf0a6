"""A request that was heard in, a Call out: its parameters, method, message and answer, each read once."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from threading import get_ident
from typing import Any, NamedTuple, TypeAlias, TypeVar
from urllib.parse import parse_qsl

from pytest_qimen import xml
from pytest_qimen.errors import QimenError
from pytest_qimen.phrases import Said
from pytest_qimen.schema.tree import placed
from pytest_qimen.spec import Api, Field, called
from pytest_qimen.wire import encoding
from pytest_qimen.wire.http import query_of

MESSAGE_KEYS = frozenset(("outBizCode", "billNum", "bill_num", "bill_no", "order_no", "messageId"))
FAILED = (  # what names the failed ones of a batch in an answer
    *("errorDescriptions.error[].failedBillNum", "error_descriptions.error[].failed_bill_num"),
    *("items.item[].itemCode", "orders.order[].deliveryOrderCode"),
)
Pairs: TypeAlias = tuple[tuple[str, str], ...]
T = TypeVar("T")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """A request and its answer as they were recorded.

    `place` says where it stands. `at` is the time of arrival where it is known. `status` and `answer` are
    None where no answer was recorded, `status` is 0 where none came. `lost` names what the recording does
    not keep as it was sent: "body" (its text may have been encoded anew), "sign" (it is masked), "headers",
    "message" (there is no body at all), "whole" (the body was too large to be kept).
    `took` is how many seconds passed until the answer was written, None where that is not known.
    """

    place: str
    verb: str
    target: str
    headers: Pairs = ()
    body: bytes = b""
    at: datetime | None = None
    status: int | None = None
    answer: bytes | None = None
    answer_headers: Pairs = ()
    lost: frozenset[str] = frozenset()
    took: float | None = None

    def header(self, name: str) -> str:
        """Return a header of the request, empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def query(self) -> str:
        """Return the query of the target as it came, still encoded."""
        return query_of(self.target)


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known about the system that sends; empty where it is not known."""

    app_key: str = ""
    secret: str = field(default="", repr=False)
    session: str = field(default="", repr=False)
    prefixed: tuple[str, ...] | None = None  # the roles whose methods it names with taobao.qimen.


class Key(NamedTuple):
    """A key in a message: where it stands, its value, and a digest of what it names."""

    path: str
    name: str
    value: str
    content: str
    is_message: bool  # names one transmission, not a document


@dataclass(frozen=True)
class Call:
    """One request, read; a part that cannot be read is None or empty."""

    heard: Heard
    number: int = 1
    _trees: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def pairs(self) -> Pairs:
        """Return the parameters of the URL, decoded, in their order."""
        return tuple(parse_qsl(self.heard.query, keep_blank_values=True, errors="replace", separator="&"))

    @cached_property
    def form(self) -> Pairs:
        """Return the fields of a form body; raw XML under the Content-Type of a form is no form."""
        if not encoding.is_form(self.heard.header("content-type"), self.heard.body):
            return ()
        text = self.heard.body.decode("utf-8", "replace")
        return tuple(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=10_000))

    @property
    def every(self) -> Pairs:
        """Return all parameters: those of TOP may stand in the URL or in the form."""
        return self.pairs + self.form

    def get(self, name: str) -> str:
        """Return a parameter, empty where it is missing."""
        return next((value for key, value in self.every if key == name), "")

    @cached_property
    def api(self) -> Api | None:
        """Return the method that is called; a form decides for TOP where both protocols have the name."""
        return called(self.get("method"), bool(self.form))

    @property
    def is_top(self) -> bool:
        """Return True for a call of the TOP protocol."""
        return self.api.protocol == "top" if self.api else bool(self.form)

    def _own(self, read: Callable[["Call"], T]) -> T:
        """Return what `read` gives, read once by each thread: a tree belongs to the one that read it."""
        key, kept = (get_ident(), read), self._trees
        found: T = kept[key] if key in kept else kept.setdefault(key, read(self))
        return found

    def _parsed(self) -> tuple[xml.Element | None, Said]:
        try:
            if self.is_top and self.api:
                return encoding.decode(self.api, dict(self.every)), ""
            return xml.parse(self.heard.body), ""
        except (QimenError, ValueError, RecursionError) as error:
            return None, error.said if isinstance(error, QimenError) else str(error)

    @property
    def root(self) -> xml.Element | None:
        """Return the message."""
        return self._own(Call._parsed)[0]

    @property
    def trouble(self) -> Said:
        """Return the parser's reason why there is no message."""
        return self._own(Call._parsed)[1]

    @property
    def answer(self) -> xml.Element | None:
        """Return the message of the answer; None where there is none that can be read."""
        return self._own(Call._answered)

    def _answered(self) -> xml.Element | None:
        if self.heard.status != 200:
            return None
        try:
            return xml.parse(self.heard.answer or b"")
        except QimenError:
            return None

    def said(self, path: str) -> str:
        """Return a text of the message, without the blanks around it; empty where there is none."""
        return "" if self.root is None else (xml.get(self.root, path) or "").strip()

    def told(self, path: str) -> str:
        """Return a text of the answer, without the blanks around it; empty where there is none."""
        return "" if self.answer is None else (xml.get(self.answer, path) or "").strip()

    @property
    def method(self) -> str:
        """Return the name of the method as its case file has it, empty where it is unknown."""
        return self.api.method if self.api else ""

    @property
    def sender(self) -> str:
        """Return who sends for whom: documents of two customers have nothing to do with each other."""
        return f"{self.get('app_key')} {self.get('customerId')}".strip()

    @cached_property
    def outcome(self) -> str:
        """Return what was answered: success, failure, unclear, or nothing where no answer was recorded."""
        if self.heard.status is None:
            return ""
        if self.answer is None or self.api is None:
            return "unclear"
        said = xml.get(self.answer, self.api.verdict) or ""
        verdict = {"true": "success", "false": "failure"}.get(said.lower(), said.lower())
        return verdict if verdict in ("success", "failure") else "unclear"

    @cached_property
    def failed(self) -> tuple[str, ...]:
        """Return the texts by which an answer of failure names what of a batch has failed; several in one."""
        if self.outcome != "failure" or self.answer is None:
            return ()
        return tuple(
            text.strip() for path in FAILED for text in xml.values(self.answer, path) if text.strip()
        )

    def refused(self, value: str) -> bool:
        """Return True where the answer refused what stands under this key: all, or this of a batch."""
        named = {one.strip() for text in self.failed for one in text.split(",")}
        return self.outcome == "failure" and (not named or value in named)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Return the keys of the message, in the order of the document."""
        return tuple(_keys(self)) if self.api and self.root is not None else ()

    @cached_property
    def fields(self) -> frozenset[str]:
        """Return the paths of the declared fields that the message has."""
        rows = self.api.request.by_path if self.api else {}
        found: set[str] = set()
        waiting = [(self.root, "")] if self.root is not None else []
        while waiting:
            parent, prefix = waiting.pop()
            for child in parent.iterchildren("*"):
                name = prefix + xml.name(child)
                path = name if name in rows else f"{name}[]"
                if path in rows:
                    found.add(path)
                    waiting.append((child, f"{path}."))
        return frozenset(found)

    @cached_property
    def fingerprint(self) -> str:
        """Return a digest of the message without its keys and the moments near its sending."""
        return _digest(self, self.root, "") if self.root is not None else ""

    @cached_property
    def whole(self) -> str:
        """Return a digest of the message as it is, keys included."""
        return hashlib.sha256(xml.write(self.root)).hexdigest()[:32] if self.root is not None else ""


def whole_number(text: str) -> int:
    """Return the number that the text writes, 0 where it is none of at most nine digits."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _keys(call: Call) -> Iterator[Key]:
    assert call.api is not None
    assert call.root is not None
    beside: dict[xml.Element, list[tuple[str, str]]] = {}
    for row in call.api.request.leaves:
        if row.key or row.name in MESSAGE_KEYS:
            is_message = row.name in MESSAGE_KEYS
            if is_message and row.name == "outBizCode" and not _names_a_message(call.api, row):
                continue
            for place, element in placed(xml.find(call.root, row.path)):
                if value := xml.text(element).strip():
                    yield Key(place, row.name, value, _content(call, element, row, beside), is_message)


def _names_a_message(api: Api, row: Field) -> bool:
    """Return False for the outBizCode of a line: it names the line within its document."""
    owner = row.parent
    while owner and not owner.endswith("[]"):
        owner = owner.rpartition(".")[0]
    return not owner or any(one.key and one.name not in MESSAGE_KEYS for one in api.request.below(owner))


def _content(
    call: Call, element: xml.Element, row: Field, beside: dict[xml.Element, list[tuple[str, str]]]
) -> str:
    """Return a digest of what a key names: the nearest element of a list around it, or the whole message.

    `beside` keeps the texts in each element around: those of a list are the same for all that stand in it.
    """
    parts = row.path.split(".")
    depth = len(parts) - 1
    while depth and not parts[depth - 1].endswith("[]"):
        depth -= 1
    holder = element
    for _ in range(len(parts) - depth):
        parent = holder.getparent()
        assert parent is not None
        holder = parent
    around: list[tuple[str, str]] = []
    for parent in holder.iterancestors():
        if parent not in beside:
            leaves = (child for child in parent.iterchildren("*") if not len(child))
            beside[parent] = [(xml.name(child), xml.text(child)) for child in leaves]
        around += beside[parent]
    method = call.api.method if call.api else ""
    return hashlib.sha256(
        repr((method, _digest(call, holder, ".".join(parts[:depth])), around)).encode()
    ).hexdigest()[:32]


def _digest(call: Call, root: xml.Element, prefix: str) -> str:
    rows = call.api.request.by_path if call.api else {}
    near = call.heard.at.replace(tzinfo=None) if call.heard.at else _moment(call.get("timestamp"))
    found: list[tuple[str, str]] = []

    def walk(element: xml.Element, path: str) -> None:
        for child in element.iterchildren("*"):
            name = f"{path}.{xml.name(child)}" if path else xml.name(child)
            place = name if name in rows else f"{name}[]"
            row = rows.get(place)
            if len(child):
                found.append((place, ""))
                walk(child, place if row else name)
            elif text := xml.text(child):
                moment = _moment(text) if row and row.format == "datetime" else None
                is_now = bool(moment and near and abs(moment - near) < _DAY)
                is_key = xml.name(child) in MESSAGE_KEYS or (row is not None and row.key)
                if not is_key and not is_now:
                    found.append((place, text))

    walk(root, prefix)
    return hashlib.sha256(repr(found).encode()).hexdigest()[:32]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
