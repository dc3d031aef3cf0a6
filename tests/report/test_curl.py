"""The curl command of a finding, as sh reads it: whatever is in body, URL and headers arrives as it was."""

from collections.abc import Callable

import pytest

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.report.curl import curl
from tests.support.curl import WAYS
from tests.support.servers import Request, endpoint

BODIES = (
    "<request/>",
    "@/etc/hostname",
    "@-",
    'it\'s "quoted" `date` $(date) $HOME ${HOME}',
    "a line\nand another\r\nand a last one\n",
    "hello! !! !1 %41 %s 100%",
    "back\\slash \\n \\' \\\\",
    "-d --data *.toml ~ # ; & | < >",
    "中文 \u202e \x01 \t",
    "=a&b=c",
)
HEADERS = (("Content-Type", "text/xml;charset=utf-8"), ("X-Quoted", 'it\'s "@file" $HOME'), ("X-None", ""))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("masked", [True, False], ids=["shown", "signed"])
@pytest.mark.parametrize("body", BODIES)
def test_what_is_shown_sends_what_was_sent(body: str, masked: bool, way: Callable[[str], bytes]) -> None:
    got: list[Request] = []

    def answer(request: Request) -> bytes:
        got.append(request)
        return b"<response/>"

    with endpoint(answer) as server:
        url = f"{server.url}?method=a&list[]={{1,2}}&v=2%2B0&q=it's"
        request = SignedRequest("POST", url, HEADERS, body.encode(), ())
        assert way(curl(request, masked=masked)) == b"<response/>"
    (one,) = got
    assert one.body.decode() == body
    assert one.target == url[url.index("/qimen") :]
    arrived = {name.rstrip(":"): value for name, value in one.headers.items()}
    assert {name.lower(): value for name, value in HEADERS}.items() <= arrived.items()
