"""HTTP/1.1 is read by the letter: what is legal keeps its bytes, what is not is refused with its reason."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.wire.framing import BadRequest
from pytest_qimen.wire.limits import Limits, Overload
from tests.wire.http_peers import read_all, read_parts

START = b"POST /qimen?a=b HTTP/1.1\r\n"
HOST = START + b"Host: x\r\n"
CHUNKED = HOST + b"Transfer-Encoding: chunked\r\n\r\n"

ILLEGAL = {
    "a TLS handshake": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "a TLS handshake on a port"),
    "zeros": (b"\0" * 100, "no HTTP: it begins with"),
    "an e-mail greeting": (b"EHLO example.test\r\n", "HTTP/0.9, or a request line without a version"),
    "HTTP/0.9": (b"GET /\r\n", "HTTP/0.9"),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2 on a port"),
    "HTTP/3.0": (b"GET / HTTP/3.0\r\n\r\n", "HTTP/3.0 on a port that speaks HTTP/1.1"),
    "small letters": (b"GET / http/1.1\r\nHost: x\r\n\r\n", "not a request line"),
    "two blanks": (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "not a request line"),
    "a blank in the target": (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", "not a request line"),
    "a tab": (b"GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", "not a request line"),
    "a bad verb": (b"G(T / HTTP/1.1\r\nHost: x\r\n\r\n", "not a request line"),
    "LF alone": (b"GET / HTTP/1.1\nHost: x\n\n", "LF alone"),
    "LF alone after a header": (START + b"Host: x\n\r\n", "LF alone"),
    "CR alone": (b"GET / HTTP/1.1\rHost: x\r\n\r\n", "not a request line"),
    "CR alone in a header": (START + b"Host: x\rA: b\r\n\r\n", "a control character in the header b'Host'"),
    "NUL in a header": (HOST + b"A: b\0c\r\n\r\n", "a control character in the header b'A'"),
    "no colon": (HOST + b"broken\r\n\r\n", "without a colon"),
    "a blank before the colon": (
        HOST + b"Content-Length : 2\r\n\r\nab",
        "a blank between the header b'Content-",
    ),
    "a tab before the colon": (HOST + b"A\t: 2\r\n\r\n", "a blank between the header b'A'"),
    "a folded line": (HOST + b"A: b\r\n c\r\n\r\n", "folded"),
    "no name": (HOST + b": b\r\n\r\n", "not a header name"),
    "a name with blanks": (HOST + b"A b: c\r\n\r\n", "not a header name"),
    "a name in Chinese": (HOST + "仓库: c\r\n\r\n".encode(), "not a header name"),
    "no Host": (START + b"\r\n", "no Host header"),
    "two Hosts": (HOST + b"host: y\r\n\r\n", "the header host stands twice"),
    "two Content-Lengths": (HOST + b"Content-Length: 2\r\nContent-length: 2\r\n\r\nab", "stands twice"),
    "a list of lengths": (HOST + b"Content-Length: 2, 2\r\n\r\nab", "not a Content-Length: '2, 2'"),
    "a negative length": (HOST + b"Content-Length: -5\r\n\r\n", "not a Content-Length"),
    "a length with a plus": (HOST + b"Content-Length: +2\r\n\r\nab", "not a Content-Length"),
    "a hexadecimal length": (HOST + b"Content-Length: 0x2\r\n\r\nab", "not a Content-Length"),
    "an empty length": (HOST + b"Content-Length:\r\n\r\n", "not a Content-Length"),
    "a length with _": (HOST + b"Content-Length: 1_0\r\n\r\n", "not a Content-Length"),
    "a length of other digits": (HOST + b"Content-Length: \xb2\r\n\r\n", "not a Content-Length"),
    "a length of 5,000 digits": (
        HOST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        "not a Content-Length",
    ),
    "both lengths": (
        HOST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "both Content-L",
    ),
    "xchunked": (HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "other than chunked: 'xchunked'"),
    "gzip, chunked": (HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "other than chunked"),
    "two codings": (HOST + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n0\r\n\r\n", "stands twice"),
    "chunks in HTTP/1.0": (
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding in HTTP/1.0",
    ),
    "0x5": (CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n", "not the size of a chunk: b'0x5"),
    "no size": (CHUNKED + b"\r\nhello\r\n0\r\n\r\n", "not the size of a chunk"),
    "a negative size": (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", "not the size of a chunk"),
    "a size of 17 digits": (CHUNKED + b"0" * 16 + b"5\r\nhello\r\n0\r\n\r\n", "not the size of a chunk"),
    "a size and LF alone": (CHUNKED + b"5\nhello\r\n0\r\n\r\n", "not the size of a chunk"),
    "a blank before the size": (CHUNKED + b" 5\r\nhello\r\n0\r\n\r\n", "not the size of a chunk"),
    "a blank after the size": (CHUNKED + b"5 \r\nhello\r\n0\r\n\r\n", "not the size of a chunk"),
    "an endless extension": (CHUNKED + b"5;" + b"a" * 5000 + b"\r\nhello\r\n0\r\n\r\n", "not the size of"),
    "a chunk too long": (CHUNKED + b"5\r\nhello!\r\n0\r\n\r\n", "a chunk is not as long as its size says"),
    "a chunk too short": (CHUNKED + b"5\r\nhell\r\n0\r\n\r\n", "a chunk is not as long as its size says"),
    "a bad trailer": (CHUNKED + b"0\r\nbroken\r\n\r\n", "without a colon"),
    "an end in the request line": (b"POST / HTT", "closed in the middle of the head"),
    "an end in the head": (START + b"Host", "closed in the middle of the head"),
    "an end in the body": (HOST + b"Content-Length: 10\r\n\r\nabc", "closed in the middle of the body"),
    "an end in a chunk": (CHUNKED + b"5\r\nhe", "closed in the middle of the body"),
    "an end before the last chunk": (CHUNKED + b"5\r\nhello\r\n", "not the size of a chunk"),
    "an end in the trailer": (CHUNKED + b"0\r\n", "closed in the middle of the head"),
    "a head of 64 kB": (HOST + b"a: b\r\n" * 20_000 + b"\r\n", "the head is longer than 65536 bytes"),
    "a target of 64 kB": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n", "the head is longer than 65536 bytes"),
    "a trailer of 64 kB": (CHUNKED + b"0\r\n" + b"a: b\r\n" * 20_000 + b"\r\n", "the head is longer"),
}


@pytest.mark.parametrize("cut", [None, 1, 7])
@pytest.mark.parametrize("name", ILLEGAL)
def test_illegal(name: str, cut: int | None) -> None:
    data, reason = ILLEGAL[name]
    if cut and len(data) > 5000:
        cut = 997
    parts = [data[start : start + cut] for start in range(0, len(data), cut)] if cut else [data]
    with pytest.raises(BadRequest) as caught:
        read_parts(parts)
    assert reason in str(caught.value)
    assert caught.value.status == 400
    assert data.startswith(caught.value.raw[:50])
    assert len(caught.value.raw) < 70_000


@pytest.mark.parametrize(
    ("head", "verb", "target", "headers"),
    [
        (b"GET / HTTP/1.1\r\nHost:x\r\n\r\n", "GET", "/", {"host": "x"}),
        (b"GET * HTTP/1.1\r\nhOST: \t x\t \r\n\r\n", "GET", "*", {"host": "x"}),
        (b"\r\n\r\nPATCH-x /a?b HTTP/1.1\r\nHost:\r\n\r\n", "PATCH-x", "/a?b", {"host": ""}),
        (b"GET http://h/q?a HTTP/1.1\r\nHost: h\r\n\r\n", "GET", "http://h/q?a", {"host": "h"}),
        (b"GET / HTTP/1.0\r\n\r\n", "GET", "/", {}),
        (b"GET /%E4%BB%93?a=%20+ HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/%E4%BB%93?a=%20+", {"host": "x"}),
        ("GET /仓 HTTP/1.1\r\nHost: x\r\n\r\n".encode(), "GET", "/仓", {"host": "x"}),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/\udcff", {"host": "x"}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA:b\r\na:  c\r\n\r\n", "GET", "/", {"host": "x", "a": "b, c"}),
        (b"GET / HTTP/1.1\r\nHost: x\r\n~!#$%&'*+.^_`|-9: y\r\n\r\n", "GET", "/", {"~!#$%&'*+.^_`|-9": "y"}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: \xe4\xbb\x93\r\n\r\n", "GET", "/", {"a": "\xe4\xbb\x93"}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b: c:\r\n\r\n", "GET", "/", {"a": "b: c:"}),
    ],
)
def test_legal_heads(head: bytes, verb: str, target: str, headers: dict[str, str]) -> None:
    for found in (read_all(head), read_parts([head[:5], head[5:9], head[9:]])):
        (incoming,) = found
        assert (incoming.verb, incoming.target, incoming.body) == (verb, target, b"")
        assert headers.items() <= incoming.headers.items()
        assert incoming.head == head.lstrip(b"\r\n")


def test_heads_keep_order_spelling_and_doubles() -> None:
    head = START + b"hOst: x\r\nX-B:  1 \r\nx-a: 2\r\nX-b: 3\r\n\r\n"
    (incoming,) = read_all(head)
    assert incoming.fields == (("hOst", "x"), ("X-B", "1"), ("x-a", "2"), ("X-b", "3"))
    assert incoming.head == head


BODIES = {
    "none": (HOST + b"\r\n", b""),
    "zero": (HOST + b"Content-Length: 0\r\n\r\n", b""),
    "length": (HOST + b"content-length: 5\r\n\r\nhello", b"hello"),
    "leading zeros": (HOST + b"Content-Length: 005\r\n\r\nhello", b"hello"),
    "chunks": (CHUNKED + b"5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n", b"hello0123456789"),
    "upper case": (HOST + b"TRANSFER-ENCODING: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello"),
    "extensions": (CHUNKED + b'5;a="b c" ; d\r\nhello\r\n000;x\r\n\r\n', b"hello"),
    "a trailer": (CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 1\r\nb: 2\r\n\r\n", b"hello"),
    "line ends": (HOST + b"Content-Length: 6\r\n\r\n\r\n\n\n\r\r", b"\r\n\n\n\r\r"),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_one_after_the_other(name: str) -> None:
    data, body = BODIES[name]
    for found in (read_all(data * 3), read_parts([data[:50], data[50:] + data, data])):
        assert [incoming.body for incoming in found] == [body] * 3
        assert all(incoming.head.endswith(b"\r\n\r\n") for incoming in found)


def test_blanks_before_an_extension() -> None:
    assert read_all(CHUNKED + b"5 \t;a\r\nhello\r\n0 ; b\r\n\r\n")[0].body == b"hello"  # RFC 9112 7.1.1: BWS


def test_trailer_is_kept() -> None:
    (incoming,) = read_all(BODIES["a trailer"][0])
    assert incoming.trailer == b"X-Sum: 1\r\nb: 2\r\n\r\n"
    assert "x-sum" not in incoming.headers


def test_line_ends_after_a_request_are_no_request() -> None:
    assert len(read_all(HOST + b"Content-Length: 2\r\n\r\nab\r\n\r\n")) == 1


@given(st.binary(max_size=3000), st.lists(st.integers(1, 400), max_size=20), st.booleans())
def test_any_body_in_any_packets(body: bytes, sizes: list[int], chunked: bool) -> None:
    if chunked:
        parts = [body[start : start + 100] for start in range(0, len(body), 100)]
        data = CHUNKED + b"".join(b"%X\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    else:
        data = HOST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    packets = []
    for size in sizes:
        packets.append(data[:size])
        data = data[size:]
    (incoming,) = read_parts([*packets, data])
    assert incoming.body == body


@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_error(data: bytes) -> None:
    for start in (b"", b"GET ", START, CHUNKED):
        with contextlib.suppress(BadRequest):
            assert len(read_all(start + data)) < 30


@pytest.mark.parametrize("chunked", [False, True])
def test_body_beyond_the_limit_is_thrown_away(chunked: bool) -> None:
    limits = Limits(body=100_000)
    for size, oversize in ((100_000, False), (100_001, True)):
        body = bytes(size)
        data = CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (size, body)
        if not chunked:
            data = HOST + b"Content-Length: %d\r\n\r\n" % size + body
        first, second = read_all(data + HOST + b"\r\n", limits)
        assert (first.oversize, len(first.body), second.oversize) == (
            oversize,
            0 if oversize else size,
            False,
        )


def test_small_limit_holds_for_small_bodies() -> None:
    (incoming,) = read_all(HOST + b"Content-Length: 5\r\n\r\nhello", Limits(body=4))
    assert (incoming.oversize, incoming.body) == (True, b"")


def test_budget_is_shared_and_given_back() -> None:
    data = HOST + b"Content-Length: 1000000\r\n\r\n" + bytes(1_000_000)
    assert len(read_all(data * 5, Limits(bodies=1_000_000))) == 5
    with pytest.raises(Overload, match="too many large bodies"):
        read_all(data, Limits(bodies=900_000))
    small = HOST + b"Content-Length: 60000\r\n\r\n" + bytes(60_000)
    assert len(read_all(small, Limits(bodies=0))) == 1


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        ("1.1", None, True),
        ("1.1", "close", False),
        ("1.1", "Upgrade, Close", False),
        ("1.1", "keep-alive", True),
        ("1.1", "closed", True),
        ("1.0", None, False),
        ("1.0", "Keep-Alive", True),
        ("1.0", "not-keep-alive", False),
    ],
)
def test_keep_alive(version: str, connection: str | None, keeps: bool) -> None:
    line = f"Connection: {connection}\r\n" if connection else ""
    (incoming,) = read_all(f"GET / HTTP/{version}\r\nHost: x\r\n{line}\r\n".encode())
    assert incoming.keeps_alive is keeps


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/qimen?a=b?c#d", "/qimen", "a=b?c"),
        ("/qimen", "/qimen", ""),
        ("http://[::1/qimen?a=b", "/qimen", "a=b"),
        ("http://h", "", ""),
        ("//[x?a=b", "//[x", "a=b"),
        ("*", "*", ""),
        ("/#a?b", "/", "b"),
        ("?a", "", "a"),
    ],
)
def test_targets(target: str, path: str, query: str) -> None:
    (incoming,) = read_all(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (incoming.path, incoming.query) == (path, query)
