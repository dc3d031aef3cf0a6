"""The address and the file that only an attack leads to."""

import socket
from pathlib import Path
from urllib.request import pathname2url

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.checks.security import PLANTED
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.runner import run_case
from pytest_qimen.runner.canary import missing, watching
from pytest_qimen.target.model import load_target, with_options
from pytest_qimen.verdict import Status
from tests.support.apis import TARGET
from tests.support.servers import free_port

FETCH = find_case("protocol/attacks/wms/fetched-entity")
OWN_FILE = find_case("protocol/attacks/wms/own-file-entity")
OTHER = find_case("protocol/attacks/wms/doctype")
REMOTE = with_options(TARGET, url="https://wms.example/qimen")


def knock(url: str) -> bytes:
    """What a GET of the address brings."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), timeout=10) as peer:
        peer.sendall(f"GET /{path} HTTP/1.0\r\n\r\n".encode())
        return b"".join(iter(lambda: peer.recv(1 << 16), b""))


def test_an_endpoint_on_this_machine_has_all() -> None:
    assert not any(
        missing(case, with_options(TARGET, url="http://localhost:1/q")) for case in (FETCH, OWN_FILE)
    )
    with watching(FETCH, with_options(TARGET, url="http://127.0.0.1:1/q")) as canary:
        assert not canary.fetched
        assert PLANTED.encode() in knock(canary.url)
        assert canary.fetched
        assert canary.words("external-entity:@canary") == f"external-entity:{canary.url}"
    with pytest.raises(OSError):  # noqa: PT011  # nobody listens any more
        knock(canary.url)


def test_the_file_is_gone_afterwards() -> None:
    with watching(OWN_FILE, with_options(TARGET, url="http://127.0.0.1:1/q")) as canary:
        path = Path(canary.file.removeprefix("file://"))
        assert canary.words("xinclude:@canary-file") == f"xinclude:file://{pathname2url(str(path))}"
        assert path.read_text() == PLANTED
    assert not path.exists()


def test_an_endpoint_elsewhere_needs_an_address() -> None:
    assert [missing(case, REMOTE) for case in (FETCH, OWN_FILE, OTHER)] == [True, True, False]
    port = free_port()
    named = with_options(REMOTE, canary=f"http://127.0.0.1:{port}")
    assert [missing(case, named) for case in (FETCH, OWN_FILE)] == [False, True]
    with watching(FETCH, named) as canary:
        assert canary.url == f"http://127.0.0.1:{port}/canary"
        knock(canary.url)
    assert canary.fetched


def test_it_says_so_where_there_is_none() -> None:
    outcome = run_case(FETCH, REMOTE)  # sends nothing
    assert outcome.status is Status.UNSUPPORTED
    assert "canary" in outcome.cause


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        named = with_options(REMOTE, canary=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(UsageError, match=r"canary: port .* already in use"), watching(FETCH, named):
            pass


@pytest.mark.parametrize("value", ["10.0.0.7:80", "https://a:1", "http://a", "http://a:1/b", "http://u@a:1"])
def test_the_target_file(value: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'url = "http://h/q"\ncanary = "{value}"\n')
    with pytest.raises(DataError) as caught:
        load_target(file)
    assert str(caught.value) == f"{file}: target.canary: expected http://host:port, got {value!r}"
