"""The page is only for who has its address and comes from it; a stream and a poll say the same."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from pytest_qimen.live.feed import Feed
from pytest_qimen.live.server import LivePage
from tests.live.http_page import asked, get, opened, polled, post


@pytest.fixture
def feed() -> Feed:
    made = Feed({"head": {"side": "caller"}})
    made.add({"key": "</script>"}, 1, lambda: {"id": "one"})
    return made


@pytest.fixture
def url(feed: Feed) -> Iterator[str]:
    page = LivePage(feed, presses={"press": lambda found: {"pressed": found}})
    yield page.url
    page.close()


def test_the_page_lets_nothing_else_in(url: str) -> None:
    answer = get(url)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status == 200
    assert {"default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    assert "{{" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_only_who_has_the_token_sees_it(url: str) -> None:
    parts = urlsplit(url)
    root = f"http://{parts.netloc}"
    for path in ("/", "/poll?after=", "/x/", "/x/poll", "/%ff/", parts.path[:-2] + "/", "//"):
        assert get(root, path).status == 404, path
    assert get(f"http://localhost:{parts.port}{parts.path}").status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example"])
def test_another_host_is_refused(url: str, host: str) -> None:
    assert get(url, Host=host).status == 403


def test_a_press_needs_the_origin_of_the_page(url: str) -> None:
    assert json.loads(post(url, "press", {"a": 1}).text) == {"pressed": {"a": 1}}
    for origin in ("http://evil.example", "null", f"https://{urlsplit(url).netloc}", ""):
        assert post(url, "press", {}, Origin=origin).status == 403
    assert asked("POST", url, "press", b"{}", {}).status == 403
    assert asked("POST", "http://" + urlsplit(url).netloc + "/x/", "press", b"{}", {}).status == 404
    assert post(url, "other", {}).status == 400
    assert post(url, "press", []).status == 400
    assert post(url, "press", "[" * 60_000).status == 400
    assert asked("DELETE", url, "press", None, {}).status == 405


def test_what_there_is_not(url: str) -> None:
    for name in ("call/x", "call/-1", "call/" + "9" * 5000, "other", "call", "%2e%2e/"):
        assert get(url, name).status == 404, name
    assert polled(url, "call/1") == {"id": "one"}
    assert polled(url, "call/2") == {"gone": True}


def test_a_stream_follows_until_the_end(feed: Feed) -> None:
    page = LivePage(feed)
    assert [row["n"] for row in polled(page.url)["rows"]] == [1]
    with opened("GET", page.url, "events?after=") as answer:
        first = json.loads(answer.readline().removeprefix(b"data: "))
        assert first == polled(page.url)
        answer.readline()
        feed.add({"key": "two"}, 1, dict)
        second = json.loads(answer.readline().removeprefix(b"data: "))
        assert [row["key"] for row in second["rows"]] == ["two"]
        assert polled(page.url, f"poll?after={first['at']}") == second
        assert polled(page.url, f"poll?after={second['at']}") == {"at": second["at"], "rows": []}
        feed.tell(ended="conformant")
        page.close()
        assert b'"ended":"conformant"' in answer.read()
