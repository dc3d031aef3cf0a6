"""The `qimen` command: what it prints, how it ends, and one line for everything that cannot be meant."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.files import METHOD, write

from pytest_qimen import samples, spec, xml
from pytest_qimen.__main__ import main
from pytest_qimen.reference.faults import FAULTS
from pytest_qimen.reference.serve import SECRET
from pytest_qimen.reference.variants import VARIANTS
from pytest_qimen.signing import sign

Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, *args: str) -> tuple[int, str, str]:
    status = main(args)
    out, err = capsys.readouterr()
    return status, out, err


def test_list(capsys: Captured) -> None:
    status, out, err = run(capsys, "list", "*.heartbeat")
    assert (status, err) == (0, "")
    head, line, total = out.splitlines()
    assert head == "method                                         request  answer  rules  cases  title"
    assert re.fullmatch(r"wms/service\.heartbeat {26} +1 +3 +0 +\d+  服务心跳检测", line)
    assert re.fullmatch(r"1 methods +1 +3 +0 +\d+", total)


def test_list_everything(capsys: Captured) -> None:
    status, out, _ = run(capsys, "list")
    lines = out.splitlines()
    assert status == 0
    assert [line.split()[0] for line in lines[1:-1]] == list(spec.methods())
    for column in (1, 2, 3, 4):
        assert int(lines[-1].split()[column + 1]) == sum(int(line.split()[column]) for line in lines[1:-1])


def test_list_takes_roles(capsys: Captured) -> None:
    _, out, _ = run(capsys, "list", "wdk/*")
    assert out.splitlines()[-1].startswith("2 methods")


def test_generate_check(capsys: Captured) -> None:
    assert run(capsys, "generate", "--check")[0] == 0


def test_sign(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_SECRET", "s3cret")
    body = tmp_path / "body.xml"
    body.write_bytes("<request>测</request>".encode())
    params = {"method": "order.cancel", "timestamp": "2026-05-01 10:00:00", "x": "a=b"}
    words = [f"{name}={value}" for name, value in params.items()]
    assert run(capsys, "sign", *words, "--body", str(body)) == (
        0,
        sign(params, body.read_bytes(), "s3cret") + "\n",
        "",
    )
    for method in ("md5", "hmac", "hmac-sha256"):
        status, out, _ = run(capsys, "sign", *words, "--method", method)
        assert (status, out.strip()) == (0, sign(params, None, "s3cret", method))


def test_check(capsys: Captured, tmp_path: Path) -> None:
    root = samples.minimal(spec.load_api("order.cancel").request)
    good = tmp_path / "order.cancel.xml"
    good.write_bytes(xml.write(root))
    assert run(capsys, "check", str(good)) == (0, f"{good}: wms/order.cancel request: ok\n", "")
    xml.drop(root, "orderCode")
    good.write_bytes(xml.write(root))
    status, out, _ = run(capsys, "check", str(good), "--method", "order.cancel")
    assert status == 1
    assert out.startswith(f"{good}: wms/order.cancel request: 1 fault\n  need orderCode: ")


def test_replay(capsys: Captured) -> None:
    status, out, err = run(capsys, "replay", "wms/service.heartbeat/request/minimal")
    assert (status, err) == (0, "")
    assert out.startswith("PASS  wms/service.heartbeat/request/minimal  (must)\n")


@pytest.mark.parametrize(("option", "table"), [("--list-faults", FAULTS), ("--list-variants", VARIANTS)])
def test_lists_of_the_endpoint(option: str, table: dict[str, object], capsys: Captured) -> None:
    status, out, _ = run(capsys, "serve", option)
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(table)
    assert all(len(line.split()) > 1 for line in out.splitlines())


USAGE = {
    ("list", "order.cancle"): "list: no method matches 'order.cancle'",
    ("sign", "a=1"): "sign: the environment has no QIMEN_SECRET",
    ("replay", "wms/order.cancle/x"): "no case file for 'wms/order.cancle/x'",
    ("replay", "wms/order.cancel/request/minimal", "--target", "gone.toml"): (
        "gone.toml: file: No such file or directory"
    ),
    ("replay", "wms/order.cancel/request/minimal", "--report", "gone"): (
        "--report: gone holds no events.jsonl"
    ),
    ("serve", "--state", "gone/x.db"): "state file gone/x.db: unable to open database file",
    ("serve", "--fault", "no-such-fault"): "unknown fault 'no-such-fault'; did you mean ",
    ("serve", "--variant", "crl"): "unknown variant 'crl'; did you mean crlf",
    ("explain", "wms/order.cancle/x"): "no case file for 'wms/order.cancle/x'",
    ("report", "gone"): "gone: ",
    (
        "init-target",
        "gone/target.toml",
    ): "init-target: [Errno 2] No such file or directory: 'gone/target.toml'",
}


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_bad_input_is_one_line(
    args: tuple[str, ...], capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("QIMEN_SECRET", raising=False)
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *args)
    assert (status, out) == (2, "")
    assert err.startswith(f"qimen: {USAGE[args]}")
    assert err.count("\n") == 1
    assert err.endswith("\n")


def test_bad_pairs_and_bodies(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_SECRET", "s3cret")
    assert run(capsys, "sign", "a=1", "b") == (2, "", "qimen: sign: expected NAME=VALUE, got 'b'\n")
    status, _, err = run(capsys, "sign", "a=1", "--body", "gone.xml")
    assert (status, err) == (2, "qimen: sign: [Errno 2] No such file or directory: 'gone.xml'\n")


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("frobnicate",),
        ("serve", "--port", "x"),
        ("serve", "--port", "65536"),
        ("sign", "--method", "sha1", "a=1"),
    ],
)
def test_what_argparse_refuses(args: tuple[str, ...], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main(args)
    assert caught.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("qimen")


def test_a_port_that_is_taken(capsys: Captured) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, out, err = run(capsys, "serve", "--port", str(port))
    assert (status, out) == (2, "")
    assert err.startswith(f"qimen: port {port}: ")
    assert err.count("\n") == 1


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "pytest_qimen", *args]


def test_serve_until_interrupted(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    environment = os.environ | {"QIMEN_APP_KEY": "testerp_appkey", "QIMEN_SECRET": SECRET}
    serving = subprocess.Popen(
        command("serve", "--state", str(state)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert serving.stdout
    line = serving.stdout.readline()
    keys = "app_key=testerp_appkey customerId=stub-cust-code"
    found = re.fullmatch(rf"(http://127\.0\.0\.1:\d+/qimen)  {keys}; Ctrl-C ends it\n", line)
    assert found
    replayed = subprocess.run(
        command("replay", "wms/service.heartbeat/request/minimal", "--url", found[1]),
        capture_output=True,
        text=True,
        env=environment | {"QIMEN_CUSTOMER_ID": "stub-cust-code"},
    )
    serving.send_signal(signal.SIGINT)
    out, err = serving.communicate(timeout=20)
    assert (serving.returncode, out, err) == (0, "", "")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert state.exists()
    assert SECRET not in line


def test_a_reader_that_goes_away_is_no_error() -> None:
    listing = subprocess.Popen(command("list"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert listing.stdout
    assert listing.stderr
    listing.stdout.close()
    with listing:
        told = listing.stderr.read()
    assert (listing.returncode, told) == (0, "")


def test_generate_mends_what_is_stale_and_check_says_so(tmp_path: Path) -> None:
    """On a copy of the data, so that the project's own files stay as they are."""
    from pytest_qimen import generate

    api = spec.load(write(tmp_path, "cases/wms/thing.create.toml", METHOD))
    folder = tmp_path / "xsd"
    assert generate.generate(True, [api], folder) == ["wms/thing.create.xsd: is missing"]
    assert generate.generate(False, [api], folder) == ["wms/thing.create.xsd: is missing"]
    assert generate.generate(True, [api], folder) == []
