"""The canary of a run: turned off, shared by workers at one port, and fetches after the last answer."""

import pytest

from pytest_qimen import spec
from pytest_qimen.plugin import run
from tests.plugin.plugin_runs import Go, events, faulty, own, statuses, verdict
from tests.support.servers import free_port

ATTACKS = ("cases/protocol/attacks.toml", "-k", "wms", "--qimen-report", "r")
LEADING = ("entity", "parameter-entity", "subset", "xinclude", "schema")


def ended(found: dict[str, str], file: str = "attacks") -> dict[str, str]:
    """How the cases of a file ended that lead to the canary, but for those that pass."""
    of = {name: found[f"protocol/{file}/wms/fetched-{name}"] for name in LEADING}
    return {name: status for name, status in of.items() if status != "pass"}


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "GRACE", 0.0)


def test_it_is_off(keyed_go: Go, pytester: pytest.Pytester) -> None:
    with faulty("entity-fetched") as url:
        keyed_go("--qimen-url", url, "--qimen-canary", "off", *ATTACKS)
    assert ended(statuses(pytester.path / "r")) == dict.fromkeys(LEADING, "unsupported")


@pytest.mark.usefixtures("_at_once")
def test_a_port_that_is_taken_is_no_pass(keyed_go: Go, pytester: pytest.Pytester) -> None:
    with faulty("entity-fetched") as url:
        keyed_go("--qimen-url", url, "--qimen-canary", url.split("/")[2], *ATTACKS)
    assert ended(statuses(pytester.path / "r")) == dict.fromkeys(LEADING, "unsupported")


def test_what_is_no_address(keyed_go: Go) -> None:
    result = keyed_go("--qimen", "--qimen-canary", "https://here")
    result.stderr.fnmatch_lines(["*--qimen-canary: expected host:port or off, got 'https://here'*"])


@pytest.mark.usefixtures("_at_once")
def test_a_fetch_after_the_case_was_reported(keyed_go: Go, pytester: pytest.Pytester) -> None:
    with faulty("entity-fetched-late") as url:
        result = keyed_go("--qimen-url", url, *ATTACKS)
    assert result.ret == 1
    assert verdict(result).startswith("verdict: non-conformant (1 case is red)")
    result.stdout.fnmatch_lines(["*FAIL protocol/attacks/wms/fetched-entity: *the address was fetched*"])
    assert ended(statuses(pytester.path / "r")) == {"entity": "fail"}
    lines = [one for one in events(pytester.path / "r") if one.get("id", "").endswith("/fetched-entity")]
    assert [one["status"] for one in lines] == ["pass", "fail"]
    assert lines[1]["exchanges"]


def test_workers_share_a_port_that_is_named(keyed_go: Go, pytester: pytest.Pytester) -> None:
    text = spec.data_dir("cases").joinpath("protocol", "attacks.toml").read_text("utf-8")
    mine = own(pytester, "protocol/mine.toml", text)
    named = f"127.0.0.1:{free_port()}"
    with faulty("entity-fetched-late", "subset-fetched") as url:
        options = ("--qimen-url", url, "--qimen-canary", named, "-n", "2", "--dist", "loadfile")
        result = keyed_go(*options, mine, *ATTACKS)  # a file a worker: what comes late has others before it
    assert result.ret == 1
    found = statuses(pytester.path / "r")
    assert ended(found) == ended(found, "mine") == {"entity": "fail", "subset": "fail"}
