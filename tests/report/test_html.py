"""report.html as a file: self-contained, small, nothing in it that an endpoint wrote as code.

tests/browser opens it.
"""

import base64
import hashlib
import json
import random
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.phrases import say
from pytest_qimen.report import html
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.payload import LONGEST, MESSAGE, latency, payload
from pytest_qimen.report.results import suite
from pytest_qimen.spec import ROLES
from pytest_qimen.verdict import Evidence, Status
from tests.report.report_events import ENDED, FLAG, HEAD, REFUSES, broken_run, case, exchange

ASSETS = Path(html.__file__).parent / "assets"
HOSTILE = '</script><script>alert(1)</script> &lt; <!-- ]]> \u202e \x07 " onerror="x'


class Page(HTMLParser):
    """The tags of a page, and the texts of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in self.texts and self.get_starttag_text():
            self.texts[self.tags[-1][0]].append(data)


def scripts(text: str, kind: str) -> list[str]:
    return re.findall(rf"<script type=\"text/plain\" {kind}>(.*?)</script>", text)


def unpacked(text: str) -> dict:
    (data,) = scripts(text, 'id="data"')
    return json.loads(zlib.decompress(base64.b64decode(data)))


def evidence(text: str) -> dict:
    found: dict = {}
    for chunk in scripts(text, 'class="chunk"'):
        found |= json.loads(zlib.decompress(base64.b64decode(chunk)))
    return found


def test_the_policy_lets_only_its_own_script_and_style_through() -> None:
    text = html.render(HEAD, broken_run(), ENDED)
    page = Page(text)
    (policy,) = (attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_nothing_is_loaded() -> None:
    page = Page(html.render(HEAD, broken_run(), ENDED))
    for tag, attrs in page.tags:
        assert "src" not in attrs, tag
        assert (attrs.get("href") or "#").startswith(("#", "data:"))
        assert not any(name.startswith("on") or name == "style" for name in attrs)
    code = "".join(path.read_text("utf-8") for path in ASSETS.iterdir())
    assert re.findall(r"https?://[^\"'\s]+", code) == ["http://www.w3.org/2000/svg"]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|@import|\burl\(", code
    )


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_comes_from_outside_stands_in_the_file_only_packed(text: str) -> None:
    answer = f"{HOSTILE}{text}".encode()
    event = case(
        "wms/a/x", "fail", FLAG | {"actual": HOSTILE + text}, cause=HOSTILE, exchanges=[exchange(answer)]
    )
    page = html.render(replace(HEAD, target=HOSTILE + text), [event], ENDED)
    tags = [tag for tag, _ in Page(page).tags]
    assert tags == [tag for tag, _ in Page(html.render(HEAD, [event], ENDED)).tags]
    assert "alert(1)" not in page.replace("&lt;script&gt;alert(1)", "")
    found = unpacked(page)
    assert found["findings"][0][4] == HOSTILE + text
    assert evidence(page)["wms/a/x"][0][1][MESSAGE.index("body")] == answer.decode()


def test_the_page_knows_what_the_run_knows() -> None:
    found, chunks = payload(HEAD, broken_run(), ENDED)
    by_id = {row[0]: row for row in found["cases"]}
    assert set(by_id) == {event.id for event in broken_run()}
    for event in broken_run():
        row = by_id[event.id]
        assert found["methods"][row[1]] == (event.role, event.method)
        assert found["severity"][row[4]] == event.status
        assert (row[12] >= 0) == bool(event.exchanges)
        assert set(event.requirements) <= {found["names"][name] for name in row[5]}
    assert [(cause[0], len(cause[3]), len(cause[5])) for cause in found["causes"]] == [
        ("envelope.flag", 1, 3),
        ("contract.refuses", 1, 0),
        ("contract.refuses", 1, 0),
    ]
    assert found["red"] == ["fail", "stale", "error"]
    assert len(chunks) == 1


def test_a_title_is_shown_where_the_run_recorded_one() -> None:
    found, _ = payload(HEAD, [case("wms/a/x", title={"zh": "中", "en": "x"}), case("wms/a/y")], ENDED)
    assert [found["titles"][row[11]] for row in found["cases"]] == [("中", "x"), None]


def test_requirements_say_where_they_stand() -> None:
    found, _ = payload(HEAD, [], ENDED)
    rows = {row[0]: row for row in found["requirements"]}
    identity, level, text, document, section, untested = rows["signature.verified"]
    assert (identity, level) == ("signature.verified", "must")
    assert all(text)
    assert document
    assert section
    assert untested is None
    assert any(row[5] for row in rows.values())


def test_methods_that_were_left_out_are_named_for_this_suite_only() -> None:
    run = [case("wms/stock.query/request/minimal")]
    left = payload(replace(HEAD, suite=suite()), run, ENDED)[0]["left"]
    assert "wms/items.synchronize" in left
    assert "wms/stock.query" not in left
    assert payload(HEAD, run, ENDED)[0]["left"] == []


def test_latency() -> None:
    found = latency([case("wms/a/x", times=[0.001] * 98 + [0.5, 2.0]), case("wms/b/x", times=[])])
    ((name, count, median, centile, longest, bins),) = found["rows"]
    assert (name, count, median, centile, longest) == ("wms/a", 100, 1.0, 1.0, 2000.0)
    assert sum(bins) == 100
    assert (found["low"], found["high"]) == (1, 10_000)
    assert latency([])["rows"] == []


def test_long_and_binary_bodies_are_cut_and_said_so() -> None:
    exchanges = [exchange("长".encode() * LONGEST), exchange(bytes(range(256)) * 200)]
    page = html.render(HEAD, [case("wms/a/x", "fail", FLAG, exchanges=exchanges)], ENDED)
    (_, (*_, text, coded, size, _), *_), (_, (*_, other, binary, length, _), *_) = evidence(page)["wms/a/x"]
    assert (len(text), coded, size) == (LONGEST, False, 3 * LONGEST)
    assert (len(base64.b64decode(other)), binary, length) == (LONGEST, True, 256 * 200)


def everything_red(cases: int) -> list[CaseRecord]:
    """A run of which every case fails, with messages that compress as badly as those of an endpoint may."""
    dice = random.Random(7)

    def message(size: int) -> bytes:
        return (
            b"<response>"
            + b"".join(b"<c>%016x</c>" % dice.getrandbits(64) for _ in range(size))
            + b"</response>"
        )

    return [
        case(f"wms/m{n % 70}/request/field{n}/too-long", "fail", FLAG | {"actual": f"{n}"},
             exchanges=[exchange(message(60), message(30))])
        for n in range(cases)
    ]  # fmt: skip


def test_a_run_in_which_everything_fails_stays_below_five_megabytes() -> None:
    events = everything_red(11_000)
    page = html.render(HEAD, events, ENDED)
    assert len(page.encode()) < 5_000_000
    shown = evidence(page)
    assert len(shown) > 1000
    assert events[0].id in shown


def words(start: str, file: str = "words.js") -> set[str]:
    (table,) = re.findall(
        rf"{re.escape(start)}\{{(.*?)\n\}}\)?;", (ASSETS / file).read_text("utf-8"), re.DOTALL
    )
    return set(re.findall(r'(?:^|[,{\n]) *"?([\w.-]+)"?: (?=\[)', table))


def test_every_word_of_the_page_is_there_in_both_languages_and_used() -> None:
    tables = {"words.js", "live-words.js"}
    text = "".join((ASSETS / name).read_text("utf-8") for name in sorted(tables))
    code = "".join(path.read_text("utf-8") for path in ASSETS.glob("*.js") if path.name not in tables)
    code += "".join((ASSETS / name).read_text("utf-8") for name in ("page.html", "live.html"))
    known = words("const WORDS = ") | words("Object.assign(WORDS, ", "live-words.js")
    assert set(re.findall(r'say\("([^"]+)"\)', code)) <= known
    used = set(re.findall(r'"([\w-]+)"', code))
    computed = {f"{status}Title" for status in ("blocked", "untested", "error", "unsupported", "waived")}
    assert known - used - computed - {*Status, *ROLES, *Evidence, *html.VERDICTS} == set()
    assert all(pair.count('", "') == 1 for pair in re.findall(r"\[(\"[^\]]*\")\]", text))


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_sign_and_a_colour(status: str) -> None:
    assert re.search(rf'\b{status}: "[^"]"', (ASSETS / "words.js").read_text("utf-8"))
    assert (ASSETS / "page.css").read_text("utf-8").count(f"--{status}:") >= 3


def test_every_family_of_the_suite_has_a_name() -> None:
    found = {case.family for path in bundled_files() for case in bundled_cases(path)}
    assert found - words("const FAMILIES = ") == set()


def test_sentences_have_their_chinese_twin() -> None:
    phrases = {"expected": say("refused").to_json()}
    told = case("wms/a/x", "fail", REFUSES | {"phrases": phrases})
    assert unpacked(html.render(HEAD, [told], ENDED))["said"] == {"the request is refused": "请求被拒绝"}


def test_what_the_other_side_said_is_never_translated() -> None:
    text = say("refused").text()
    phrases = {"expected": say("refused").to_json()}
    told = case("wms/a/x", "fail", REFUSES | {"actual": text, "phrases": phrases})
    assert unpacked(html.render(HEAD, [told], ENDED))["said"] == {}
