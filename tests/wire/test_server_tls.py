"""The HTTP server speaks TLS from PEM files; who mixes up http and https is told so."""

import http.client
import socket
import ssl
from pathlib import Path

import pytest

from pytest_qimen.errors import UsageError
from pytest_qimen.wire.http import Reply
from pytest_qimen.wire.limits import Limits
from pytest_qimen.wire.server import tls_context
from tests.support.certificates import make_certificate
from tests.wire.http_peers import serving


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def trusting(files: tuple[Path, Path], port: int) -> http.client.HTTPSConnection:
    context = ssl.create_default_context(cafile=str(files[0]))
    return http.client.HTTPSConnection("localhost", port, timeout=10, context=context)


def test_requests_over_tls(files: tuple[Path, Path]) -> None:
    with serving(tls=tls_context(*files)) as heard:
        connection = trusting(files, heard.port)
        for size in (0, 5, 300_000):
            connection.request("POST", "/a", bytes(size))
            assert connection.getresponse().read() == b"%d" % size
        connection.close()
    assert [len(one.body) for one in heard.requests] == [0, 5, 300_000]
    assert not heard.bad


@pytest.mark.parametrize("settings", [{"reset": True}, {"cut": -1}, {"cut": 1}])
def test_broken_answers_over_tls(files: tuple[Path, Path], settings: dict[str, int]) -> None:
    with serving(lambda _: Reply(b"hello", **settings), tls=tls_context(*files)) as heard:  # type: ignore[arg-type]
        connection = trusting(files, heard.port)
        connection.request("POST", "/a", b"hello")
        with pytest.raises((http.client.HTTPException, OSError)):
            connection.getresponse().read()
        connection.close()


def test_plain_http_on_a_tls_port(files: tuple[Path, Path]) -> None:
    with serving(tls=tls_context(*files)) as heard:
        found = heard.ask(b"POST /a HTTP/1.1\r\nHost: x\r\n\r\n", half=False)
        assert found.endswith(b"plain HTTP on a port that speaks TLS: use https://\n")
    ((raw, reason),) = heard.bad
    assert raw.startswith(b"POST /a")
    assert "use https://" in reason


def test_tls_on_a_plain_port(files: tuple[Path, Path]) -> None:
    with serving() as heard, pytest.raises(ssl.SSLError):
        trusting(files, heard.port).connect()
    ((raw, reason),) = heard.bad
    assert raw[:2] == b"\x16\x03"
    assert reason == "a TLS handshake on a port that speaks plain HTTP: use http://"


def test_a_client_that_does_not_trust_us(files: tuple[Path, Path]) -> None:
    with serving(tls=tls_context(*files)) as heard:
        connection = http.client.HTTPSConnection("localhost", heard.port, timeout=10)
        with pytest.raises(ssl.SSLCertVerificationError):
            connection.connect()
        connection.close()
        found = trusting(files, heard.port)
        found.request("POST", "/a", b"hello")
        assert found.getresponse().read() == b"5"
        found.close()
    assert [reason for _, reason in heard.bad] in (
        [],
        ["the TLS handshake failed: TLSV1_ALERT_UNKNOWN_CA"],
    )


def test_a_handshake_that_stalls(files: tuple[Path, Path]) -> None:
    with serving(tls=tls_context(*files), limits=Limits(head_time=0.05)) as heard:
        assert heard.ask(b"", half=False) == b""
        while not heard.bad:  # on a busy machine the client, too, may be late
            assert heard.ask(b"\x16\x03\x01", half=False) == b""
    assert all(reason.startswith("the TLS handshake failed: ") for _, reason in heard.bad)


def test_files_that_are_no_certificate(files: tuple[Path, Path], tmp_path: Path) -> None:
    certificate, key = files
    (tmp_path / "text.pem").write_text("no certificate")
    other = make_certificate(tmp_path)[1]
    with pytest.raises(UsageError, match=r"none\.pem: no such file"):
        tls_context(tmp_path / "none.pem", key)
    for pair in ((tmp_path / "text.pem", key), (certificate, tmp_path / "text.pem"), (certificate, other)):
        with pytest.raises(UsageError, match="not a certificate and its key in PEM"):
            tls_context(*pair)


def test_stop_ends_tls_connections(files: tuple[Path, Path]) -> None:
    with serving(tls=tls_context(*files)) as heard:
        connection = trusting(files, heard.port)
        connection.request("POST", "/a", b"hello")
        connection.getresponse().read()
        silent = socket.create_connection(("127.0.0.1", heard.port))
    with silent:
        assert silent.recv(1) == b""
    assert connection.sock.recv(1) == b""
    connection.close()
