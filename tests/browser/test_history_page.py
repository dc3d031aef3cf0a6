"""history.html in Chromium: at both widths, in both colours and languages, by keyboard."""

from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.report.history import Entry
from pytest_qimen.report.history_page import page as drawn
from tests.report.test_history import recorded

RUNS = [recorded(hour, *(["fail", "warn", "pass"] if hour % 2 else ["pass"] * 3)) for hour in range(1, 24)]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_history(page: Any, tmp_path: Path, width: int, scheme: str, language: str) -> None:
    file = tmp_path / "history.html"
    file.write_text(drawn([Entry.of(one) for one in RUNS], language), "utf-8")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("svg a").count() == len(RUNS)
    heights = (
        page.locator("svg a")
        .first.locator("rect")
        .evaluate_all("rects => rects.map((one) => one.getBoundingClientRect().height)")
    )
    assert len(heights) == 3
    assert min(heights) > 50
    assert page.locator(".flaky").all_inner_texts() == [{"en": "flaky", "zh": "不稳定"}[language]] * 2
    page.keyboard.press("Tab")  # the box of the chart scrolls by keys
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#run-1"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#run-1"
    assert page.locator("#run-1").evaluate("row => row.matches(':target')")
