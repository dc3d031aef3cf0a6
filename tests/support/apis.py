"""Apis and Targets made in the test, without a file."""

from collections.abc import Sequence
from typing import Any

from pytest_qimen.spec import Api, CodeList, Field, Message, Rule
from pytest_qimen.target.model import Target
from pytest_qimen.toml import Text

TITLE = Text("测试", "Test")
TARGET = Target(url="http://127.0.0.1:1/qimen", app_key="key", secret="s3cret", customer_id="cust")
ENVELOPE = (
    Field("flag", need="must", type="string", max=50, example="success"),
    Field("code", need="must", type="string", max=50, example="0"),
    Field("message", need="must", type="string", max=200, example="ok"),
)


def codes(*texts: str) -> CodeList:
    """A list of these codes."""
    return CodeList("test", texts, dict.fromkeys(texts, TITLE))


def must(path: str, type: str = "string", **more: Any) -> Field:
    """A demanded field."""
    return Field(path, need="must", type=type, **({"example": "1"} if type != "group" else {}) | more)


def may(path: str, type: str = "string", **more: Any) -> Field:
    """An optional field."""
    return Field(path, type=type, **({"example": "1"} if type not in ("group", "map") else {}) | more)


def rule(kind: str, level: str = "must", direction: str = "request", **terms: Any) -> Rule:
    """A rule called after its kind."""
    return Rule(kind, kind, level, direction, TITLE, terms)


def api(
    *fields: Field,
    answer: Sequence[Field] = (),
    envelope: Sequence[Field] = ENVELOPE,
    rules: Sequence[Rule] = (),
    protocol: str = "qimen",
    **more: Any,
) -> Api:
    """A method of the WMS with these fields in its request, and in its answer beside those of `envelope`."""
    settings: dict[str, Any] = {"method": "thing.create", "role": "wms", "source": "003 thing.create"} | more
    return Api(
        protocol=protocol,
        title=TITLE,
        request=Message("request", fields),
        response=Message("response", (*envelope, *answer)),
        rules=tuple(rules),
        **settings,
    )
