"""`--qimen-live` and `--qimen-attended`: the address is printed, the page hears of all that ends."""

from typing import Any

import pytest

from pytest_qimen.live.server import LivePage
from tests.plugin.plugin_runs import HEARTBEAT, Go


def test_a_page_follows_the_run(go: Go, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    close = LivePage.close

    def closed(page: LivePage) -> None:
        heard.append(page._feed.since(""))
        close(page)

    monkeypatch.setattr(LivePage, "close", closed)
    found = go("--qimen", "--qimen-live=0", HEARTBEAT)
    (line,) = [one for one in found.outlines if "shows this as it happens" in one]
    assert line.startswith("http://127.0.0.1:")
    (page,) = heard
    assert page["state"]["total"] == page["state"]["expected"] == len(page["rows"]) > 5
    assert page["state"]["ended"] == "conformant"
    assert page["state"]["head"]["embedded"]


def test_a_run_without_the_option_has_no_page(go: Go) -> None:
    found = go("--qimen", HEARTBEAT, "-k", "minimal")
    assert "shows this as it happens" not in "\n".join(found.outlines)


@pytest.mark.parametrize("text", ["x", "70000", "-1", HEARTBEAT])
def test_a_strange_port_is_refused(go: Go, text: str) -> None:
    found = go("--qimen", f"--qimen-live={text}", HEARTBEAT)
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    assert "--qimen-live: expected a port" in "\n".join(found.errlines)


def test_a_case_behind_the_option_is_told_where_it_belongs(go: Go) -> None:
    found = go("--qimen", "--qimen-live", HEARTBEAT)
    assert "write --qimen-live=0 before a case" in "\n".join(found.errlines)


def test_a_person_needs_something_that_listens(go: Go) -> None:
    found = go("--qimen", "--qimen-attended", HEARTBEAT)
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    assert "--qimen-attended: only with --qimen-listen" in "\n".join(found.errlines)
