"""Names of later editions at the command line: told from unknown ones, and red nowhere."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.calls.call import Call
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.judging import judge
from pytest_qimen.commands.check import check, check_main
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import samples
from pytest_qimen.report.explain import about
from pytest_qimen.verdict import Finding, Level
from tests.support.heard import CALLER, heard_message

EXCEPTION = spec.load_api("erp/orderexception.report")
ORDER = spec.load_api("wms/deliveryorder.create")


def order(*names: str) -> xml.Element:
    root = samples.minimal(ORDER.request)
    for name in names:
        xml.append(xml.find(root, "deliveryOrder.receiverInfo")[0], name).text = "x"
    return root


def heard(api: spec.Api, root: xml.Element, method: str = "") -> list[Finding]:
    journal = Journal()
    try:
        call = heard_message(api, root)
        if method:
            call = replace(call, target=call.target.replace(api.method, method))
        return [one for one in judge(Call(call), CALLER, journal) if not one.check.endswith(".sign")]
    finally:
        journal.close()


def test_an_element_of_a_message() -> None:
    report = check("a.xml", xml.write(order("oaid", "mobille")), [ORDER])
    assert not report.faults
    later, misspelt = (note[0] for note in report.notes)
    assert "deliveryOrder.receiverInfo.oaid: an element of a later edition (Mark of" in later
    assert "后续版本的元素（收件人密文标识" in later
    assert "deliveryOrder.receiverInfo.mobille: the documents have no such element here" in misspelt
    assert "did you mean mobile?" in misspelt


def test_an_element_of_a_call() -> None:
    later, misspelt = (one for one in heard(ORDER, order("oaid", "mobille")) if one.check.endswith("unknown"))
    assert later.level is misspelt.level is Level.MAY
    assert str(later.actual).startswith("an element of a later edition")
    assert (str(misspelt.expected), misspelt.actual) == (
        "an element of the documents; the nearest is mobile",
        "mobille",
    )


@pytest.mark.parametrize(("method", "level"), [("order.callback", Level.MAY), ("order.callbak", Level.MUST)])
def test_a_method_of_a_call(method: str, level: Level) -> None:
    found = [one for one in heard(ORDER, order(), method) if one.check == "caller.call.method"]
    assert [one.level for one in found] == [level]
    assert ("later edition" in str(found[0].actual)) is (level is Level.MAY)


@pytest.mark.parametrize(
    ("name", "method"),
    [("receiverinfo.query-1.xml", None), ("receiverinfo.query/1.xml", None), ("a.xml", "receiverinfo.query")],
)
def test_a_message_of_a_later_method(tmp_path: Path, name: str, method: str | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"<request><oaid>x</oaid></request>")
    out = io.StringIO()
    assert check_main([str(path)], method, out) == 0
    assert out.getvalue().startswith(f"{path}: method of a later edition: not checked\n  note: receiverinfo.")
    path.write_bytes(b"<request>")
    assert check_main([str(path)], method, out) == 1


@pytest.mark.parametrize("rule", ["need", "length"])
def test_where_a_later_edition_is_milder(rule: str) -> None:
    root = samples.minimal(EXCEPTION.request)
    if rule == "need":
        xml.drop(root, "orderType")
    else:
        xml.put(root, "messageDesc", "x" * 51)
    words = {"need": "a later edition makes orderType optional", "length": "a later edition allows 500"}[rule]
    (found,) = (one for one in heard(EXCEPTION, root) if one.level is Level.MUST)
    assert words in str(found.expected)
    (block,) = check("a.xml", xml.write(root), [EXCEPTION]).faults
    assert any(line.startswith(words) and " / 后续版本" in line for line in block)
    path = {"need": "orderType/absent", "length": "messageDesc/too-long"}[rule]
    assert any(words in line for line in about(f"{EXCEPTION.name}/request/{path}"))


def test_explain_a_method() -> None:
    assert "是后续版本的接口" in next(about("order.callback"))
    with pytest.raises(UsageError, match=r"order\.callback is a method of a later edition"):
        list(about("wms/order.callback/request/minimal"))
    assert not any(
        "later edition" in line for line in about("erp/orderexception.report/request/remark/empty")
    )
