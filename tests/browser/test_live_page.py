"""The live page of a listening session, in Chromium."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_qimen import xml
from pytest_qimen.live.feed import Feed
from pytest_qimen.live.server import LivePage
from tests.browser.browser_run import HOSTILE
from tests.browser.tab import OWN, opened_tab
from tests.live.live_session import Session, opened_session
from tests.support.calling import call

WIDTHS = (1440, 390)
Feeding = Callable[..., tuple[Feed, Any]]


@pytest.fixture
def session() -> Iterator[Session]:
    with opened_session() as made:
        yield made


@pytest.fixture(params=WIDTHS)
def tab(request: Any, browser: Any, session: Session) -> Iterator[Any]:
    with opened_tab(browser, (*OWN, session.page.url), request.param) as opened:
        opened.goto(session.page.url)
        opened.wait_for_selector("html[data-ready] .follows.on")
        yield opened


def count(page: Any, number: int) -> None:
    page.wait_for_function("n => document.querySelectorAll('#list .row').length === n", arg=number)


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_calls_appear_as_they_come(session: Session, tab: Any) -> None:
    assert session.url in tab.locator("#calls .none").inner_text()
    call(session.url)
    count(tab, 1)
    session.bad_call()
    count(tab, 2)
    first, second = tab.locator("#list .row").all()
    assert "✗" in first.inner_text()
    assert "entryorder.create" in second.inner_text()
    assert "✓" in second.inner_text()
    said = tab.locator("#now").inner_text()
    assert "2 calls came" in said
    assert not [word for word in ("undefined", "null", "false") if word in said]
    assert fits(tab)


def test_a_click_shows_request_answer_findings_and_curl(session: Session, tab: Any) -> None:
    session.bad_call()
    count(tab, 1)
    tab.locator("#list .row").click()
    tab.wait_for_selector("#detail .finding")
    text = tab.locator("#detail").inner_text()
    assert "caller.call.version" in text
    assert "flag" in tab.locator("#detail .part.answer .message").inner_text()
    assert "null" not in text
    curl = tab.locator("#detail pre.curl").inner_text()
    assert curl.startswith("curl -sS -X POST")
    assert session.url in curl
    assert "sign=***" in curl.replace("%2A", "*")
    assert session.secret not in tab.content()
    assert fits(tab)
    tab.locator("#detail button.close").click()
    assert tab.locator("#detail").is_hidden()
    tab.keyboard.press("ArrowDown")
    tab.wait_for_selector("#detail .finding")
    tab.keyboard.press("Escape")
    assert tab.locator("#detail").is_hidden()


def test_filters(session: Session, tab: Any) -> None:
    call(session.url)
    session.bad_call()
    call(session.url, "wms/stockout.create")
    count(tab, 3)
    tab.locator("select[data-filter=status]").select_option("fail")
    count(tab, 1)
    tab.locator("select[data-filter=status]").select_option("")
    tab.locator("select[data-filter=method]").select_option("stockout.create")
    count(tab, 1)
    tab.locator("select[data-filter=method]").select_option("")
    tab.locator("#search").fill("caller.call.version")
    count(tab, 1)
    tab.keyboard.press("Escape")
    count(tab, 3)


def test_the_matrix_names_what_is_missing(session: Session, tab: Any) -> None:
    call(session.url)
    count(tab, 1)
    tab.locator("#nav a[data-view=methods]").click()
    tab.locator("tr.never[data-method='wms/stockout.create']").wait_for()
    row = tab.locator("tr[data-method='wms/entryorder.create']")
    row.locator("button").click()
    assert "entryOrder.warehouseCode" not in tab.locator(".absent").inner_text()
    assert "entryOrder.remark" in tab.locator(".absent").inner_text()
    assert fits(tab)
    row.locator("a").click()
    tab.wait_for_function("() => location.hash === '#calls'")
    count(tab, 1)


def test_both_languages_and_themes(session: Session, tab: Any) -> None:
    session.bad_call()
    count(tab, 1)
    tab.locator("#list .row").click()
    tab.wait_for_selector("#detail .finding")
    tab.locator("#language").click()
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    assert "次调用" in tab.locator("#now").inner_text()
    assert "期望" in tab.locator("#detail").inner_text()
    before = tab.evaluate("getComputedStyle(document.body).color")
    for theme in ("light", "dark"):
        tab.locator("#theme").click()
        assert tab.evaluate("document.documentElement.dataset.theme") == theme
    assert tab.evaluate("getComputedStyle(document.body).color") != before
    assert fits(tab)


def test_what_the_other_side_says_is_text(session: Session, tab: Any) -> None:
    call(session.url, edit=lambda root: xml.put(root, "entryOrder.remark", "<script>window.owned=1</script>"))
    call(session.url, tamper=lambda made: made.set("method", HOSTILE))
    count(tab, 2)
    for row in (0, 1):
        tab.locator("#list .row").nth(row).click()
        tab.wait_for_selector("#detail .part.request")
        tab.locator("#detail button.close").click()
    assert tab.evaluate("window.owned") is None
    assert tab.locator("#main img, #main script").count() == 0


def test_the_end_is_told_and_what_came_stays(session: Session, browser: Any) -> None:
    with opened_tab(browser, (*OWN, session.page.url)) as tab:
        tab.goto(session.page.url)
        call(session.url)
        count(tab, 1)
        session.end("incomplete")
        tab.wait_for_selector("#ended")
        assert tab.locator("#ended").inner_text() == "incomplete"
        count(tab, 1)


@pytest.fixture
def feeding(browser: Any) -> Iterator[Feeding]:
    """Opens the page of a feed; `polls`: its stream never works."""
    feed = Feed({"head": {"side": "caller", "target": "", "url": ""}, "methods": []})
    page = LivePage(feed)
    with opened_tab(browser, (*OWN, page.url)) as tab:

        def opened(polls: bool = False) -> tuple[Feed, Any]:
            if polls:
                tab.route("**/events*", lambda route: route.fulfill(status=204))
            tab.goto(page.url)
            tab.wait_for_selector("html[data-ready]")
            return feed, tab

        yield opened
    page.close()


def row(number: int) -> dict[str, str]:
    return {"method": f"m{number % 7}", "key": f"K{number}", "status": "pass", "time": "", "role": "wms"}


def test_a_page_without_a_stream_polls(feeding: Feeding) -> None:
    feed, tab = feeding(polls=True)
    feed.add(row(1), 1, dict)
    count(tab, 1)
    feed.add(row(2), 1, dict)
    count(tab, 2)


def test_a_browser_keeps_the_last_two_thousand(feeding: Feeding) -> None:
    feed, tab = feeding()
    for start in (0, 1500):
        for number in range(start, start + 1500):
            feed.add(row(number), 1, dict)
        tab.wait_for_function("n => run.rows.at(-1)?.n === n", arg=start + 1500)
    assert tab.evaluate("[run.rows.length, run.rows[0].n]") == [2000, 1001]
    assert tab.locator("#list .row").count() < 80
    tab.wait_for_function("() => document.getElementById('total').textContent === '2,000 / 2,000'")


def test_a_message_that_was_let_go_is_told(feeding: Feeding) -> None:
    feed, tab = feeding()
    feed.add(row(1), 10**9, dict)
    count(tab, 1)
    tab.locator("#list .row").click()
    tab.locator("#detail p.none").wait_for()
    assert "no longer in memory" in tab.locator("#detail").inner_text()
