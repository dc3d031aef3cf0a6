"""Links, keys, languages, themes and narrow windows."""

from dataclasses import replace
from typing import Any

import pytest

from tests.browser.browser_run import ENDED, HEAD, HOSTILE, big_run, hostile_run, run
from tests.browser.report_page import CONTRAST, MINIMAL, Show, at, counts, go, rows, sees


def test_a_link_opens_its_case_with_its_filter(show: Show) -> None:
    page = show(HEAD, run(), ENDED, "#cases?status=blocked&q=request%2Fb")
    sees(page, ["wms/stock.query/request/b"])
    page.locator("#list .row").click()
    at(page, "#case/wms/stock.query/request/b")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert "request/b" in page.locator("#detail h2").inner_text()
    page.go_back()
    page.locator("#detail").wait_for(state="hidden")


def test_an_unknown_case_is_named(show: Show) -> None:
    page = show(HEAD, run(), ENDED, "#case/wms/%3Cscript%3E/%")
    assert page.locator("#said").inner_text() == "This report has no such case: wms/<script>/%"


def test_keyboard(report: Any) -> None:
    keys = report.keyboard
    keys.press("/")
    assert report.evaluate("document.activeElement.id") == "search"
    keys.type("stock.query")
    counts(report, 4)
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Enter")
    at(report, "#case/wms/stock.query/request/a")
    keys.press("ArrowDown")
    at(report, "#case/wms/stock.query/request/b")
    assert (
        report.locator("#list [aria-selected=true]").get_attribute("data-id") == "wms/stock.query/request/b"
    )
    keys.press("Escape")
    report.locator("#detail").wait_for(state="hidden")
    at(report, "#cases?q=stock.query")
    assert report.evaluate("document.activeElement.id") == "list"
    keys.press("End")
    keys.press("/")
    keys.press("Escape")
    counts(report, len(run()))
    keys.press("Escape")
    assert report.evaluate("document.activeElement.id") != "search"


def test_a_key_meets_what_the_key_before_it_opened(report: Any) -> None:
    report.locator("#nav a[data-view=cases]").click()
    report.evaluate(
        """() => ["Enter", "ArrowDown"].forEach((key) => {
             const pressed = new KeyboardEvent("keydown", { key, bubbles: true });
             document.getElementById("list").dispatchEvent(pressed);
           })"""
    )
    ids = rows(report)
    assert report.evaluate("location.hash") == f"#case/{ids[1]}"
    assert report.locator("#detail").is_visible()


def test_language(report: Any) -> None:
    report.locator("#language").click()
    assert report.locator(".verdict h1").inner_text() == "不符合规范"
    assert report.locator("#nav a").first.inner_text() == "结论"
    assert report.locator(".cause .title > span").first.inner_text() == "flag 既不是 success 也不是 failure"
    assert "success 或 failure" in report.locator(".cause .came").first.inner_text()
    assert report.evaluate("document.documentElement.lang") == "zh-CN"
    report.reload()
    report.wait_for_selector("html[data-ready]")
    assert report.locator(".verdict h1").inner_text() == "不符合规范"
    report.locator("#language").click()
    assert report.locator(".verdict h1").inner_text() == "Non-conformant"


def test_the_browser_chooses_the_language_at_first(
    browser: Any, show: Show, page: Any, tmp_path: Any
) -> None:
    show(HEAD, run(), ENDED)
    context = browser.new_context(locale="zh-CN")
    other = context.new_page()
    other.goto((tmp_path / "report.html").as_uri())
    other.wait_for_selector("html[data-ready]")
    assert other.locator(".verdict h1").inner_text() == "不符合规范"
    context.close()


def test_theme(report: Any) -> None:
    def paper() -> str:
        return report.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    light = paper()
    report.emulate_media(color_scheme="dark")
    dark = paper()
    assert dark != light
    report.locator("#theme").click()
    assert paper() == light
    report.locator("#theme").click()
    report.emulate_media(color_scheme="light")
    assert paper() == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(report: Any, scheme: str) -> None:
    report.emulate_media(color_scheme=scheme)
    names = [
        "ink",
        "soft",
        "accent",
        "pass",
        "fail",
        "warn",
        "info",
        "blocked",
        "unsupported",
        "waived",
        "stale",
        "error",
    ]
    ratios = report.evaluate(CONTRAST, names)
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}


def test_paper_gets_everything(report: Any) -> None:
    report.evaluate("dispatchEvent(new Event('beforeprint'))")
    report.emulate_media(media="print")
    words = report.locator("body").inner_text()
    for word in (
        "Non-conformant",
        "flag is neither success nor failure",
        "signature.verified",
        "Not tested",
        "What is red",
        f"qimen replay {MINIMAL}",
    ):
        assert word in words
    assert not report.locator("#top").is_visible()


def test_narrow_windows_do_not_scroll_sideways(report: Any) -> None:
    report.set_viewport_size({"width": 390, "height": 800})
    for address in (
        "#overview",
        "#matrix",
        "#requirements",
        "#cases",
        f"#case/{MINIMAL}",
        "#latency",
        "#untested",
    ):
        go(report, address)
        assert report.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#matrix",
        "#requirements",
        "#cases",
        "#untested",
        "#latency",
        "#case/wms/stock.query/request/minimal",
    ],
)
def test_hostile_content_is_text(show: Show, address: str) -> None:
    page = show(replace(HEAD, target=HOSTILE, url=HOSTILE), hostile_run(), ENDED, address)
    if address.startswith("#case/"):
        page.wait_for_selector(".exchanges")
        for button in page.locator(".ways button", has_text="raw").all():
            button.click()
        assert "</script><script>" in page.locator(".part.answer pre").inner_text()
        assert "U+202E" in page.locator(".part.answer pre").inner_text()
    for details in page.locator("details").all():
        if details.is_visible():
            details.locator("summary").click()
    assert page.evaluate("window.owned") is None
    assert page.locator("body img, body iframe, body b[onclick], main script").count() == 0
    shown = page.evaluate("document.body.innerText + document.title.replace(/[\\u202e\\x07]/g, '')")
    assert not set("\u202e\x07\x1b\x00") & set(shown)


def test_a_full_run_opens_quickly_and_keeps_few_rows(show: Show) -> None:
    page = show(HEAD, big_run(11_000), ENDED, "#cases")
    assert page.locator("#total").inner_text() == "11,000 / 11,000"
    assert page.locator("#list .row").count() < 80
    page.locator("#list").evaluate("list => { list.scrollTop = list.scrollHeight }")
    page.wait_for_selector("[aria-posinset='11000']")
    page.locator("#search").fill("field10999")
    sees(page, ["wms/m9/request/field10999/too-long"])
    page.keyboard.press("Enter")
    page.wait_for_selector(".exchanges, #detail p.none")
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert ready < 5000
