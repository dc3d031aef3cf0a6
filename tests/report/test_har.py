"""HAR 1.2: what its readers need is there, what is secret is not."""

import base64
import json
from datetime import datetime

from pytest_qimen.report.har import har
from tests.report.report_events import HEAD, broken_run, case, exchange


def test_entries_and_pages_belong_together() -> None:
    log = har(HEAD, broken_run())["log"]
    assert log["version"] == "1.2"
    assert [page["id"] for page in log["pages"]] == [entry["pageref"] for entry in log["entries"]]
    for entry in log["entries"]:
        assert datetime.fromisoformat(entry["startedDateTime"]).utcoffset() is not None
        assert entry["time"] == entry["timings"]["wait"] == 250.0
        assert {"request", "response", "cache", "timings"} <= set(entry)


def test_bodies() -> None:
    first, second = har(HEAD, broken_run())["log"]["entries"]
    assert first["request"]["postData"]["text"] == "<request><a>1</a></request>"
    assert first["response"]["content"]["text"].startswith("<response>")
    assert "encoding" not in first["response"]["content"]
    content = second["response"]["content"]
    assert (content["encoding"], base64.b64decode(content["text"])) == ("base64", b"\xff\xfe\x00")


def test_a_binary_request_and_no_answer() -> None:
    none = exchange(b"", b"\xff", status=None, headers=[], error="timeout: 30 s")
    (entry,) = har(HEAD, [case("wms/a/x", "error", cause="timeout", exchanges=[none])])["log"]["entries"]
    assert entry["request"]["postData"]["text"] == "/w=="
    assert entry["request"]["postData"]["comment"].startswith("base64")
    assert (entry["response"]["status"], entry["response"]["comment"]) == (0, "timeout: 30 s")


def test_secrets_are_masked() -> None:
    loose = exchange(b"", headers=[["Set-Cookie", "s3cret"]])
    loose["request"] |= {
        "url": "http://wms.example/qimen?sign=S3CRET&session=s3cret&v=2.0",
        "headers": [["Authorization", "s3cret"], ["X", "1"]],
        "params": [["sign", "S3CRET"]],
    }
    text = json.dumps(har(HEAD, [case("wms/a/x", "fail", exchanges=[loose])]))
    assert "s3cret" not in text.lower()
    assert "sign=***&session=***&v=2.0" in text
