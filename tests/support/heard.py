"""The suite's own requests as a receiver hears them."""

from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

from pytest_qimen import xml
from pytest_qimen.calls.call import Caller, Heard
from pytest_qimen.cases import Step
from pytest_qimen.client.request import SignedRequest, draft, finish, seal
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.runner.signed import signed
from pytest_qimen.spec import Api
from pytest_qimen.target.model import Target

SECRET = "topsecret-A"
TARGET = Target("http://localhost:1/qimen", "testerp_appkey", SECRET, "stub-cust-code")
CALLER = Caller("testerp_appkey", SECRET, "", TARGET.prefixed)
CHINA = timezone(timedelta(hours=8))


def heard_of(request: SignedRequest, place: str = "call") -> Heard:
    """Return the request as it arrives now."""
    parts = urlsplit(request.url)
    target = f"{parts.path}?{parts.query}"
    return Heard(place, request.http_method, target, request.headers, request.body, datetime.now(CHINA))


def heard_step(step: Step, keys: Keys | None = None) -> Heard:
    """Return the request of a case's step."""
    context = Context(TARGET, keys or Keys())
    return heard_of(signed(TARGET, step, compose(step, context, {})))


def heard_message(api: Api, root: xml.Element) -> Heard:
    """Return a signed request with this message."""
    made = draft(TARGET, api, root)
    seal(TARGET, made)
    return heard_of(finish(TARGET, made))
