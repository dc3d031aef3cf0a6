"""A client of the live page that is no browser."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Got(NamedTuple):
    """An answer, read whole."""

    status: int
    headers: Mapping[str, str]
    text: str


def get(url: str, name: str = "", **headers: str) -> Got:
    return asked("GET", url, name, None, headers)


def post(url: str, name: str, body: object, **headers: str) -> Got:
    origin = {"Origin": f"http://{urlsplit(url).netloc}"}
    return asked("POST", url, name, json.dumps(body).encode(), origin | headers)


def asked(verb: str, url: str, name: str, body: bytes | None, headers: dict[str, str]) -> Got:
    with opened(verb, url, name, body, headers) as answer:
        return Got(answer.status, answer.headers, answer.read().decode())


@contextmanager
def opened(
    verb: str, url: str, name: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Iterator[HTTPResponse]:
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=30)) as client:
        client.request(verb, f"{parts.path}{name}", body, dict(headers or {}))
        with client.getresponse() as answer:
            yield answer


def polled(url: str, name: str = "poll?after=") -> Any:
    answer = get(url, name)
    assert answer.status == 200
    return json.loads(answer.text)
