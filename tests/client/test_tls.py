"""TLS is treated as plain HTTP is: one deadline, bounded answers; authorities and client certificates."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Transport
from pytest_qimen.target.model import Tls, load_target
from tests.client.servers import OK, dripping
from tests.support.certificates import make_certificate
from tests.support.servers import Peer, answer, raw

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def request(url: str) -> SignedRequest:
    return SignedRequest("POST", f"{url}?a=1", (), b"<r/>", ())


@contextmanager
def secure(files: tuple[Path, Path], script: Callable[[Peer], object], client_ca: str = "") -> Iterator[str]:
    """Give every TLS connection to `script`; yield the https URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client_ca)

    def wrapped(peer: Peer) -> None:
        try:
            peer.socket = context.wrap_socket(peer.socket, server_side=True)
        except OSError:
            return
        script(peer)

    with raw(wrapped) as url:
        yield url.replace("http://127.0.0.1", "https://localhost")


def answering(peer: Peer) -> None:
    while peer.request():
        peer.send(answer(OK))


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (HEAD + b"X: ", b"x"),
        (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
    ],
    ids=["head", "body", "informational answers"],
)
def test_one_deadline_covers_the_whole_answer(files: tuple[Path, Path], head: bytes, drop: bytes) -> None:
    transport = Transport(connect_timeout=0.5, read_timeout=0.5, tls=Tls(str(files[0])))
    with secure(files, dripping(head, drop)) as url:
        start = time.monotonic()
        found = transport.send(request(url))
        assert time.monotonic() - start < 10
    transport.close()
    assert str(found.error).startswith("timeout: ")


def test_connections_are_kept(files: tuple[Path, Path]) -> None:
    numbers = []

    def script(peer: Peer) -> None:
        numbers.append(peer.number)
        answering(peer)

    transport = Transport(read_timeout=5, tls=Tls(str(files[0])))
    with secure(files, script) as url:
        found = [transport.send(request(url)) for _ in range(5)]
        transport.close()
    assert [(one.error, one.body) for one in found] == [(None, OK)] * 5
    assert numbers == [1]


def test_an_unknown_authority_is_refused(files: tuple[Path, Path]) -> None:
    transport = Transport(read_timeout=5)
    with secure(files, answering) as url:
        found = transport.send(request(url))
    assert str(found.error).startswith("tls: ")
    assert "certificate verify failed" in str(found.error)


def test_ssl_cert_file_names_an_authority(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    transport = Transport(read_timeout=5)
    with secure(files, answering) as url:
        assert transport.send(request(url)).body == OK
        transport.close()


def test_the_target_file_names_certificates(files: tuple[Path, Path], tmp_path: Path) -> None:
    client, key = make_certificate(tmp_path, "client")
    (tmp_path / "ca.pem").write_bytes(files[0].read_bytes())
    target = tmp_path / "target.toml"
    target.write_text(f'ca = "ca.pem"\nclient_cert = "{client.name}"\nclient_key = "{key.name}"\n', "utf-8")
    transport = Transport.to(load_target(target))
    with secure(files, answering, client_ca=str(client)) as url:
        found = transport.send(request(url))
        transport.abandon(request(url))
        transport.close()
    assert (found.error, found.body) == (None, OK)


def test_a_server_that_wants_a_client_certificate_refuses_without(files: tuple[Path, Path]) -> None:
    transport = Transport(read_timeout=5, tls=Tls(str(files[0])))
    with secure(files, answering, client_ca=str(files[0])) as url:
        found = transport.send(request(url))
    assert str(found.error).startswith(("tls: ", "reset: ", "protocol: Server disconnected"))
