"""`qimen replay` with the report of an earlier run."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.cases import Case, Step, find_case, load_cases
from pytest_qimen.errors import UsageError
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.events import case_record
from pytest_qimen.runner import run_case
from pytest_qimen.target.model import load_target, with_options
from pytest_qimen.verdict import Status
from pytest_qimen.wire.signature import sign
from tests.commands.replays import CASE, recorded, run, run_of, saved
from tests.support.files import FLOW, METHOD, write
from tests.support.servers import endpoint, response

pytestmark = pytest.mark.usefixtures("keys")


def test_raw_sends_what_was_sent_with_a_signature_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with endpoint(lambda request: response("success")) as server:
        report = run_of(tmp_path, CASE, server.url)
        before = server.requests[-1]
        monkeypatch.setenv("QIMEN_SECRET", "another<&>")
        status, told = run(report=report, raw=True)
        after = server.requests[-1]
        again, _ = run(report=report)
        anew = server.requests[-1]
    assert (status, told[-1]) == (1, "still failing: was warn, is warn")
    assert (after.verb, after.body, after.headers) == (before.verb, before.body, before.headers)
    params = {name: value for name, value in before.params.items() if name != "sign"}
    assert after.params == params | {"sign": sign(params, before.body, "another<&>")}
    assert re.sub("sign=[^&]*", "", after.target) == re.sub("sign=[^&]*", "", before.target)
    assert again == 1
    assert anew.body != before.body  # without raw the keys are new
    assert anew.params["timestamp"] >= before.params["timestamp"]


FAULTS = {  # a case of each kind, and the fault that it finds
    "wms/shop.synchronize/request/shop.shopName/too-long": "length-not-checked",
    "wdk/alibaba.wdk.sku.scroll.query/request/sku_codes/over-limit": "sku-codes-21-accepted",
    "wdk/alibaba.wdk.stock.publish/request/batch_stock_publish_dto.bill_no/too-long": "bill-no-51-accepted",
    "protocol/signature/wms/wrong": "signature-unchecked",
    "protocol/signature/wms/lower-case": "signature-lower-case-accepted",
    "protocol/signature/wms/other-secret": "signature-unchecked",
    "protocol/signature/wms/missing": "signature-unchecked",
    "protocol/delivery/wms/chunked": "chunked-refused",
    "protocol/delivery/wms/expect-continue": "expect-refused",
    "protocol/delivery/wms/packets": "first-packet-only",
    "protocol/delivery/wdk/http-1-0": "http-1.0-refused",
    "protocol/delivery/wdk/many-connections": "closed-connections-leak",
    "protocol/delivery/wdk/mixed-blanks": "blanks-in-one-way-only",
    "protocol/delivery/wms/small-percent": "small-percent-not-decoded",
    "protocol/delivery/wms/unused-namespaces": "namespaces-refused",
    "flows/batches/items-good-ones-done": "batch-drops-the-good",
    "flows/effects/entry-cancelled-by-code": "cancel-does-nothing",
}


@pytest.mark.parametrize("raw", [False, True], ids=["anew", "raw"])
@pytest.mark.parametrize(("identity", "fault"), FAULTS.items())
def test_fixed_and_still_failing(identity: str, fault: str, raw: bool, tmp_path: Path) -> None:
    with serve(faults=[fault]) as broken, serve() as mended:
        report = run_of(tmp_path, identity, broken)
        (_, event) = map(json.loads, (report / "events.jsonl").read_text("utf-8").splitlines())
        again, told = run(identity, report=report, raw=raw)
        assert (again, told[-1]) == (1, f"still failing: was {event['status']}, is {event['status']}")
        fixed, told = run(identity, report=report, raw=raw, url=mended)
    assert fixed == 0
    assert re.fullmatch(f"fixed: was {event['status']}, is (pass|info)", told[-1])


NOT_RAW = {
    "protocol/signature/wms/tampered-body": (
        "signature-unchecked",
        "--raw: protocol/signature/wms/tampered-body changes what was signed: replay it without --raw",
    ),
    "wms/shop.synchronize/request/minimal": (
        "",
        "--raw: the run kept no requests of wms/shop.synchronize/request/minimal: replay it without --raw",
    ),
}


@pytest.mark.parametrize("identity", NOT_RAW)
def test_what_cannot_be_sent_again(identity: str, tmp_path: Path) -> None:
    fault, words = NOT_RAW[identity]
    with serve(faults=[fault] if fault else []) as url:
        report = run_of(tmp_path, identity, url)
        with pytest.raises(UsageError) as caught:
            run(identity, report=report, raw=True)
    assert str(caught.value) == words


def test_raw_needs_every_request(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        report = run_of(tmp_path, CASE, url)
        head, event = map(json.loads, (report / "events.jsonl").read_text("utf-8").splitlines())
        saved(tmp_path, event | {"requests": 25}, **head)
        with pytest.raises(UsageError, match=r"--raw: the run kept only \d of 25 requests of wms/shop"):
            run(report=report, raw=True)


def drawn(identity: str, message: str, expect: str) -> Case:
    """The property as it ends when this message shows a defect."""
    case = find_case(identity)
    return replace(case, steps=(Step(case.apis[0], message=message, expect=expect),))


PROPERTY = "wms/shop.synchronize/property/illegal-refused"


ILLEGAL = (
    "<request><actionType>add</actionType><shop><ownerCode>@new</ownerCode><warehouseCode>W</warehouseCode>"
    f"<shopCode>@new</shopCode><shopName>{'x' * 300}</shopName></shop></request>"
)


@pytest.mark.parametrize("raw", [False, True], ids=["anew", "raw"])
def test_a_drawn_message_is_sent_again(raw: bool, tmp_path: Path) -> None:
    case = drawn(PROPERTY, ILLEGAL, "failure")
    with serve(faults=["length-not-checked"]) as broken, serve() as mended:
        outcome = run_case(case, with_options(load_target(None), url=broken))
        report = saved(tmp_path, case_record(replace(outcome, drawn=3)).to_json(), url=broken)
        again, told = run(PROPERTY, report=report, raw=raw)
        assert (again, told[-1]) == (1, "still failing: was fail, is fail")
        assert "x" * 300 in "\n".join(told)
        fixed, told = run(PROPERTY, report=report, raw=raw, url=mended)
        assert (fixed, told[-1]) == (0, "fixed: was fail, is pass")


def test_a_drawn_message_that_was_not_kept_or_was_changed(tmp_path: Path) -> None:
    with serve() as url:
        with pytest.raises(UsageError, match="draws its messages; the run kept none of them"):
            run(PROPERTY, report=recorded(tmp_path, "pass", PROPERTY), url=url)
        event = json.loads((tmp_path / "events.jsonl").read_text("utf-8").splitlines()[2])
        with pytest.raises(UsageError, match=f"--report: the recorded message of {PROPERTY} cannot be read"):
            run(PROPERTY, report=saved(tmp_path, event | {"drawn": "steps = [1]"}), url=url)


def test_a_case_file_is_run_whole(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    file = tmp_path / "flows" / "first.toml"
    file.write_text(FLOW, "utf-8")
    status, told = run(str(file))
    assert (status, told) == (0, ["PASS  flows/first/create-and-cancel", "1 pass"])
    with serve(faults=["method-refused"]) as url:
        mine = load_cases(file)[0]
        run_of(tmp_path, mine.id, url, mine)
        status, told = run(str(file), report=tmp_path)
        assert (status, told[-2:]) == (2, ["unchanged: was blocked, is blocked", "1 blocked"])


def test_a_method_of_ones_own_is_replayed_from_its_file(tmp_path: Path) -> None:
    file = write(tmp_path, "wms/thing.create.toml", METHOD)
    with endpoint(lambda request: response()) as server:
        status, told = run(str(file), url=server.url)
    assert status == 1
    assert "PASS  wms/thing.create/request/minimal" in told
    assert "FAIL  wms/thing.create/request/thing.thingCode/absent  (must)" in told
    assert re.fullmatch(r"\d+ blocked, \d+ fail, \d+ info, \d+ pass, \d+ warn", told[-1])
    assert not any("/property/" in line for line in told)


def swap(*place: Any, value: Any) -> Callable[[Any], None]:
    def act(found: Any) -> None:
        for key in place[:-1]:
            found = found[key]
        found[place[-1]] = value

    return act


STRANGE = {
    "another verb": (swap("http_method", value="GET"), "verb"),
    "a verb of several lines": (swap("http_method", value="GET / HTTP/1.1\r\nX: a\r\n\r\nPOST"), "verb"),
    "another header": (swap("headers", value=[["Cookie", "a=b"]]), "headers"),
    "a header of two lines": (swap("headers", 0, 1, value="text/xml\r\nX-Evil: 1"), "headers"),
    "another method": (swap("params", 0, value=["method", "order.cancel"]), "method"),
    "two methods": (swap("params", 1, value=["method", "order.cancel"]), "method"),
    "no method": (swap("params", value=[]), "method"),
    "another method in the URL": (swap("url", value="?method=order.cancel"), "method"),
    "another place": (swap("url", value="http://wms.example/qimen"), "recorded request went elsewhere"),
}


@pytest.mark.parametrize(("act", "words"), STRANGE.values(), ids=list(STRANGE))
def test_a_request_that_is_not_the_case_s_is_not_signed(
    act: Callable[[Any], None], words: str, tmp_path: Path
) -> None:
    with serve() as url:
        outcome = run_case(find_case(CASE), with_options(load_target(None), url=url))
        event = case_record(replace(outcome, status=Status.FAIL)).to_json()
        request = event["exchanges"][0]["request"]
        act(request)
        if request["url"].startswith("?"):
            request["url"] = url + request["url"]
    with endpoint(lambda request: response()) as server:
        status, told = run(CASE, report=saved(tmp_path, event, url=url), raw=True, url=server.url)
        assert status == 2
        assert re.search(f"--raw: .*{words}", "\n".join(told))
        assert CASE.split("/")[1] not in [one.method for one in server.requests]


def test_a_drawn_message_calls_the_method_of_its_case_only(tmp_path: Path) -> None:
    message = drawn("wms/order.cancel/property/legal-accepted", "<request/>", "success")
    with serve() as url:
        outcome = run_case(message, with_options(load_target(None), url=url))
        event = case_record(replace(outcome, status=Status.FAIL, drawn=3)).to_json() | {"id": PROPERTY}
        with pytest.raises(UsageError, match=r"calls order\.cancel; the case never does"):
            run(PROPERTY, report=saved(tmp_path, event, url=url), url=url)
