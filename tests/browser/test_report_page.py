"""report.html shows causes, evidence and filters."""

import subprocess
from typing import Any

import pytest

from tests.browser.browser_run import ENDED, HEAD, run
from tests.browser.report_page import MINIMAL, Show, at, counts, go, sees


def test_verdict_and_reason_come_first(report: Any) -> None:
    assert report.locator(".verdict h1").inner_text() == "Non-conformant"
    assert report.locator(".reason").inner_text() == "2 cases are red, from 2 causes; 3 could not be tested."
    top = report.locator(".verdict").bounding_box()
    assert top is not None
    assert top["y"] < 100
    assert report.title() == "✗ Non-conformant · Qimen · demo"


def test_causes_are_ordered_and_fold_their_dependants(report: Any) -> None:
    titles = report.locator(".cause .title > span").all_inner_texts()
    assert titles[0] == "flag is neither success nor failure"
    assert titles[1] == "accepts wrong signatures"
    first = report.locator(".cause").first
    assert first.locator(".counts").inner_text().split() == ["✗", "1", "⊘", "3"]
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
    assert "Run it again" in page.locator("#overview .warning").inner_text()


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


COMMAND = """([body, binary]) =>
  curl({ method: "POST", url: "http://x/?a=b", headers: [["X", "it's"]], body, binary })"""


def test_a_command_survives_the_shell(report: Any) -> None:
    body = 'it\'s <a b="c">$HOME `x` \\n 中 %s \x01\x7f</a>\n-'
    for text, coded in ((body, False), ("//4AJQ==", True)):
        command = report.evaluate(
            COMMAND,
            [text, coded],
        )
        script = (
            f'curl() {{ if [ "${{@: -1}}" = @- ]; then cat; else printf %s "${{@: -1}}"; fi; }}\n{command}'
        )
        sent = subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout
        assert sent == (b"\xff\xfe\x00%" if coded else text.encode())


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
