"""What a stranger needs at first: what comes next, the keys, all tabs in a narrow window, what is absent."""

from dataclasses import replace
from typing import Any

import pytest

from tests.browser.browser_run import ENDED, HEAD, run
from tests.browser.report_page import MINIMAL, Show, go
from tests.report.report_events import FLAG, REFUSES, case, exchange, finding

WINDOWS = [(width, scheme) for width in (1440, 390) for scheme in ("light", "dark")]
ABSENT = "wms/entryorder.create/request/entryOrder.ownerCode/absent"
CODES = b"<entryOrderCode>R1</entryOrderCode><warehouseCode>W1</warehouseCode>"
ORDER = b"<request><entryOrder>%s</entryOrder></request>" % CODES
URL = "http://wms.example/qimen?method=entryorder.create&sign=***"


def green() -> list[Any]:
    return [case("wms/stock.query/request/minimal"), case("wms/stock.query/request/typical")]


def absent() -> list[Any]:
    sent = exchange(b"<response><flag>success</flag></response>", ORDER)
    sent["request"] = {**sent["request"], "url": URL}
    clause = "003 taobao.qimen.entryorder.create request.entryOrder.ownerCode"
    return [case(ABSENT, "fail", finding(REFUSES), clause=clause, exchanges=[sent])]


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_green_page_says_what_comes_next(show: Show, width: int, scheme: str, language: str) -> None:
    page = show(replace(HEAD, embedded=False), green(), ENDED)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    if language == "zh":
        page.locator("#language").click()
    box = page.locator(".next")
    assert "qimen certify-result DIR > certificate.json" in box.inner_text()
    assert ("certificate" if language == "en" else "证书") in box.inner_text()
    assert box.locator("li").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_narrowed_run_and_the_embedded_endpoint_come_first(show: Show) -> None:
    page = show(replace(HEAD, methods=("stock.*",)), green(), ENDED)
    assert "run once more" in page.locator(".next li").first.inner_text()
    page = show(replace(HEAD, embedded=True), green(), ENDED)
    assert "--qimen-url" in page.locator(".next").inner_text()
    assert "certify-result" not in page.locator(".next").inner_text()


def test_a_red_page_speaks_of_no_certificate(report: Any) -> None:
    assert report.locator(".next").count() == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_question_mark_shows_the_keys(report: Any, language: str) -> None:
    if language == "zh":
        report.locator("#language").click()
    report.keyboard.press("?")
    keys = report.locator("#keys")
    assert keys.is_visible()
    assert keys.locator("h2").inner_text() == {"en": "Keys", "zh": "快捷键"}[language]
    assert keys.locator("kbd").all_inner_texts()[:2] == ["?", "/"]
    report.keyboard.press("/")
    assert report.evaluate("document.activeElement.id") != "search"
    report.keyboard.press("Escape")
    assert not keys.is_visible()
    report.locator("#help").click()
    assert keys.is_visible()
    keys.locator("button").click()
    assert not keys.is_visible()
    report.locator("#search").fill("?")
    assert not keys.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_tabs_can_be_reached_in_a_narrow_window(report: Any, scheme: str, language: str) -> None:
    report.emulate_media(color_scheme=scheme)
    report.set_viewport_size({"width": 390, "height": 800})
    if language == "zh":
        report.locator("#language").click()
    bar = report.locator("#nav").bounding_box()
    tools = report.locator(".tools").bounding_box()
    assert bar["y"] >= tools["y"] + tools["height"] - 1
    assert (bar["x"], bar["width"]) == (0, 390)
    assert report.locator("#nav").evaluate("nav => getComputedStyle(nav).scrollbarWidth") == "thin"
    fully = report.locator("#nav a").evaluate_all(
        "links => links.filter((one) => one.getBoundingClientRect().right <= innerWidth).length"
    )
    assert fully >= 4
    last = report.locator("#nav a").last
    last.click()
    assert report.locator("#untested").is_visible()
    assert last.bounding_box()["x"] + last.bounding_box()["width"] <= 390
    assert report.locator("#top").bounding_box()["height"] <= report.locator("#untested").bounding_box()["y"]


def test_the_verdict_counts_each_case_once(show: Show) -> None:
    both = case("wms/stock.query/request/a", "fail", FLAG, {**FLAG, "check": "envelope.code", "path": "code"})
    one = case("wms/stock.query/request/b", "fail", FLAG)
    page = show(HEAD, [both, one, case("wms/stock.query/request/c", "warn", finding(FLAG, "should"))], ENDED)
    chips = page.locator(".cause .counts").all_inner_texts()
    assert [" ".join(one.split()) for one in chips] == ["✗ 2 ! 1", "also 1"]
    assert page.locator(".reason").inner_text().startswith("2 cases are red, from 2 causes")


def test_the_prefix_of_keys_is_called_so(report: Any) -> None:
    facts = report.locator(".facts").inner_text()
    assert "key prefix\nQABCDE0" in facts
    assert "seed" not in facts


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_absent_is_shown_where_it_belongs(show: Show, language: str) -> None:
    page = show(HEAD, [*run(), *absent()], ENDED, f"#case/{ABSENT}")
    if language == "zh":
        page.locator("#language").click()
    page.wait_for_selector(".exchanges")
    lines = page.locator(".part.request .line").all_inner_texts()
    word = {"en": "is absent", "zh": "此元素缺失"}[language]
    assert [line.strip() for line in lines] == [
        "<request>",
        "<entryOrder>",
        "<entryOrderCode>R1</entryOrderCode>",
        f"<ownerCode/> {word}",
        "<warehouseCode>W1</warehouseCode>",
        "</entryOrder>",
        "</request>",
    ]
    assert page.locator(".part.request .line.here").all_inner_texts() == [f"    <ownerCode/> {word}"]
    page.locator(".part.request button", has_text="raw" if language == "en" else "原文").click()
    assert "ownerCode" not in page.locator(".part.request pre").inner_text().split("\n\n")[1]


GHOSTS = """([text, path, order]) => withGhosts(layOut(text, ""), [path], order)
  .map(([depth, line, , ghost]) => (ghost ? "*" : "") + line)"""


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("<a><b>1</b><d>2</d></a>", "c", ["<a>", "<b>1</b>", "*<c/>", "<d>2</d>", "</a>"]),
        ("<a><b>1</b></a>", "d", ["<a>", "<b>1</b>", "*<d/>", "</a>"]),
        ("<a><d>1</d></a>", "b", ["<a>", "*<b/>", "<d>1</d>", "</a>"]),
        ("<a><e><f>1</f></e></a>", "e.g", ["<a>", "<e>", "<f>1</f>", "*<g/>", "</e>", "</a>"]),
        ("<a><b>1</b></a>", "b", ["<a>", "<b>1</b>", "</a>"]),  # it is there
        ("<a><b>1</b></a>", "e.g", ["<a>", "<b>1</b>", "</a>"]),  # and its group is not
        ("<a><b>1</b></a>", "x", ["<a>", "<b>1</b>", "</a>"]),  # no document knows it
        (
            "<a><b><x>1</x></b><d>2</d></a>",
            "c",
            ["<a>", "<b>", "<x>1</x>", "</b>", "*<c/>", "<d>2</d>", "</a>"],
        ),
        ("<a/>", "b", ["<a/>"]),
    ],
)
def test_places_of_ghosts(report: Any, text: str, path: str, expected: list[str]) -> None:
    assert report.evaluate(GHOSTS, [text, path, ["b", "c", "d", "e", "e.f", "e.g"]]) == expected


def test_the_cases_view_fits_below_the_two_rows(report: Any) -> None:
    report.set_viewport_size({"width": 390, "height": 800})
    go(report, f"#case/{MINIMAL}")
    assert report.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
