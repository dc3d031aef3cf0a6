"""junit.xml of a run that pytest did not report: well-formed whatever came, with counts that fit."""

from pathlib import Path
from xml.etree import ElementTree

from pytest_qimen.report import junit_file
from pytest_qimen.report.merge import RecordedRun
from tests.report.report_events import ENDED, FLAG, HEAD, case, finding


def test_what_came_stays_within_its_attribute(tmp_path: Path) -> None:
    text = "\x00\x1b]]>\"'<&"
    cases = (
        case("callers/a/b/wms/x", "fail", finding({**FLAG, "actual": text})),
        case("callers/sent/wms/y", "untested"),
        case("callers/sent/wms/z", "unsupported"),
        case("callers/judged", "error"),
        case("callers/c/d/wms/x", "warn", finding(FLAG, "should")),
        case("callers/e/f/wms/x"),
    )
    junit_file.save(RecordedRun(HEAD, cases, ENDED), tmp_path / "junit.xml")
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()[0]
    counts = [suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["6", "1", "1", "2"]
    (failure,) = suite.iter("failure")
    assert "<U+0000><U+001B>]]>\"'<&" in (failure.text or "")
