"""An Exchange in, an Answer out: the parsed body and whether it says success or failure."""

from dataclasses import dataclass

from pytest_qimen import xml
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import Said
from pytest_qimen.spec import Api

ERROR_ROOT = "error_response"


@dataclass(frozen=True, slots=True)
class Answer:
    """The root element, None with a `reason` where the body is no XML; `verdict` is success, failure or None.

    A TOP answer that is wrapped in one `result` more than printed is unwrapped; `error_response` is a refusal
    (documents 001 and 002, section of error examples).
    """

    root: xml.Element | None
    reason: Said
    verdict: str | None


def read(exchange: Exchange, api: Api) -> Answer:
    """Return what the body says; never raises."""
    try:
        root = xml.parse(exchange.body)
    except xml.XmlError as error:
        return Answer(None, error.said, None)
    if xml.name(root) == ERROR_ROOT:
        return Answer(root, "", "failure")
    if api.protocol == "top":
        root = _unwrapped(root, api)
    return Answer(root, "", _verdict(root, api))


def _unwrapped(root: xml.Element, api: Api) -> xml.Element:
    declared = {row.name for row in api.response.children()}
    if len(root) == 1 and xml.name(root[0]) == "result" and "result" not in declared:
        return root[0]
    return root


def _verdict(root: xml.Element, api: Api) -> str | None:
    text = xml.get(root, api.verdict)
    if api.verdict == "flag":
        return text if text in ("success", "failure") else None
    if text is None:
        return "success" if xml.name(root) == api.root else None
    return {"true": "success", "false": "failure"}.get(text.strip().lower())
