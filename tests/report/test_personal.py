"""What speaks of people is masked wherever it may stand, and nothing else is."""

import base64
import json
from pathlib import Path

import pytest

from pytest_qimen.phrases import say
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.merge import FORMS, load, write
from pytest_qimen.report.personal import NAMES, Mask, masked, masked_case
from pytest_qimen.spec import load_all
from tests.report.report_events import case, exchange, finding, write_events

BODIES = {  # a message and what is left of it
    "<a><name>张三丰</name><qty>3</qty></a>": "<a><name>***</name><qty>3</qty></a>",
    "<itemName>茶</itemName><shopName>店</shopName>": "<itemName>茶</itemName><shopName>店</shopName>",
    "<a><x:mobile a='1'>138</x:mobile></a>": "<a><x:mobile a='1'>***</x:mobile></a>",
    "<tel><![CDATA[0571<1>]]></tel>": "<tel>***</tel>",
    "<name>张<!-- x -->三</name>": "<name>***</name>",
    "<name>&#24352;&#19977;</name>": "<name>***</name>",
    "<name>\n  </name><name/><name></name>": "<name>\n  </name><name/><name></name>",
    "<detailAddress>文一西路": "<detailAddress>***",
    "<email>a@b.c</email><extendProps><name>k</name></extendProps><fax>1</fax>": (
        "<email>***</email><extendProps><name>k</name></extendProps><fax>***</fax>"
    ),
    "<address><city>杭</city><town>仓</town></address>": "<address><city>杭</city><town>***</town></address>",
    '{"name": "张\\"三", "qty": 3, "userId": 123}': '{"name": "***", "qty": 3, "userId": "***"}',
    "operator=%E5%BC%A0&qty=3": "operator=%2A%2A%2A&qty=3",
    "dto=%7B%22operator%22%3A%22RT%22%7D&a=b+c": "dto=%7B%22operator%22%3A%22%2A%2A%2A%22%7D&a=b+c",
    "not a message at all": "not a message at all",
}


@pytest.mark.parametrize("body", BODIES)
def test_bodies(body: str) -> None:
    assert Mask().body(body.encode()).decode() == BODIES[body]


@pytest.mark.parametrize("code", ["utf-16", "gbk"])
def test_other_encodings(code: str) -> None:
    body = "<a><name>张三丰</name><qty>3</qty></a>".encode(code)
    assert Mask().body(body).decode(code) == "<a><name>***</name><qty>3</qty></a>"


def test_bytes_that_are_no_text_stay() -> None:
    assert Mask().body(b"\xff\x00<name>\xff\xfe</name>\xc3") == b"\xff\x00<name>***</name>\xc3"


def test_a_text_that_repeats_a_value() -> None:
    mask = Mask()
    mask.body("<a><name>王小二</name><zipCode>310012</zipCode></a>".encode())
    assert mask.text("message=unknown 王小二 at 310012") == "message=unknown *** at ***"
    assert mask.text("order 3100124 <tel>0571") == "order 3100124 <tel>***"
    echo = "<m>no 王小二</m><extendProps><k>王小二</k></extendProps>"
    assert mask.body(echo.encode()).decode() == "<m>no ***</m><extendProps><k>王小二</k></extendProps>"


def test_what_a_field_of_a_person_holds() -> None:
    mask = Mask()
    assert mask.actual("deliveryOrder.receiverInfo.name", "李小龙") == "***"
    assert mask.actual("a.b[2].mobile", "60: '1381'") == "***"
    assert mask.actual("receiverInfo.name", say("nothing")) == say("nothing")
    assert mask.said(say("anything-but", value="李小龙")) == say("anything-but", value="李小龙")
    assert mask.actual("item.itemName", "茶杯") == "茶杯"


def test_every_name_is_one_of_the_documents_or_a_vendors() -> None:
    leaves = {row.name for api in load_all() for one in (api.request, api.response) for row in one.leaves}
    assert set(NAMES) - leaves == {"phone", "address"}
    told = ("Name", "Phone", "phone", "Mobile", "address", "Email", "ID document number")
    people = {
        row.name
        for api in load_all()
        for one in (api.request, api.response)
        for row in one.leaves
        if row.label and row.label.en.endswith(told) and not row.label.en.endswith("name")
    }
    assert people <= {*NAMES, "originAddress"}


PERSON = {
    "name": "欧阳测试",
    "mobile": "13912345678",
    "detailAddress": "解放路1234号",
    "idNumber": "33010619800101123X",
}
REQUEST = "<request>" + "".join(f"<{name}>{value}</{name}>" for name, value in PERSON.items()) + "</request>"
ANSWER = f"<response><flag>failure</flag><message>{PERSON['mobile']} unknown</message></response>"


def told_case() -> CaseRecord:
    found = finding({"check": "contract.is", "path": "receiverInfo.name", "expected": "x", "actual": "欧阳"})
    other = finding(
        {"check": "contract.accepts", "expected": "the request is accepted"}
        | {"actual": f"flag=failure message={PERSON['mobile']} unknown"}
    )
    exchanges = [exchange(ANSWER.encode(), REQUEST.encode())]
    return case(
        "wms/a/x", "fail", found, other, exchanges=exchanges, drawn=REQUEST, cause=f"of {PERSON['name']}"
    )


def test_no_form_shows_a_person(tmp_path: Path) -> None:
    record = masked(load([write_events(tmp_path / "run", [told_case()])]))
    out = tmp_path / "out"
    write(record, out)
    assert {path.name for path in out.iterdir()} == {name for name, _ in FORMS.values()}
    for path in out.iterdir():
        text = unpacked(path.read_text("utf-8"))
        for value in (*PERSON.values(), "欧阳"):
            assert value not in text, f"{value} is in {path.name}"
    assert (
        PERSON["name"]
        in base64.b64decode(
            json.loads((tmp_path / "run/events.jsonl").read_text("utf-8").splitlines()[1])["exchanges"][0][
                "request"
            ]["body"]
        ).decode()
    )


def unpacked(page: str) -> str:
    """The page with what it holds in letters of base64 made readable."""
    import re
    import zlib

    found = [page]
    for packed in re.findall(r"[A-Za-z0-9+/]{60,}={0,2}", page):
        try:
            found.append(zlib.decompress(base64.b64decode(packed)).decode())
        except (ValueError, zlib.error):
            continue
    return "\n".join(found)


def test_without_the_mask_they_are_there(tmp_path: Path) -> None:
    write(load([write_events(tmp_path / "run", [told_case()])]), tmp_path / "out")
    for name in ("report.html", "exchanges.har"):
        assert PERSON["mobile"] in unpacked((tmp_path / "out" / name).read_text("utf-8"))


def test_the_record_itself_is_not_changed() -> None:
    told = told_case()
    before = told.to_json()
    hidden = masked_case(told)
    assert told.to_json() == before
    assert (hidden.drawn, hidden.id) == ("", told.id)
