"""A port that is closed for a while: nobody can connect, nobody else gets it, and it opens again."""

import http.client
import socket
from collections.abc import Iterator

import pytest

from pytest_qimen.wire.http import Reply
from pytest_qimen.wire.server import Server

FOR_EVER = 600.0


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(lambda incoming: Reply(b"<response/>"))
    try:
        yield made
    finally:
        made.stop()


def status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/qimen", b"<request/>")
        return connection.getresponse().status
    finally:
        connection.close()


def test_nobody_can_connect_and_nobody_else_gets_the_port(server: Server) -> None:
    assert status(server.port) == 200
    server.close_for(FOR_EVER)
    assert not server.is_open
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=30)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", server.port))


def test_it_listens_again_on_the_same_port(server: Server) -> None:
    port = server.port
    server.close_for(0.05)
    while not server.is_open:
        with socket.socket() as one:
            one.connect_ex(("127.0.0.1", port))
    assert (server.port, status(port)) == (port, 200)


def test_a_connection_that_waits_is_closed(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/qimen", b"<request/>")
    assert connection.getresponse().read()
    server.close_for(FOR_EVER)
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_closed_server_can_be_stopped() -> None:
    server = Server(lambda incoming: Reply(b""))
    server.close_for(FOR_EVER)
    server.stop()
    assert not server.is_open
