"""A person at the live page, in Chromium: what to do, the time that is left, the buttons, an attestation."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_qimen.cases.caller_cases import bundled_scenarios
from pytest_qimen.report.events import case_record
from pytest_qimen.runner import Outcome
from pytest_qimen.verdict import Status
from tests.browser.tab import OWN, opened_tab
from tests.live.attending import Scene, attended


class Playing(threading.Thread):
    """A scenario that is played while the test sits at the page."""

    def __init__(self, scene: Scene, identity: str) -> None:
        super().__init__()
        self._scene, self._case = scene, bundled_scenarios()[identity]
        self.outcome: Outcome
        self.start()

    def run(self) -> None:
        self.outcome = self._scene.session.outcome(self._case)
        self._scene.page.case(case_record(self.outcome))

    def ended(self) -> Outcome:
        self.join(60)
        return self.outcome


@pytest.fixture
def scene() -> Iterator[Scene]:
    with attended(ask=60.0) as made:
        yield made


@pytest.fixture(params=(1440, 390))
def tab(request: Any, browser: Any, scene: Scene) -> Iterator[Any]:
    with opened_tab(browser, (*OWN, scene.page.url), request.param) as opened:
        opened.goto(scene.page.url)
        opened.wait_for_selector("html[data-ready] .follows.on")
        yield opened


def press(tab: Any, word: str) -> None:
    tab.locator(f"[data-press={word}]").click()


def test_a_person_is_led_through_a_scenario(scene: Scene, tab: Any) -> None:
    tab.get_by_text("Nothing to do at this moment").wait_for()
    playing = Playing(scene, "callers/attest/shown")
    tab.wait_for_selector(".task")
    text = tab.locator(".task").inner_text()
    assert "Do this now" in text
    assert "callers/attest/shown" in text
    assert int(tab.locator("#left").inner_text().split()[0]) in range(1, 61)
    tab.locator("#language").click()
    assert "现在请做" in tab.locator(".task").inner_text()
    tab.locator("#language").click()
    scene.works({"do": "send", "method": "entryorder.create"})
    tab.get_by_text("The system shows the document as created.").wait_for()
    press(tab, "yes")
    tab.get_by_text("Something is missing").wait_for()
    tab.locator("[data-field=name]").fill("Li Lei")
    press(tab, "yes")
    outcome = playing.ended()
    assert outcome.showing is not None
    assert [one.name for one in outcome.showing.attested] == ["Li Lei"]
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_cannot_keeps_the_reason(scene: Scene, tab: Any) -> None:
    playing = Playing(scene, "callers/answers/success")
    tab.wait_for_selector(".task")
    tab.locator("[data-field=note]").fill("there is no such screen")
    press(tab, "cannot")
    outcome = playing.ended()
    assert outcome.status is Status.UNTESTED
    assert "there is no such screen" in outcome.cause
    tab.locator("[data-scenario='callers/answers/success'] .pill.untested").wait_for()
    tab.get_by_text("Nothing to do at this moment").wait_for()
