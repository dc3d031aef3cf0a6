"""A real Chromium with report.html in it; `make test-browser` installs what these tests need.

They run only when they are asked for by their path, so that `pytest tests` needs neither.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.report.html import render
from tests.browser.browser_run import ENDED, HEAD, run
from tests.browser.report_page import Show
from tests.browser.tab import opened_tab

HERE = Path(__file__).parent
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless an argument names it or something in it."""
    asked = [(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args]
    return None if any(path.is_relative_to(HERE) for path in asked) else True


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "tests/browser needs chromium: make test-browser as root, or apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """An empty tab; the test fails when its page complained, or asked for anything but files and data."""
    with opened_tab(browser) as tab:
        yield tab


@pytest.fixture
def show(page: Any, tmp_path: Path) -> Callable[..., Any]:
    """Makes a report of a run and opens it at an address; gives the tab once the report is ready."""

    def open_report(head: dict, events: list[dict], ended: str | None, address: str = "") -> Any:
        file = tmp_path / "report.html"
        file.write_text(render(head, events, ended), "utf-8")
        page.goto(f"{file.as_uri()}{address}")
        page.wait_for_selector("html[data-ready]")
        return page

    return open_report


@pytest.fixture
def report(show: Show) -> Any:
    return show(HEAD, run(), ENDED)
