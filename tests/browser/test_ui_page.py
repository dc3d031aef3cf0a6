"""The page of `qimen ui` in Chromium: a session is started, watched, stopped, its report opened."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.live.feed import Feed
from pytest_qimen.live.launch import Launcher
from pytest_qimen.live.server import LivePage
from tests.browser.tab import OWN, opened_tab


@pytest.fixture
def home(tmp_path: Path) -> Iterator[LivePage]:
    launcher = Launcher(tmp_path / "runs")
    feed = Feed(launcher.state())
    presses = {"start": launcher.start, "stop": launcher.stop}
    page = LivePage(feed, presses=presses, pages={"report": launcher.report, "history": launcher.history})
    launcher.changed = feed.tell
    yield page
    launcher.close()
    page.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_session_from_start_to_report(home: LivePage, browser: Any, width: int) -> None:
    with opened_tab(browser, (*OWN, home.url), width) as tab:
        tab.goto(home.url)
        tab.locator("#start").wait_for()
        assert "QIMEN_SECRET" in tab.locator("#start").inner_text()
        tab.locator("[name=url]").fill("nonsense")
        tab.locator("#start [type=submit]").click()
        tab.get_by_text("URL: expected http").wait_for()
        tab.locator("[data-kind=listen]").click()
        tab.locator("#language").click()
        assert "监听端口" in tab.locator("#start").inner_text()
        tab.locator("#language").click()
        tab.locator("#start [type=submit]").click()
        tab.locator("[data-run='1'] [data-how=runOn], [data-how]").first.wait_for()
        watch = tab.get_by_text("watch it live")
        watch.wait_for(timeout=60_000)
        assert (watch.get_attribute("href") or "").startswith("http://127.0.0.1:")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tab.locator("[data-stop='1']").click()
        report = tab.get_by_text("open the report")
        report.wait_for(timeout=60_000)
        tab.get_by_text("ended:").wait_for(timeout=60_000)
        tab.goto(f"{home.url}report/1")
        tab.wait_for_selector("html[data-ready]")
