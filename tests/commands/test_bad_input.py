"""Bad input is one line that names the file; `qimen serve` ends well."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.__main__ import main
from pytest_qimen.reference.serve import SECRET
from tests.commands.console_runs import START, Captured, run
from tests.support.files import METHOD, write

USAGE = {
    ("list", "order.cancle"): "list: no method matches 'order.cancle'",
    ("sign", "a=1"): "sign: the environment has no QIMEN_SECRET",
    ("replay", "wms/order.cancle/x"): "no case file for 'wms/order.cancle/x'",
    ("replay", "wms/order.cancel/request/minimal", "--target", "gone.toml"): (
        "gone.toml: file: no such file or folder"
    ),
    ("replay", "wms/order.cancel/request/minimal", "--report", "gone"): (
        "--report: gone holds no events.jsonl"
    ),
    ("serve", "--state", "gone/x.db"): "state file gone/x.db: unable to open database file",
    ("serve", "--host", "192.0.2.1"): "host 192.0.2.1: not an address of this machine; 0.0.0.0 means all",
    ("serve", "--tls", "gone.pem", "key.pem"): "gone.pem: no such file",
    ("serve", "--fault", "no-such-fault"): "unknown fault 'no-such-fault'; `qimen serve --list-faults` shows",
    ("serve", "--fault", "need-not-check"): "unknown fault 'need-not-check'; did you mean need-not-checked",
    ("frobnicate",): "no command 'frobnicate'; `qimen --help` shows them",
    ("repot", "x"): "no command 'repot'; did you mean report",
    ("list", "returnorder.cancel"): "list: no method matches 'returnorder.cancel'; did you mean ",
    ("explain", "requst.need"): "no requirement or method 'requst.need'; did you mean request.need",
    ("test",): "test: name the endpoint: qimen test http://host/path, or --target FILE",
    ("serve", "--variant", "crl"): "unknown variant 'crl'; did you mean crlf",
    ("explain", "wms/order.cancle/x"): "no case file for 'wms/order.cancle/x'",
    ("report", "gone"): "gone: ",
    (
        "init-target",
        "gone/target.toml",
    ): "init-target: gone/target.toml: no such file or folder",
}
BODY = {"format": 1, "verdict": "conformant", "suite": START["suite"], "requirements": "x", "target": "demo"}
BODY |= {"seed": "Q", "counts": {}, "issued": "2020-01-01", "expires": "2020-12-31"}


FILES = {
    "foreign/events.jsonl": '{"event": 1}\n{"event": 2}\n',
    "broken/events.jsonl": json.dumps(START) + '\n{"type": "ca\n{"type": "end"}\n',
    "newer/events.jsonl": json.dumps(START | {"format": 99}) + "\n",
    "binary/events.jsonl": "PK\x03\x04\x00\xff",
    "foreign.json": '{"a": 1}',
    "newer.json": json.dumps({"format": 99, "suite": {}, "target": "", "cases": [], "counts": {}}),
    "cut.json": '{"format": 1, "verdict": "conf',
    "deep.json": "[" * 100_000,
    "certificate-expired.json": json.dumps({"certificate": BODY, "signature": None}),
    "certificate-newer.json": json.dumps({"certificate": BODY | {"format": 99}, "signature": None}),
    "certificate-foreign.json": '{"certificate": 1}',
    "certificate-tampered.json": json.dumps({"certificate": BODY, "signature": {"algorithm": "Ed25519"}}),
}


NO_EVENT, NO_START = (
    "line 1: is no line of an events.jsonl: it has no type",
    "line 1: is not the start of a run of pytest-qimen",
)


OF_EVENTS = {
    "foreign": NO_EVENT,
    "broken": "line 2: is no JSON",
    "newer": "line 1: is of format 99; this version reads up to 1",
    "binary": NO_START,
}
REPLAYED = ("wms/order.cancel/request/minimal", "--report")


BAD = {
    **{(word, name): f"{name}/events.jsonl: {OF_EVENTS[name]}" for name in OF_EVENTS for word in ("report",)},
    **{("baseline", name): f"{name}/events.jsonl: {told}" for name, told in OF_EVENTS.items()},
    **{("certify-result", name): f"{name}/events.jsonl: {told}" for name, told in OF_EVENTS.items()},
    **{("compare", name, name): f"{name}/events.jsonl: {told}" for name, told in OF_EVENTS.items()},
    **{("replay", *REPLAYED, name): f"{name}/events.jsonl: {told}" for name, told in OF_EVENTS.items()},
    **{
        ("cleanup", f"{name}/events.jsonl", "--url", "http://127.0.0.1:1/"): f"{name}/events.jsonl: {told}"
        for name, told in OF_EVENTS.items()
        if name != "broken"
    },
    ("compare", "foreign.json", "foreign.json"): "foreign.json: file: is no results.json of pytest-qimen",
    ("compare", "newer.json", "newer.json"): "newer.json: file: is of format 99; this version reads up to 1",
    ("compare", "cut.json", "cut.json"): "cut.json: file: is no JSON",
    ("compare", "deep.json", "deep.json"): "deep.json: file: is no JSON",
    ("verify", "gone.json"): "verify: gone.json: no such file or folder",
    ("cleanup", "gone.jsonl", "--url", "http://127.0.0.1:1/"): "cleanup: there is no file gone.jsonl",
}
WORTHLESS = {
    "certificate-expired.json": "expires: the certificate expired on 2020-12-31",
    "certificate-newer.json": "certificate: format: is 99; this version reads up to 2",
    "certificate-foreign.json": "certificate: is no certificate of pytest-qimen",
    "certificate-tampered.json": "certificate: signature: expected algorithm, key and value of Ed25519",
    "cut.json": "certificate: is no JSON in UTF-8",
}
BAD |= {("verify", name): f"{name}: {told}" for name, told in WORTHLESS.items()}


@pytest.mark.parametrize("args", BAD, ids=" ".join)
def test_a_file_that_is_none_is_one_line_and_stays_as_it_is(
    args: tuple[str, ...], capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("QIMEN_APP_KEY", "k"), ("QIMEN_SECRET", "s")):
        monkeypatch.setenv(name, value)
    for name, text in FILES.items():
        write(tmp_path, name, text)
    assert run(capsys, *args) == (
        1 if args[0] == "verify" and args[1] in WORTHLESS else 2,
        "",
        f"qimen: {BAD[args]}\n",
    )
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == set(FILES)
    assert all((tmp_path / name).read_text("utf-8") == text for name, text in FILES.items())


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


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("list", "--al"),
        ("sign", "--lang", "fr", "a=1"),
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
    assert err == (
        f"qimen: port {port}: already in use by another program; take another one, or 0 for a free one\n"
    )


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "pytest_qimen", *args]


def test_serve_until_interrupted(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    environment = os.environ | {"QIMEN_APP_KEY": "testerp_appkey", "QIMEN_SECRET": SECRET}
    serving = subprocess.Popen(
        command("serve", "--state", str(state)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert serving.stdout
    said = "".join(iter(serving.stdout.readline, "Ctrl-C ends it\n"))
    found = re.match(r"(http://127\.0\.0\.1:\d+/qimen) is the embedded endpoint; only this machine ", said)
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
    from pytest_qimen.commands import generate

    api = spec.load(write(tmp_path, "cases/wms/thing.create.toml", METHOD))
    folder = tmp_path / "xsd"
    assert list(map(str, generate.generate(True, [api], folder))) == ["wms/thing.create.xsd: is missing"]
    assert list(map(str, generate.generate(False, [api], folder))) == ["wms/thing.create.xsd: is missing"]
    assert list(map(str, generate.generate(True, [api], folder))) == []
