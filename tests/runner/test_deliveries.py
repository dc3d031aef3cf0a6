"""Cases about deliveries: how a refusal and a silence are told."""

import pytest

from pytest_qimen.verdict import Level, Status
from tests.runner.runs import polite, running
from tests.support.servers import Request, answer

CHUNKED = "protocol/delivery/wms/chunked"


def is_chunked(request: Request) -> bool:
    return "transfer-encoding" in request.headers


HTML = answer("<html>Length Required</html>", "411 Length Required", b"Connection: close\r\n")


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (HTML, "HTTP 411"),
        (answer("", "501 Not Implemented", b"Connection: close\r\n"), "HTTP 501"),
        (None, "disconnected"),
    ],
)
def test_one_broken_should_whatever_the_refusal_looks_like(refusal: bytes | None, told: str) -> None:
    replies = {"entryorder.create": lambda request: refusal if is_chunked(request) else polite(request)}
    with running(replies) as run:
        outcome = run(CHUNKED)
    assert outcome.status is Status.WARN
    (found,) = outcome.findings
    assert (found.check, found.level, found.step) == ("contract.accepts", Level.SHOULD, 1)
    assert told in str(found.actual)


def test_an_endpoint_that_is_gone_is_nobodys_fault() -> None:
    heard: list[bool] = []

    def reply(request: Request) -> str | None:
        heard.append(is_chunked(request))
        return None if any(heard) else polite(request)

    with running({"entryorder.create": reply, "service.heartbeat": reply}) as run:
        outcome = run(CHUNKED)
    assert outcome.status is Status.ERROR
