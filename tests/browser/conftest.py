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
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-US", color_scheme="light"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    complaints: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    tab.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    tab.on("request", lambda request: complaints.append(request.url) if is_foreign(request.url) else None)
    tab.set_default_timeout(10_000)
    yield tab
    context.close()
    assert complaints == []


def is_foreign(url: str) -> bool:
    return not url.startswith(("file:", "data:", "about:"))


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
