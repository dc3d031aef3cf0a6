"""The address and the file that only an attack leads to."""

import re
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import pathname2url

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.checks.security import PLANTED
from pytest_qimen.errors import DataError
from pytest_qimen.runner import Session, run_case
from pytest_qimen.runner.canary import Canary, missing
from pytest_qimen.runner.listener import Listener, fetch
from pytest_qimen.runner.model import Unsupported
from pytest_qimen.target.model import load_target, with_options
from pytest_qimen.verdict import Status
from tests.runner.runs import running
from tests.support.apis import TARGET
from tests.support.servers import free_port

FETCH = find_case("protocol/attacks/wms/fetched-entity")
OTHER_FETCH = find_case("protocol/attacks/wms/fetched-schema")
OWN_FILE = find_case("protocol/attacks/wms/own-file-entity")
OTHER = find_case("protocol/attacks/wms/doctype")
REMOTE = with_options(TARGET, url="https://wms.example/qimen")
LOCAL = with_options(TARGET, url="http://127.0.0.1:1/q")
TAMPER = "external-entity:@canary"
ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+/[0-9a-f]{32}")


def knock(url: str) -> bytes:
    """What a GET of the address brings; nothing where nobody listens."""
    parts = urlsplit(url)
    assert parts.hostname
    return fetch(parts.hostname, parts.port or 80, parts.path)


def address(tamper: str) -> str:
    return tamper.removeprefix("external-entity:")


def test_an_endpoint_on_this_machine_has_all() -> None:
    local = with_options(TARGET, url="http://localhost:1/q")
    assert [missing(case, local) for case in (FETCH, OWN_FILE)] == [None, None]
    with Canary(LOCAL).leading(FETCH) as lead:
        url = address(lead.words(TAMPER))
        assert not lead.fetched
        assert PLANTED.encode() in knock(url)
        assert lead.fetched
    assert knock(url) == b""  # nobody listens any more


def test_every_message_leads_to_an_address_of_its_own() -> None:
    canary = Canary(LOCAL)
    with canary.leading(FETCH) as first, canary.leading(OTHER_FETCH) as second:
        urls = [lead.words(TAMPER) for lead in (first, first, second)]
        assert len(set(urls)) == 3
        knock(address(urls[2]))
        assert (first.fetched, second.fetched) == (False, True)
        knock(address(urls[1])[:-1])
        assert not first.fetched


def test_the_file_is_gone_afterwards() -> None:
    with Canary(LOCAL).leading(OWN_FILE) as lead:
        path = Path(lead.file.removeprefix("file://"))
        assert lead.words("xinclude:@canary-file") == f"xinclude:file://{pathname2url(str(path))}"
        assert path.read_text() == PLANTED
    assert not path.exists()


def test_an_endpoint_elsewhere_needs_an_address() -> None:
    assert [missing(case, REMOTE) is None for case in (FETCH, OWN_FILE, OTHER)] == [False, False, True]
    port = free_port()
    named = with_options(REMOTE, canary=f"http://127.0.0.1:{port}")
    assert [missing(case, named) is None for case in (FETCH, OWN_FILE)] == [True, False]
    with Canary(named).leading(FETCH) as lead:
        url = address(lead.words(TAMPER))
        assert url.startswith(f"http://127.0.0.1:{port}/")
        knock(url)
        assert lead.fetched


@pytest.mark.parametrize(("settings", "words"), [({}, "another machine"), ({"canary": "off"}, "turned off")])
def test_it_says_so_where_there_is_none(settings: dict[str, str], words: str) -> None:
    outcome = run_case(FETCH, with_options(REMOTE, **settings))  # sends nothing
    assert outcome.status is Status.UNSUPPORTED
    assert words in outcome.cause


def test_off_is_off_for_an_endpoint_on_this_machine() -> None:
    assert str(missing(FETCH, with_options(LOCAL, canary="off"))) == "the canary is turned off"
    assert missing(OWN_FILE, with_options(LOCAL, canary="off")) is None


def test_an_address_that_does_not_lead_to_the_suite_is_no_pass() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:  # takes the fetch, and is not the suite
        away = f"http://localhost.:{other.getsockname()[1]}"
        with running(canary=away) as run:
            taken = run(FETCH)
    assert (taken.status, taken.exchanges) == (Status.UNSUPPORTED, ())
    assert "already in use" in taken.cause
    with running(canary=f"http://qimen.invalid:{free_port()}") as run:
        found = run(FETCH), run(OTHER_FETCH)
    assert [one.status for one in found] == [Status.UNSUPPORTED] * 2
    assert "does not lead to the suite" in found[0].cause


def test_a_port_that_another_process_of_the_run_has_is_shared() -> None:
    port = free_port()
    named = with_options(REMOTE, canary=f"http://127.0.0.1:{port}")
    owner = Canary(named, lasts=True)
    owner.open()
    worker = Canary(named, lasts=True, shared=port)
    try:
        with worker.leading(FETCH) as lead, worker.leading(OTHER_FETCH) as other:
            knock(address(lead.words(TAMPER)))
            other.words(TAMPER)
            assert (lead.fetched, other.fetched) == (True, False)
    finally:
        worker.close()
        owner.close()
    with pytest.raises(Unsupported, match="does not lead"), Canary(named, shared=port).leading(FETCH):
        pass


def test_a_late_fetch_counts_for_its_case() -> None:
    with running() as run, closing(Canary(run.session.target, lasts=True)) as canary:
        session = Session(run.session.target, run.client, canary=canary)
        ended = [session.outcome(case) for case in (FETCH, OTHER_FETCH)]
        assert [one.status for one in ended] == [Status.PASS] * 2
        assert session.late() == []
        (first, _) = [found[0] for one in run.server.requests if (found := ADDRESS.findall(one.body))]
        knock(first.decode())
        (late,) = session.late()
    assert (late.case.id, late.status) == (FETCH.id, Status.FAIL)
    assert [found.check for found in late.findings] == ["security.fetched"]
    assert late.exchanges


def test_a_fetch_while_a_case_comes_to_its_end_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not yet seen by the last look at the case, and there when it is put aside for the end of the run."""
    looks = iter([False])
    with running() as run, closing(Canary(run.session.target, lasts=True)) as canary:
        canary.open()
        monkeypatch.setattr(Listener, "heard", lambda *_: next(looks, True))
        session = Session(run.session.target, run.client, canary=canary)
        assert session.outcome(FETCH).status is Status.PASS
        assert [one.status for one in session.late()] == [Status.FAIL]


def test_what_is_no_nonce_is_not_kept() -> None:
    listener = Listener()
    try:
        for path in ("/", "/favicon.ico", "/asked/abc", f"/{'A' * 32}", f"/{'a' * 33}"):
            fetch("127.0.0.1", listener.port, path)
            assert not listener.heard(path.strip("/"))
        fetch("127.0.0.1", listener.port, f"/asked/{'a' * 32}")
        assert not listener.heard("a" * 32)
    finally:
        listener.stop()


@pytest.mark.parametrize(
    "value", ["10.0.0.7", "https://a:1", "http://a", "http://a:1/b", "http://u@a:1", "a:65536"]
)
def test_the_target_file(value: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'url = "http://h/q"\ncanary = "{value}"\n')
    with pytest.raises(DataError) as caught:
        load_target(file)
    assert str(caught.value) == f"{file}: target.canary: expected host:port or off, got {value!r}"
