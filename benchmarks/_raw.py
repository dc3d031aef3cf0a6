"""Requests in, their answers out, over one bare keep-alive socket: what every share is a share of."""

import socket
from collections.abc import Iterable
from time import perf_counter
from urllib.parse import urlsplit

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange, Transport


class Recorder(Transport):
    """A Transport that keeps the requests that go through it."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[SignedRequest] = []

    def send(self, request: SignedRequest) -> Exchange:
        """Send it and keep it."""
        self.requests.append(request)
        return super().send(request)


def written(request: SignedRequest) -> bytes:
    """The whole request as it goes over the wire."""
    parts = urlsplit(request.url)
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers)
    return (
        f"{request.http_method} {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}"
        f"Content-Length: {len(request.body)}\r\n\r\n"
    ).encode() + request.body


def raw(url: str, requests: Iterable[bytes]) -> float:
    """Send them one after the other, read the answers; requests a second."""
    parts = urlsplit(url)
    assert parts.hostname
    start, count = perf_counter(), 0
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for count, request in enumerate(requests, 1):  # noqa: B007
            connection.sendall(request)
            answer = connection.recv(1 << 16)
            head, _, body = answer.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            while len(body) < length:
                body += connection.recv(1 << 16)
    return count / (perf_counter() - start)
