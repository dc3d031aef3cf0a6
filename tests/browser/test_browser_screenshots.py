"""The pictures of docs/ can be remade: docs/screenshots.py shows each view in its language and colours."""

import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.report.html import render
from tests.browser.browser_run import ENDED, HEAD, run

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def screenshots(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(DOCS)
    monkeypatch.delitem(sys.modules, "screenshots", raising=False)
    import screenshots

    return screenshots


def test_every_picture_is_made_and_differs(browser: Any, screenshots: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text(render(HEAD, run(), ENDED), "utf-8")
    made = [screenshots.shoot(browser, report, name, tmp_path) for name in screenshots.SHOTS]
    assert {path.name for path in made} == {path.name for path in (DOCS / "images").iterdir()}
    pictures = [path.read_bytes() for path in made]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len(set(pictures)) == len(pictures)
