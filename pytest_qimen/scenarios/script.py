"""A call, the correct answer to it and what a scenario says of it in; the reply that the caller gets out."""

import json
from collections.abc import Callable, Mapping

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.cases.scenario import Script
from pytest_qimen.messages import samples
from pytest_qimen.reference.faults import plugs_of
from pytest_qimen.reference.variants import VARIANTS
from pytest_qimen.scenarios.about import given_id, put_asked
from pytest_qimen.scenarios.pages import WORDS, Pages, put_verdict, put_words
from pytest_qimen.spec import Api
from pytest_qimen.wire.http import Reply, plain

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
_BROKEN = b'<?xml version="1.0" encoding="utf-8"?><response><flag>success</flag><code>0</code><message>'
_JSON = json.dumps({"response": {"flag": "success", "code": "0", "message": "success"}}).encode()
_LONG, _LONG_CODE = "库存同步完成" * 33 + "成功", "0" * 50  # 200 and 50 characters
_PARTS: Mapping[str, tuple[str, str, str]] = {  # method -> its parts, their key, where failures are told
    "items.synchronize": ("items.item[]", "itemCode", "items.item[].itemCode"),
    "deliveryorder.batchcreate": (
        "orders.order[]",
        "deliveryOrder.deliveryOrderCode",
        "orders.order[].deliveryOrderCode",
    ),
    "storeinventory.initial": (
        "stores.store[].storeInventories.storeInventory[]",
        "billNum",
        "errorDescriptions.error[].failedBillNum",
    ),
}


class Answers:
    """Makes the replies of one scenario; paged lists go on from call to call."""

    def __init__(self, pace: float = 1.0) -> None:
        """`pace` multiplies the seconds that scripts name."""
        self._pace = pace
        self._pages: dict[str, Pages] = {}

    def reply(self, script: Script, call: Call, correct: Callable[[], Reply]) -> Reply:
        """Return what `script` says; `correct` carries the call out and returns the correct answer.

        A call that is to be broken off before anything was done is not carried out.
        """
        is_cut = script.way == "reset" or (script.way in OUTAGES and not closes(script))
        if is_cut or script.reply in _FIXED or call.api is None:
            reply = Reply(*_FIXED.get(script.reply, (b"", 200, {})))
        else:
            reply = _readable(call, call.api, correct())
            if script.reply == "pages":
                pages = self._pages.setdefault(call.api.method, Pages(script.reply_argument))
                reply.body = xml.write(pages.answer(call.api, call, xml.parse(reply.body)))
            else:
                reply.body = _written(script, call.api, call, reply.body)
                if script.reply == "variant":
                    for plug in plugs_of((script.reply_argument,), VARIANTS, "variant"):
                        plug.act(None, reply)
        return _on_its_way(script, reply, self._pace)


def closes(script: Script) -> bool:
    """Return True for an answer behind which the port is closed: itself it arrives whole."""
    return script.way == "closed" and bool(script.way_argument)


def _readable(call: Call, api: Api, reply: Reply) -> Reply:
    """Return a success: a scenario is about the caller's reaction, whatever the counterpart knows."""
    return reply if is_good(api, reply.body) else Reply(xml.write(_success(call, api)))


def is_good(api: Api, answer: bytes) -> bool:
    """Return True for the bytes of an answer that says success."""
    said = xml.get(xml.parse(answer), api.verdict) if answer else None
    return said is not None and said.lower() in ("success", "true")


def _success(call: Call, api: Api) -> xml.Element:
    """Return the smallest success of a method: with the ids that it gives, about what was asked for."""
    root = samples.minimal(api.response, api.root)
    put_asked(api, call, root)
    for row in () if api.readonly else api.response.children(""):
        if row.leaf and row.name.endswith("Id"):
            xml.put(root, row.path, given_id(call, row.example))
    _put(api, root, good=True, code="0", message="success")
    return root


def _put(api: Api, root: xml.Element, *, good: bool, code: str, message: str) -> None:
    put_verdict(api, root, good=good)
    put_words(api, root, code, message)


def _written(script: Script, api: Api, call: Call, body: bytes) -> bytes:
    """Return the body that the words of `script.reply` ask for."""
    word, argument = script.reply, script.reply_argument
    root = xml.parse(body)
    if word in _CHANGES:
        _CHANGES[word](api, root)
    elif word == "refuse":
        root = _refused(api, argument or "refused")
    elif word == "idempotent":
        root = _refused(api, "IDEMPOTENT", call)
    elif word in ("partial", "listed"):
        root = _parts(api, call, int(argument or 1), good=word == "listed")
    elif word in _VALUES:
        _value(api, call, root, word, argument)
    return xml.write(root)


def _refused(api: Api, message: str, call: Call | None = None) -> xml.Element:
    root = xml.new(api.root)
    _put(api, root, good=False, code="pytest-qimen", message=message)
    if call is not None:
        for key in call.keys:
            _told(api, root, key.value, message)
    return root


def _told(api: Api, root: xml.Element, number: str, why: str) -> None:
    """Tell that the bill with this number was not booked now."""
    for row in api.response.fields:
        if row.name in ("failedBillNum", "failed_bill_num"):
            xml.put(root, row.path, number)
        elif row.name in ("description", "descrpition"):
            xml.put(root, row.path, why)


def can_answer(script: Script, call: Call) -> bool:
    """Return False for a failure of parts that the message does not have."""
    if script.reply != "partial" or call.api is None or call.root is None:
        return True
    parts, _, told = _PARTS[call.api.method]
    several = 1 if "failedBillNum" in told else 0
    return len(xml.find(call.root, parts)) >= int(script.reply_argument) + several


def _parts(api: Api, call: Call, place: int, *, good: bool) -> xml.Element:
    """Return a failure (or, with `good`, a success) that names the part at `place` as failed.

    Several bills that failed are told in one text, as document 000 4.2.1 prints it.
    """
    parts, key, told = _PARTS[api.method]
    root = xml.new(api.root)
    _put(
        api,
        root,
        good=good,
        code="0" if good else "pytest-qimen",
        message="success" if good else "failed in part",
    )
    found = xml.find(call.root, parts) if call.root is not None else []
    codes = [xml.get(part, key) or "" for part in found]
    failed = codes[place - 1 : place + 1] if "failedBillNum" in told else codes[place - 1 : place]
    xml.put(root, told, ",".join(failed))
    xml.put(root, f"{told.rpartition('.')[0]}.{'description' if 'Bill' in told else 'message'}", "no")
    return root


_VALUES = {  # the word -> the leaf that it sets
    "quantity": "quantity",
    "text": "itemName",
    "state": "status",
}


def _value(api: Api, call: Call, root: xml.Element, word: str, text: str) -> None:
    row = next((row for row in api.response.leaves if row.name == _VALUES[word]), None)
    if row is None:
        return
    group = row.path.rpartition(".")[0]
    if not xml.find(root, group):
        _filled(api, root, group)
        put_asked(api, call, root)
    xml.put(root, row.path, text)


def _filled(api: Api, root: xml.Element, group: str) -> None:
    for part in _prefixes(group):
        fresh = not xml.find(root, part)
        element = xml.ensure(root, part)
        if fresh:
            samples.fill(element, api.response, part)


def _prefixes(path: str) -> list[str]:
    steps = path.split(".")
    return [".".join(steps[:count]) for count in range(1, len(steps) + 1)]


def _bare(api: Api, root: xml.Element) -> None:
    """Leave nothing but flag, code and message."""
    kept = {path.partition(".")[0] for path in (api.verdict, *WORDS[api.verdict])} | {"qimen_code"}
    for child in list(root):
        if xml.name(child) not in kept:
            root.remove(child)


def _extended(api: Api, root: xml.Element) -> None:
    xml.put(root, "remark", "pytest-qimen test endpoint")
    xml.put(root, "extendProps.key1", "value1")


def _vendor(api: Api, root: xml.Element) -> None:
    xml.put(root, "vendorField", "vendor")


def _reversed(api: Api, root: xml.Element) -> None:
    xml.reorder(root, lambda names: names[::-1])


def _long(api: Api, root: xml.Element) -> None:
    _put(api, root, good=True, code=_LONG_CODE, message=_LONG)


def _odd_success(api: Api, root: xml.Element) -> None:
    _put(api, root, good=True, code="500", message="invalid appkey")


def _odd_failure(api: Api, root: xml.Element) -> None:
    for child in list(root):
        root.remove(child)
    _put(api, root, good=False, code="0", message="success")


def _already_there(api: Api, root: xml.Element) -> None:
    for child in list(root):
        root.remove(child)
    _put(api, root, good=False, code="duplicate", message="the document exists already")


def _error_response(api: Api, root: xml.Element) -> None:
    for child in list(root):
        root.remove(child)
    root.tag = "error_response"
    for name, text in (("code", "15"), ("msg", "Remote service error"), ("sub_code", "isv.pytest-qimen")):
        xml.put(root, name, text)


def _no_flag(api: Api, root: xml.Element) -> None:
    xml.drop(root, api.verdict)


_CHANGES: Mapping[str, Callable[[Api, xml.Element], None]] = {
    "success": lambda api, root: None,
    "bare": _bare,
    "extended": _extended,
    "vendor": _vendor,
    "reversed": _reversed,
    "long": _long,
    "odd-success": _odd_success,
    "odd-failure": _odd_failure,
    "already-there": _already_there,
    "error-response": _error_response,
    "no-flag": _no_flag,
}
OUTAGES: Mapping[str, Callable[[], Reply]] = {  # what everything is answered for a while
    "down": lambda: plain(503, "down for a while"),
    "closed": lambda: Reply(b"", reset=True),
}
_XML = {"Content-Type": "text/xml;charset=utf-8"}
_FIXED: Mapping[str, tuple[bytes, int, dict[str, str]]] = {  # body, status, headers
    "broken": (_BROKEN, 200, _XML),
    "html": (_HTML, 200, {"Content-Type": "text/html"}),
    "json": (_JSON, 200, {"Content-Type": "application/json"}),
    "empty": (b"", 200, _XML),
}


def _on_its_way(script: Script, reply: Reply, pace: float) -> Reply:
    """Do to the reply what the words of `script.way` say."""
    word, argument = script.way, script.way_argument
    if word == "lost":
        reply.cut = -1
    elif word == "reset":
        reply.reset = True
    elif word == "half":
        reply.cut = len(reply.body) // 2
    elif word == "chunked":
        reply.chunked = True
    elif word == "status":
        reply.status = int(argument)
    elif word == "slow":
        reply.delay = float(argument[:-1]) * pace
    elif word == "hang":
        reply.delay, reply.cut = float(argument[:-1]) * pace, -1
    elif closes(script):
        reply.close = True
    elif word in OUTAGES:
        reply = OUTAGES[word]()
    return reply
