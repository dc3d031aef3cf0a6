"""report.html in Chromium: what it shows, how it is worked, and that nothing an endpoint says comes alive."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from browser_run import ENDED, HEAD, HOSTILE, big_run, hostile_run, run

MINIMAL = "wms/stock.query/request/minimal"
Show = Callable[..., Any]


@pytest.fixture
def report(show: Show) -> Any:
    return show(HEAD, run(), ENDED)


def rows(page: Any) -> list[str]:
    return page.locator("#list .row").evaluate_all("rows => rows.map(row => row.dataset.id)")


def sees(page: Any, ids: list[str]) -> None:
    """The list holds these rows, now or in a moment."""
    from playwright.sync_api import TimeoutError

    try:
        page.wait_for_function(SEES, arg=ids, timeout=3000)
    except TimeoutError:
        assert rows(page) == ids


def counts(page: Any, number: int) -> None:
    page.wait_for_function(
        "(number) => document.querySelectorAll('#list .row').length === number", arg=number
    )


def at(page: Any, address: str) -> None:
    """Wait until the page is there: an address changes a moment after the key that asks for it."""
    page.wait_for_function("address => location.hash === address", arg=address, timeout=5_000)


def go(page: Any, address: str) -> None:
    page.evaluate(GO, address)


CONTRAST = """(names) => {
  const style = getComputedStyle(document.documentElement);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (name) => {
    const hex = style.getPropertyValue(`--${name}`).match(/\\w\\w/g);
    const parts = hex.map((part) => linear(parseInt(part, 16) / 255));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  return Object.fromEntries(names.flatMap((name) => ["paper", "raised", "sunken"].map((under) =>
    [`${name} on ${under}`, ratio(light(name), light(under))])));
}"""
GO = """(address) => new Promise((done) => {
  if (location.hash === address) return done();
  addEventListener("hashchange", () => setTimeout(done), { once: true });
  location.hash = address;
})"""
SEES = """(ids) => {
  const rows = [...document.querySelectorAll("#list .row")].map((row) => row.dataset.id);
  return JSON.stringify(rows) === JSON.stringify(ids);
}"""


# what it says


def test_verdict_and_reason_come_first(report: Any) -> None:
    assert report.locator(".verdict h1").inner_text() == "Non-conformant"
    assert report.locator(".reason").inner_text() == "2 cases are red, from 2 causes; 3 could not be tested."
    top = report.locator(".verdict").bounding_box()
    assert top is not None
    assert top["y"] < 100
    assert report.title() == "✗ Non-conformant · Qimen · demo"


def test_causes_are_ordered_and_fold_their_dependants(report: Any) -> None:
    titles = report.locator(".cause .title > span").all_inner_texts()
    assert titles[0] == "the flag is wrong"
    assert titles[1].startswith("accepts what it has to refuse · A request without a signature")
    first = report.locator(".cause").first
    assert first.locator(".counts").inner_text().split() == ["1", "⊘", "3"]
    assert first.locator(".body").count() == 0
    first.locator("summary").click()
    assert "could not be tested because of it · 3" in first.locator(".body").inner_text()
    assert first.locator("dd.actual").inner_text() == "'SUCCESS'"
    first.locator("ul.cases a").first.click()
    at(report, f"#case/{MINIMAL}")


def test_matrix_shows_sign_and_number(report: Any) -> None:
    go(report, "#matrix")
    cell = report.locator("#matrix td.blocked a")
    assert (cell.inner_text(), cell.get_attribute("aria-label")) == (
        "⊘3",
        "stock.query, needed: blocked 3",
    )
    assert report.locator("#matrix td.fail a").all_inner_texts() == ["✗1", "✗1"]
    report.locator("#matrix .toggle input").check()
    assert report.locator("#matrix tbody th[scope=row]").all_inner_texts() == [
        "items.synchronize",
        "stock.query",
    ]
    cell = report.locator("#matrix td.blocked a")
    cell.click()
    sees(report, [f"wms/stock.query/request/{name}" for name in ("a", "b", "c")])


def test_requirements_say_sentence_level_place_and_result(report: Any) -> None:
    go(report, "#requirements/signature.verified")
    row = report.locator("tr.target")
    words = row.inner_text()
    for word in ("fail", "signature.verified", "A request without a signature", "must", "000"):
        assert word in words
    report.locator("#requirements select").select_option("warn")
    shown = report.locator("#requirements tbody tr td:nth-child(2)").all_inner_texts()
    assert shown == ["request.length", "request.characters"]
    report.locator("#requirements select").select_option("")
    report.locator("#requirements input").fill("changed after signing")
    assert "signature.verified" in report.locator("#requirements tbody").inner_text()
    assert report.locator("#requirements input").evaluate("box => box === document.activeElement")


def test_latency_is_a_plot(report: Any) -> None:
    go(report, "#latency")
    assert report.locator("#latency svg .name").all_text_contents() == [
        "inventory.report",
        "items.synchronize",
        "stock.query",
    ]
    assert "median 250 ms" in (report.locator("#latency svg a").first.get_attribute("aria-label") or "")


def test_untested_says_why(report: Any) -> None:
    go(report, "#untested")
    words = report.locator("#untested").inner_text()
    assert "Blocked: what they need did not pass" in words
    assert MINIMAL in words
    assert "Requirements without a case" in words


def test_an_interrupted_run_says_so(show: Show) -> None:
    page = show(HEAD, run()[-2:], None, "#untested")
    assert "The run broke off" in page.locator("#untested").inner_text()
    go(page, "#overview")
    assert page.locator(".verdict h1").inner_text() == "Incomplete"


# a case


def test_a_failure_shows_what_is_needed_to_mend_it(show: Show) -> None:
    page = show(HEAD, run(), ENDED, f"#case/{MINIMAL}")
    detail = page.locator("#detail")
    page.wait_for_selector(".exchanges")
    assert page.locator(".tabs [aria-selected=true]").inner_text() == "2"
    for word in (
        "Accepts the smallest legal request",
        "fail",
        MINIMAL,
        "success or failure",
        "'SUCCESS'",
        "000 section 2.3",
        "QABCDE0",
        "request.accept",
    ):
        assert word in detail.inner_text()
    assert page.locator(".again pre").inner_text() == f"qimen replay {MINIMAL} --url http://wms.example/qimen"
    assert (
        page.locator(".curl")
        .inner_text()
        .startswith("curl -sS -X POST 'http://wms.example/qimen?method=stock.query&sign=***'")
    )
    assert page.locator(".part.answer .line.here").all_inner_texts() == ["  <flag>SUCCESS</flag>"]
    page.locator(".part.answer button", has_text="raw").click()
    assert (
        "content-type: text/xml\n\n<response><flag>SUCCESS</flag></response>"
        in page.locator(".part.answer pre").inner_text()
    )
    page.locator(".again button").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("qimen replay wms/stock.query")


def test_differing_characters_are_marked(report: Any) -> None:
    runs = report.evaluate("differ('HTTP 200', 'HTTP 500')")
    assert runs == [
        [[True, "HTTP "], [False, "2"], [True, "00"]],
        [[True, "HTTP "], [False, "5"], [True, "00"]],
    ]
    assert report.evaluate("differ('at most 3 characters', \"5: 'abcde'\")")[1] == [
        [True, "5: 'abc"],
        [False, "de"],
        [True, "'"],
    ]
    assert report.evaluate("differ('the request is refused', 'flag=success code=0')[0]") == [
        [True, "the request is refused"]
    ]


@pytest.mark.parametrize(
    ("text", "kind", "lines"),
    [
        ("<a><b>1</b><c/><!-- x --></a>", "", ["<a>", "  <b>1</b>", "  <c/>", "  <!-- x -->", "</a>"]),
        ("<a><b><![CDATA[<x>]]></b></a>", "", ["<a>", "  <b><![CDATA[<x>]]></b>", "</a>"]),
        ("<a><b>1", "", ["<a>", "  <b>", "    1"]),
        ("</a></b>text", "", ["</a>", "</b>", "text"]),
        ("<", "", ["<"]),
        ('{"a":[1]}', "", ["{", '  "a": [', "    1", "  ]", "}"]),
        ("{broken", "", ["{broken"]),
        ("a=1&b=%E4%B8%AD+x&c=%", "application/x-www-form-urlencoded", ["a = 1", "b = 中 x", "c = %"]),
        ("two\nlines", "", ["two", "lines"]),
    ],
)
def test_bodies_are_laid_out(report: Any, text: str, kind: str, lines: list[str]) -> None:
    assert (
        report.evaluate(
            "([text, kind]) => layOut(text, kind).map(([depth, line]) => '  '.repeat(depth) + line)",
            [text, kind],
        )
        == lines
    )


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("items.item[2].code", ["<code>B</code>"]),
        ("items.item[].code", ["<code>A</code>", "<code>B</code>"]),
        ("items.item[1].name", ["<item>"]),  # what is missing: where it should be
        ("nowhere", ["<response>"]),
    ],
)
def test_places_are_marked(report: Any, path: str, marked: list[str]) -> None:
    text = "<response><items><item><code>A</code></item><item><code>B</code></item></items></response>"
    script = """([text, path]) => showLines(layOut(text, ""), [path])
        .filter((line) => line.classList.contains("here")).map((line) => line.textContent.trim())"""
    assert report.evaluate(script, [text, path]) == marked


def test_a_command_survives_the_shell(report: Any) -> None:
    body = 'it\'s <a b="c">$HOME `x` \\n 中 %s \x01\x7f</a>\n-'
    for text, coded in ((body, False), ("//4AJQ==", True)):
        command = report.evaluate(
            "([text, coded]) => curl(['POST', 'http://x/?a=b', [['X', \"it's\"]], text, coded])",
            [text, coded],
        )
        script = (
            f'curl() {{ if [ "${{@: -1}}" = @- ]; then cat; else printf %s "${{@: -1}}"; fi; }}\n{command}'
        )
        sent = subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout
        assert sent == (b"\xff\xfe\x00%" if coded else text.encode())


# working it


def test_filters_and_their_links(report: Any) -> None:
    go(report, "#cases")
    counts(report, len(run()))
    report.locator("#filters [data-status=fail]").click()
    at(report, "#cases?status=fail")
    sees(report, ["wms/items.synchronize/signature/tampered-body", MINIMAL])
    report.locator("#filters [data-filter=method]").select_option("stock.query")
    sees(report, [MINIMAL])
    assert report.locator("#total").inner_text() == f"1 / {len(run())}"
    report.locator("#filters [data-filter=level]").select_option("should")
    report.locator("#track", has_text="No case matches.").wait_for()
    report.locator("#clear").click()
    counts(report, len(run()))


def test_search_finds_ids_findings_and_requirements(report: Any) -> None:
    report.locator("#search").fill("SUCCESS envelope")
    sees(report, [MINIMAL])
    report.locator("#search").fill("request.length")
    sees(report, ["wms/items.synchronize/request/ownerCode/too-long"])
    report.locator("#search").fill("nothing at all")
    sees(report, [])


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
    assert report.locator(".cause .title > span").first.inner_text() == "flag 不正确"
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
        "the flag is wrong",
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


# hostile content and size


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
    page = show(HEAD | {"target": HOSTILE, "url": HOSTILE}, hostile_run(), ENDED, address)
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
