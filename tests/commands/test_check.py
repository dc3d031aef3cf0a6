"""`qimen check`: which method a message belongs to, what it says about each fault, and how it ends."""

import io
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.commands.check import LIMIT, check_main
from pytest_qimen.messages import samples

SCRIPT = """
import resource, sys, time
from pytest_qimen.commands.check import check_main
start = time.monotonic()
status = check_main(sys.argv[2:], sys.argv[1] or None, sys.stdout)
print(time.monotonic() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
sys.exit(status)
"""
ANSWER = b"<response><flag>success</flag><code>0</code><message>ok</message>%s</response>"


def run(*files: Path | str, method: str | None = None) -> tuple[int, str]:
    out = io.StringIO()
    status = check_main([str(file) for file in files], method, out)
    return status, out.getvalue()


def example(method: str, change: Callable[[xml.Element], object] = lambda root: None) -> bytes:
    root = samples.full(spec.load_api(method).request)
    change(root)
    return xml.write(root)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """A message file below the test's folder."""

    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write


Write = Callable[[str, bytes], Path]


def test_every_fault_is_explained(write: Write) -> None:
    def change(root: xml.Element) -> None:
        xml.drop(root, "deliveryOrder.shopNick")
        xml.drop(root, "deliveryOrder.invoices.invoice[].header")
        xml.put(root, "deliveryOrder.payNo", "X" * 51)
        xml.put(root, "deliveryOrder.totalAmount", "1.23")
        xml.put(root, "deliveryOrder.colour", "red")

    path = write("deliveryorder.create-1.xml", example("deliveryorder.create", change))
    status, text = run(path)
    assert status == 1
    assert text == textwrap.dedent(f"""\
        {path}: wms/deliveryorder.create request: 3 faults
          must need deliveryOrder.shopNick: expected an element with a value, got nothing
              应为 有值的元素，实际为 没有
              店铺名称 / Shop name
              clause: 003 taobao.qimen.deliveryorder.create, request deliveryOrder.shopNick
              xmlschema: The content of element 'deliveryOrder' is not complete. Tag 'shopNick' expected.
          must length deliveryOrder.payNo: expected at most 50 characters, got 51: '{"X" * 51}'
              应为 最多 50 个字符，实际为 51: '{"X" * 51}'
              支付平台交易号 / Payment transaction number
              clause: 003 taobao.qimen.deliveryorder.create, request deliveryOrder.payNo
              xmlschema: value length cannot be greater than 50
          should rule deliveryOrder.invoices.invoice.header: expected a value, because deliveryOrder.invoiceFlag is Y, got nothing
              应为 有值（条件：deliveryOrder.invoiceFlag 为 Y），实际为 没有
              需要发票时必须给出发票抬头 / An order that wants an invoice gives its header
              clause: 003 taobao.qimen.deliveryorder.create, rule invoice-has-header
          note: may rule deliveryOrder.totalAmount: expected 208.00 (arAmount + gotAmount), got 1.23
              应为 208.00（arAmount + gotAmount），实际为 1.23
              订单总金额等于应收加已收 / The total is what is due plus what is paid
              clause: 003 taobao.qimen.deliveryorder.create, rule total-is-due-plus-paid
          note: may rule deliveryOrder.totalAmount: expected 208.00 (itemAmount + freight - discountAmount), got 1.23
              应为 208.00（itemAmount + freight - discountAmount），实际为 1.23
              订单总金额等于商品金额减折扣加运费 / The total is the items less the discount plus the freight
              clause: 003 taobao.qimen.deliveryorder.create, rule total-is-items-less-discount-plus-freight
          note: deliveryOrder.colour: the documents have no such element here
        """)  # noqa: E501


@pytest.mark.parametrize("name", spec.methods())
def test_methods_are_known_by_name(name: str, write: Write) -> None:
    api = spec.load_api(name)
    for direction, root in (
        ("request", samples.full(api.request)),
        ("response", samples.full(api.response, api.root)),
    ):
        status, text = run(write(f"{api.role}/{api.method}/{direction}.xml", xml.write(root)))
        assert (status, text.partition(".xml: ")[2]) == (0, f"{name} {direction}: ok\n")


@pytest.mark.parametrize(
    "name",
    [
        "entryorder.create.xml",
        "Entryorder.Create_2.xml",
        "taobao.qimen.entryorder.create.failure.xml",
        "wms/entryorder.create/1.xml",
        "entryorder.create/old/1.xml",
        "1.xml",  # by its fields alone
    ],
)
def test_where_the_method_comes_from(name: str, write: Write) -> None:
    status, text = run(write(name, example("entryorder.create")))
    assert status == 0
    assert text.endswith(": wms/entryorder.create request: ok\n")


def test_two_methods_of_one_name_are_told_apart_by_their_fields(write: Write) -> None:
    name = "taobao.qimen.storeinventory.itemupdate"
    for method in (name, "storeinventory.itemupdate"):
        status, text = run(write(f"{name}.xml", example(f"store/{method}")))
        assert status == 0
        assert text.endswith(f": store/{method} request: ok\n")


def test_a_message_that_fits_many_methods(write: Write) -> None:
    path = write("1.xml", ANSWER % b"")
    status, text = run(path)
    assert status == 2
    assert text.startswith(f"error: {path}: fits ")
    assert "methods equally well, name one with --method: wms/" in text
    assert "wms/order.cancel (response), " in text
    assert run(path, method="order.cancel") == (0, f"{path}: wms/order.cancel response: ok\n")


def test_a_faulty_message_is_known_by_most_of_its_fields(write: Write) -> None:
    def change(root: xml.Element) -> None:
        xml.drop(root, "entryOrder.warehouseCode")
        xml.put(root, "entryOrder.unheardOf", "1")
        root.tag = "Request"

    status, text = run(write("1.xml", example("entryorder.create", change)))
    assert status == 1
    assert "wms/entryorder.create request: 2 faults\n  must root is `Request`, expected `request`\n" in text
    assert "need entryOrder.warehouseCode: " in text


USAGE = {
    "no.such.file.xml": "no such file or folder",
    "": "name a message file, a folder, or - for standard input",
    "empty": "no *.xml file in this folder",
    "strange.xml": "fits no method: name it with --method",
}


@pytest.mark.parametrize(("name", "reason"), USAGE.items())
def test_usage(name: str, reason: str, tmp_path: Path, write: Write) -> None:
    (tmp_path / "empty").mkdir()
    write("strange.xml", b"<html><body/></html>")
    status, text = run(*([tmp_path / name] if name else []))
    assert status == 2
    assert text.startswith("error: ")
    assert reason in text
    assert text.count("\n") == 1


def test_unknown_method(write: Write) -> None:
    status, text = run(write("1.xml", b"<request/>"), method="entryorder.creat")
    assert status == 2
    assert text.startswith("error: unknown method 'entryorder.creat'; did you mean entryorder.create")


def test_the_worst_of_a_folder_counts_and_all_are_judged(tmp_path: Path, write: Write) -> None:
    write("in/entryorder.create.xml", example("entryorder.create"))
    write("in/deep/entryorder.query.xml", b"<request/>")
    write("in/notes.txt", b"no message")
    status, text = run(tmp_path / "in")
    assert status == 1
    assert text.count("entryorder.") == 2 * 2 + text.count("clause: 003 taobao.qimen.entryorder.query")
    assert run(tmp_path / "in", tmp_path / "gone")[0] == 2


NOT_A_MESSAGE = {
    b"": "Document is empty",
    b"<request><a></request>": "line 1",
    b"flag=success": "Start tag expected",
    b'<!DOCTYPE r [<!ENTITY e "x">]><request>&e;</request>': "DOCTYPE",
    b'<?xml version="1.0" encoding="utf-8"?><request>\xb1\xb1</request>': "line 1",
}


@pytest.mark.parametrize(("data", "reason"), NOT_A_MESSAGE.items())
def test_what_is_no_message(data: bytes, reason: str, write: Write) -> None:
    status, text = run(write("order.cancel.xml", data))
    assert status == 1
    assert "wms/order.cancel: 1 fault\n  must: no message: " in text
    assert reason in text


ENCODINGS = {
    "utf-8-sig": "  note: starts with a byte order mark: legal XML, but the official client cannot read it\n",
    "gbk": "  note: is encoded in GBK: Qimen messages are UTF-8\n",
    "utf-16": "  note: is encoded in UTF-16: Qimen messages are UTF-8\n",
}


@pytest.mark.parametrize(("encoding", "note"), ENCODINGS.items())
def test_encodings(encoding: str, note: str, write: Write) -> None:
    text = xml.write(samples.full(spec.load_api("order.cancel").request)).decode()
    declared = text.replace("utf-8", encoding.removesuffix("-sig").upper(), 1)
    path = write("order.cancel.xml", declared.encode(encoding))
    assert run(path) == (0, f"{path}: wms/order.cancel request: ok\n{note}")


def test_the_gateways_own_error(write: Write) -> None:
    path = write(
        "alibaba.wdk.stock.publish.xml", b"<error_response><code>50</code><msg>no</msg></error_response>"
    )
    status, text = run(path)
    assert status == 0
    assert "note: is the gateway's error answer" in text


def test_long_lists_of_faults_are_cut(write: Write) -> None:
    def change(root: xml.Element) -> None:
        xml.repeat(root, "orderLines.orderLine[]", 60)
        xml.put(root, "orderLines.orderLine[].itemCode", "x" * 51)

    status, text = run(write("entryorder.create.xml", example("entryorder.create", change)))
    assert status == 1
    assert ": 60 faults\n" in text
    assert text.endswith("  … and 10 more\n")


def standard_input(data: bytes, *arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], input=data, capture_output=True)
    return done.returncode, done.stdout.decode().splitlines()


def test_standard_input() -> None:
    status, lines = standard_input(example("order.cancel"), "", "-")
    assert (status, lines[0]) == (0, "standard input: wms/order.cancel request: ok")


@pytest.mark.parametrize("source", ["file", "standard input"])
def test_fifty_megabytes(source: str, write: Write) -> None:
    data = b"<request>" + b"<orderCode>1</orderCode>" * 2_100_000 + b"</request>"
    assert len(data) > 50_000_000
    if source == "file":
        status, lines = standard_input(b"", "", str(write("order.cancel.xml", data)))
    else:
        status, lines = standard_input(data, "", "-")
    assert status == 1
    assert lines[1] == "  too large: more than 16 MB, no Qimen message is"
    seconds, megabytes = map(float, lines[2].split())
    assert seconds < 2
    assert megabytes < 500


def test_the_limit_itself(write: Write) -> None:
    data = example("entryorder.create")
    padding = LIMIT - len(data) - 2 * len("<!---->")
    for extra, status in ((0, 0), (1, 1)):
        comments = b"<!--%s--><!--%s-->" % (b"x" * 8_000_000, b"x" * (padding - 8_000_000 + extra))
        assert run(write("entryorder.create.xml", data + comments))[0] == status
