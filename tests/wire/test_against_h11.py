"""The server's own reader and h11 agree on what is HTTP; where ours is stricter or milder is told here."""

from dataclasses import dataclass

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.wire.framing import BadRequest
from tests.wire.http_peers import read_all
from tests.wire.test_framing import BODIES, HOST, ILLEGAL

# What h11 takes and we refuse: who reads these in another way could smuggle a request past a judge.
STRICTER = {
    "LF alone",
    "LF alone after a header",
    "a folded line",
    "two Content-Lengths",
    "a list of lengths",
    "both lengths",
    "chunks in HTTP/1.0",
    "a size of 17 digits",
    "a blank after the size",
    "an endless extension",
    "a head of 64 kB",
    "a trailer of 64 kB",
    "HTTP/3.0",
}


@dataclass
class Message:
    """One request as either reader understands it."""

    verb: bytes
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


def by_h11(data: bytes) -> list[Message]:
    """Return the requests in `data` as h11 reads them; raises h11.RemoteProtocolError."""
    found: list[Message] = []
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=65_536)
    connection.receive_data(data)
    connection.receive_data(b"")
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            found.append(Message(event.method, event.target, list(event.headers), b""))
        elif isinstance(event, h11.Data):
            found[-1].body += event.data
        elif isinstance(event, h11.EndOfMessage):
            connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
            connection.send(h11.EndOfMessage())
            if connection.our_state is h11.MUST_CLOSE:
                return found
            connection.start_next_cycle()
        else:
            return found


def by_ours(data: bytes) -> list[Message]:
    found = []
    for one in read_all(data):
        pairs = [(name.lower(), value) for name, value in one.fields]
        headers = [
            (name.encode(), (value.lower() if name == "transfer-encoding" else value).encode("latin-1"))
            for name, value in pairs
        ]
        target = one.target.encode("utf-8", "surrogateescape")
        found.append(Message(one.verb.encode(), target, headers, one.body))
        if not one.keeps_alive:
            break
    return found


@pytest.mark.parametrize("name", ILLEGAL)
def test_what_is_illegal(name: str) -> None:
    data, _ = ILLEGAL[name]
    if name in STRICTER:
        assert by_h11(data) is not None
    else:
        with pytest.raises(h11.RemoteProtocolError):
            by_h11(data)


@pytest.mark.parametrize("name", BODIES)
def test_what_is_legal(name: str) -> None:
    data, _ = BODIES[name]
    assert by_ours(data * 2) == by_h11(data * 2)
    assert len(by_ours(data * 2)) == 2


_PIECES = st.sampled_from(
    [b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"\0", b"0", b"5", b"x", b"HTTP/1.1", b"Content-Length: 3\r\n"]
)


@given(st.sampled_from(sorted(BODIES)), st.integers(0, 200), st.integers(0, 3), _PIECES)
def test_what_one_splice_makes(name: str, place: int, drop: int, piece: bytes) -> None:
    """Where both take a spliced request, both read the same; what h11 refuses we refuse."""
    data = BODIES[name][0]
    place %= len(data)
    data = data[:place] + piece + data[place + drop :]
    try:
        ours = by_ours(data)
    except BadRequest:
        return
    try:
        assert ours == by_h11(data)
    except h11.RemoteProtocolError as error:
        if "no request line" not in str(error):  # RFC 9112 2.2 wants blank lines before a request skipped
            raise


def test_raw_bytes_in_the_target_are_read_so_that_they_can_be_told() -> None:
    data = "GET /?a=仓 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert by_ours(data)[0].target == "/?a=仓".encode()
    with pytest.raises(h11.RemoteProtocolError):
        by_h11(data)


def test_control_characters_that_h11_takes() -> None:
    data = HOST + b"A: b\x01c\r\n\r\n"
    assert by_h11(data)[0].headers[1] == (b"a", b"b\x01c")
    with pytest.raises(BadRequest, match="a control character in the header b'A'"):
        by_ours(data)
