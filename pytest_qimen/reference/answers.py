"""The values of an answer, in Qimen's and in TOP's way, and its bytes in XML or JSON."""

import json
from collections.abc import Mapping
from typing import Any

from pytest_qimen import xml
from pytest_qimen.reference.data import Data, build
from pytest_qimen.reference.database import Refused
from pytest_qimen.reference.request import Request
from pytest_qimen.spec import Message
from pytest_qimen.wire.http import Reply

_MESSAGE_LIMIT = 100  # characters: the shortest that a document prints for `message` (transferorder.create)


def success(request: Request, answer: Data) -> Data:
    """Return the answer with the words of success before it, as its protocol wants them."""
    if not request.top:
        return Data({"flag": "success", "code": "0", "message": "success", **answer})
    declared = request.method.api.response.by_path if request.method else {}
    head = {"flag": "success", "qimen_code": "0", "message": "success"} if "flag" in declared else {}
    return Data({**head, **answer})


def refusal(error: Refused) -> Data:
    """Return Qimen's answer to a refused request."""
    answer = Data(flag="failure", code=error.code[:50], message=error.message[:_MESSAGE_LIMIT])
    if error.sub_code:
        answer.update(sub_code=error.sub_code, sub_message=error.sub_message)
    return answer


def failure(request: Request, error: Refused) -> Data:
    """Return the answer to a refused request; what TOP itself refuses goes into error_response."""
    if not request.top:
        return refusal(error)
    declared = request.method.api.response.by_path if request.method else {}
    if error.code in _TOP_CODES:
        pass
    elif "is_success" in declared:
        return Data(is_success="false", msg_code="isv.invalid-parameter", message=error.message)
    elif "result.success" in declared:
        return Data(result=Data(success="false", err_code="ILLEGAL_PARAMETERS", err_msg=error.message))
    code, msg = _TOP_CODES.get(error.code, ("50", "Remote service error"))
    sub_code = error.sub_code if code == "50" and error.sub_code else f"isv.{error.code}"
    told = error.sub_message if code in _ABOUT_SIGN else error.message
    return Data(error_response=Data(code=code, msg=msg, sub_code=sub_code, sub_msg=told))


_ABOUT_SIGN = ("24", "25")
_TOP_CODES = {
    "invalid-method": ("22", "Invalid Method"),
    "bad-parameter": ("41", "Invalid Arguments"),
    "missing-sign": ("24", "Missing Signature"),
    "sign-check-failure": ("25", "Invalid signature"),
    "invalid-app-key": ("29", "Invalid App Key"),
    "invalid-timestamp": ("31", "Invalid Timestamp"),
    "invalid-version": ("33", "Invalid Version"),
    **{f"missing-{name}": ("40", "Missing Required Arguments") for name in ("method", "timestamp", "v")},
    **{f"missing-{name}": ("40", "Missing Required Arguments") for name in ("app_key", "sign_method")},
}


def reply_of(request: Request, answer: Data) -> Reply:
    """Return the answer as bytes: XML, or JSON if TOP was asked for it."""
    if request.top and request.every.get("format", "").lower() == "json":
        text = json.dumps(_json(request, answer), ensure_ascii=False)
        return Reply(text.encode(), headers={"Content-Type": "application/json;charset=UTF-8"})
    root = "response"
    if request.top:
        root = request.method.api.root if request.method else "error_response"
        if "error_response" in answer:
            root, answer = "error_response", answer.group("error_response")
    element = build(root, answer)
    for hook in request.hooks.answer:
        hook(request, element)
    return Reply(xml.write(element))


def _json(request: Request, answer: Data) -> Mapping[str, Any]:
    if "error_response" in answer or request.method is None:
        error = answer.group("error_response")
        return {"error_response": {**error, "code": error.number("code")}}
    api = request.method.api
    return {api.root: _typed(api.response, "", answer)}


def _typed(message: Message, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with JSON's numbers and truth values for the document's Number and Boolean."""
    types = {row.name: row for row in message.children(path)}
    found: dict[str, Any] = {}
    for name, value in data.items():
        row = types.get(name)
        if row and not row.leaf:
            found[name] = (
                [_typed(message, row.path, one) for one in value]
                if row.repeated
                else (_typed(message, row.path, value))
            )
        elif row and row.type in ("number", "boolean"):
            found[name] = json.loads(value)
        else:
            found[name] = value
    return found
