"""What a run leaves for others, as its users ask for it: HAR, JUnit, the gate, masks, languages, progress."""

import base64
import contextlib
import json
import os
import pty
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpcore  # noqa: F401
import pytest
from support.files import METHOD
from support.servers import Request, endpoint, free_port, response

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.__main__ import main
from pytest_qimen.plugin.progress import Progress
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve

ALWAYS = ("-W", "error", "-p", "no:cacheprovider", "--noconftest")
HEARTBEAT, SHOP = "cases/wms/service.heartbeat.toml", "cases/wms/shop.synchronize.toml"
KEYS = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
CODES = ("-k", "code-list or minimal")
Go = Callable[..., pytest.RunResult]


@pytest.fixture
def go(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Go:
    """Run pytest in an empty folder, in this process; warnings are errors."""
    for name in ("QIMEN_SESSION", "PYTEST_ADDOPTS", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)

    def go(*args: str | Path, keys: Mapping[str, str] = KEYS) -> pytest.RunResult:
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        return pytester.runpytest_inprocess(*ALWAYS, *args)

    return go


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text("utf-8").splitlines()]


# HAR


def test_har_alone_leaves_nothing_else(go: Go, pytester: pytest.Pytester) -> None:
    with serve(faults=["need-not-checked"]) as url:
        result = go("--qimen-url", url, SHOP, "-k", "/absent", "--qimen-har", "deep/run.har")
    assert "report: deep/run.har" in result.outlines
    assert [path.name for path in (pytester.path / "deep").iterdir()] == ["run.har"]
    log = json.loads((pytester.path / "deep/run.har").read_text("utf-8"))["log"]
    assert log["entries"]
    assert all(entry["comment"].startswith("fail wms/shop") for entry in log["entries"])


def test_har_beside_the_report(go: Go, pytester: pytest.Pytester) -> None:
    with serve(faults=["need-not-checked"]) as url:
        go("--qimen-url", url, SHOP, "-k", "/absent", "--qimen-har", "out/x.har", "--qimen-report", "out")
    names = {path.name for path in (pytester.path / "out").iterdir()}
    assert names == {"events.jsonl", "results.json", "report.html", "x.har"}
    assert main(["report", str(pytester.path / "out")]) == 0
    assert (pytester.path / "out/x.har").read_bytes() == (pytester.path / "out/exchanges.har").read_bytes()


def test_a_har_that_cannot_be_written(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makefile(".txt", file="")
    with endpoint(lambda request: response()) as server:
        result = go("--qimen-url", server.url, HEARTBEAT, "--qimen-har", "file.txt/run.har")
    assert (result.ret, server.requests) == (4, [])
    (line,) = filter(None, result.errlines)
    assert line.startswith("ERROR: --qimen-har: [Errno ")


# The gate for what is newly red


@pytest.fixture
def old(go: Go, pytester: pytest.Pytester) -> str:
    """A run in which codes are not checked."""
    with serve(faults=["codes-not-checked"]) as url:
        assert (
            go("--qimen-url", url, SHOP, *CODES, "--qimen-level", "should", "--qimen-report", "old").ret == 1
        )
    return "old"


def gated(go: Go, faults: list[str], *args: str) -> pytest.RunResult:
    with serve(faults=faults) as url:
        return go("--qimen-url", url, SHOP, "--qimen-level", "should", *args, "--qimen-report", "new")


def test_what_was_red_already_is_not_counted(go: Go, old: str, pytester: pytest.Pytester) -> None:
    result = gated(go, ["codes-not-checked"], *CODES, "--qimen-new-only", old, "--junitxml", "junit.xml")
    assert result.ret == 0
    told = [line for line in result.outlines if line.startswith("compared with")]
    assert told == ["compared with old: nothing newly red; 2 red already then, not counted"]
    assert "verdict: non-conformant (2 cases are red)" in result.stdout.str()
    assert "2 red already" in result.outlines[-1]
    assert "FAILURES" not in result.stdout.str()
    root = ElementTree.parse(pytester.path / "junit.xml").getroot()
    assert [one.get("message") for one in root.iter("skipped")] == ["red in the earlier run already"] * 2
    assert not list(root.iter("failure"))
    results = json.loads((pytester.path / "new/results.json").read_text("utf-8"))
    assert results["verdict"] == "non-conformant"


def test_what_is_newly_red_is(go: Go, old: str) -> None:
    chosen = ("-k", "code-list or minimal or shopCode/absent")
    faults = ["codes-not-checked", "need-not-checked"]
    result = gated(go, faults, *chosen, "--qimen-new-only", f"{old}/results.json")
    assert result.ret == 1
    assert "compared with old/results.json: 1 newly red; 2 red already then, not counted" in result.outlines
    assert [line.split(" ")[1] for line in result.outlines if line.startswith("FAIL cases/")] == [
        f"{SHOP}::request/shop.shopCode/absent"
    ]


def test_a_broken_should_counts_only_where_shoulds_are_red(go: Go, old: str) -> None:
    with serve(faults=["codes-not-checked"]) as url:
        result = go("--qimen-url", url, SHOP, *CODES, "--qimen-new-only", old)
    assert result.ret == 0
    assert "compared with old: nothing newly red; 0 red already then, not counted" in result.outlines


def test_the_gate_with_workers(go: Go, old: str, pytester: pytest.Pytester) -> None:
    with serve(faults=["codes-not-checked"]) as url:
        args = (
            "--qimen-url",
            url,
            SHOP,
            *CODES,
            "--qimen-level",
            "should",
            "--qimen-new-only",
            old,
            "-n",
            "2",
        )
        result = pytester.runpytest_subprocess(*ALWAYS, *args)
    assert result.ret == 0
    assert "2 red already" in result.outlines[-1]


def test_a_must_that_can_no_longer_be_tested_is_not_green(go: Go, old: str) -> None:
    def refusing(request: Request) -> str:
        return response("failure" if request.method == "shop.synchronize" else "success")

    with endpoint(refusing) as server:
        args = ("--qimen-url", server.url, SHOP, "-k", "longest or minimal", "--qimen-new-only")
        first = go(*args, old, "--qimen-report", "refused")
        again = go(*args, "refused")
    assert first.ret == 1
    assert re.search(r"^compared with old: 1 newly red, \d+ newly untested; 0 red", first.stdout.str(), re.M)
    assert again.ret == 0  # blocked then, blocked now: nothing is new
    assert "compared with refused: nothing newly red; 1 red already then, not counted" in again.outlines


def test_a_run_that_tested_nothing_is_not_green(go: Go, pytester: pytest.Pytester) -> None:
    args = ("--qimen-url", f"http://127.0.0.1:{free_port()}/qimen", HEARTBEAT, "-k", "long")
    assert go(*args, "--qimen-report", "dead").ret == 1
    result = go(*args, "--qimen-new-only", "dead")
    assert result.ret == 1
    assert "compared with dead: nothing was tested; 0 red already then, not counted" in result.outlines


NO_RUNS = {
    "gone": "gone: file: No such file or directory",
    "foreign.json": "foreign.json: file: is no results.json of pytest-qimen",
    "newer.json": "newer.json: format: is 99; this version reads up to 1",
    "cut.json": "cut.json: file: is no JSON",
    "events.jsonl": "events.jsonl: line 1: is no JSON",
}


@pytest.mark.parametrize("name", NO_RUNS)
def test_an_earlier_run_that_is_none(name: str, go: Go, pytester: pytest.Pytester) -> None:
    newer = {"format": 99, "suite": {}, "target": "", "cases": [], "counts": {}}
    texts = {
        "foreign.json": "{}",
        "newer.json": json.dumps(newer),
        "cut.json": '{"format": 1,',
        "events.jsonl": "x\ny\n",
    }
    if name in texts:
        (pytester.path / name).write_text(texts[name], "utf-8")
    with endpoint(lambda request: response()) as server:
        result = go("--qimen-url", server.url, HEARTBEAT, "--qimen-new-only", name)
    assert (result.ret, server.requests) == (4, [])
    assert [line for line in result.errlines if line] == [f"ERROR: --qimen-new-only: {NO_RUNS[name]}"]
    if name in texts:
        assert (pytester.path / name).read_text("utf-8") == texts[name]


# JUnit


def junit(path: Path) -> dict[str, dict[str, str]]:
    """The properties of every test case, by its name."""
    return {
        str(one.get("name")): {str(p.get("name")): str(p.get("value")) for p in one.iter("property")}
        for one in ElementTree.parse(path).getroot().iter("testcase")
    }


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_junit_properties(workers: tuple[str, ...], go: Go, pytester: pytest.Pytester) -> None:
    name = "request/shop.shopName/too-long"
    args = (SHOP, "-k", "too-long or minimal", "--qimen-report", "out", "--junitxml", "out.xml")
    with serve(faults=["length-not-checked"]) as url:
        go("--version")
        pytester.runpytest_subprocess(*ALWAYS, *workers, "--qimen-level", "should", "--qimen-url", url, *args)
    found = junit(pytester.path / "out.xml")
    assert found["request/minimal"] == {
        "case": "wms/shop.synchronize/request/minimal",
        "requirements": "request.accept",
        "level": "must",
        "method": "wms/shop.synchronize",
        "clause": "003 taobao.qimen.shop.synchronize",
        "status": "pass",
    }
    properties = found[name]
    assert (properties["status"], properties["level"]) == ("warn", "should")
    assert properties["requirements"] == "request.length"
    (event,) = [
        one for one in events(pytester.path / "out") if one.get("id") == f"wms/shop.synchronize/{name}"
    ]
    (exchange,) = [one for one in event["exchanges"] if one["id"] == properties["request_id"]]
    assert exchange["step"] == event["findings"][0]["step"]


def test_junit_names_the_request_as_the_answer_does(go: Go, pytester: pytest.Pytester) -> None:
    refusal = "<error_response><code>40</code><top_reuqest_id>abc-1</top_reuqest_id></error_response>"
    with endpoint(lambda request: refusal) as server:
        go(
            "--qimen-url",
            server.url,
            "cases/protocol/smoke.toml",
            HEARTBEAT,
            "-k",
            "minimal",
            "--junitxml",
            "a.xml",
        )
    assert junit(pytester.path / "a.xml")["request/minimal"]["answer_request_id"] == "abc-1"


# Personal data


PERSON = ("欧阳测试", "13912345678", "解放路1234号")


def test_personal_data_are_masked_in_whatever_is_shared(go: Go, pytester: pytest.Pytester) -> None:
    name, mobile, address = PERSON

    def gossip(request: Request) -> str:
        told = f"{name} {mobile}"
        more = f"<name>{name}</name><detailAddress>{address}</detailAddress>"
        return response("failure", message=told, more=more)

    target = 'url = "{}"\n[data]\nname = "{}"\nmobile = "{}"\ndetailAddress = "{}"\n'
    with endpoint(gossip) as server:
        (pytester.path / "t.toml").write_text(target.format(server.url, *PERSON), "utf-8")
        args = (
            "--qimen-target",
            "t.toml",
            "cases/wms/entryorder.create.toml",
            "-k",
            "minimal or typical",
            "-vv",
        )
        outputs = ("--qimen-report", "out", "--qimen-har", "out/x.har", "--junitxml", "out/junit.xml")
        result = go(*args, *outputs, "--qimen-mask-personal")
        sent = "".join(request.body.decode() for request in server.requests)
    out = pytester.path / "out"
    assert main(["report", str(out), "--mask-personal", "-o", str(out / "again")]) == 0
    texts = {path.name: path.read_text("utf-8") for path in out.rglob("*") if path.is_file()}
    assert {"results.json", "report.html", "x.har", "junit.xml", "summary.md", "exchanges.har"} <= set(texts)
    private = texts.pop("events.jsonl")
    texts |= {"stdout": result.stdout.str(), "stderr": result.stderr.str()}
    texts |= {f"{kind} unpacked": _unpacked(text) for kind, text in texts.items()}
    for kind, text in texts.items():
        for value in PERSON:
            assert value not in text, f"{value} is in {kind}"
    assert "***" in texts["stdout"]
    assert mobile in _unpacked(private) or mobile in private
    assert name in private
    assert "private: events.jsonl and found/ keep personal data, for replays" in result.outlines
    assert server.requests
    assert sent


def _unpacked(text: str) -> str:
    """Whatever stands in letters of base64, compressed or not, as text."""
    found = []
    for packed in re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", text):
        try:
            data = base64.b64decode(packed)
        except ValueError:
            continue
        with contextlib.suppress(zlib.error):
            data = zlib.decompress(data)
        found.append(data.decode("utf-8", "replace"))
    return "\n".join(found)


# Secrets


SECRETS = ("a<&>b.*[c]\"d'e\\f$1 +%", "s3ss<&>ion.*|(x) \\d", "pass-word-1")


def test_no_output_shows_a_secret_in_any_spelling(
    go: Go, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
) -> None:
    secret, session, login = SECRETS
    spelled = [text for one in (secret, session) for text in spellings(one)]

    def gossip(request: Request) -> str:
        told = "".join(f"<t{n}>{escape(text)}</t{n}>" for n, text in enumerate(spelled))
        return response("failure", message=f"<![CDATA[{secret} {session}]]>", more=told)

    with endpoint(gossip) as server:
        url = server.url.replace("http://", f"http://user:{login}@")
        args = (
            "cases/protocol/answer.toml",
            "cases/protocol/signature.toml",
            HEARTBEAT,
            "-k",
            "wms or wdk",
            "-vv",
        )
        outputs = ("--qimen-report", "out", "--qimen-har", "out/x.har", "--junitxml", "out/junit.xml")
        result = go(
            "--qimen-url",
            url,
            *args,
            *outputs,
            keys=KEYS | {"QIMEN_SECRET": secret, "QIMEN_SESSION": session},
        )
        out = pytester.path / "out"
        assert main(["report", str(out)]) == 0
        red = next(one for one in events(out) if one.get("status") == "fail")
        for raw in ([], ["--raw"]):
            main(["replay", red["id"], "--report", str(out), "--url", url, *raw])
        main(["baseline", str(out)])
        main(["compare", str(out), str(out)])
        main(["explain", red["id"]])
        main(["certify-result", str(out)])
    printed = capsys.readouterr()
    texts = {path.name: path.read_text("utf-8") for path in out.iterdir()}
    names = ("events.jsonl", "results.json", "report.html", "summary.md", "badge.svg", "exchanges.har")
    assert {*names, "x.har", "junit.xml"} <= set(texts)
    texts |= {"pytest": result.stdout.str() + result.stderr.str(), "qimen": printed.out + printed.err}
    texts |= {f"{name} unpacked": _unpacked(text) for name, text in texts.items()}
    for name, text in texts.items():
        for hidden in SECRETS:
            for spelling in spellings(hidden):
                assert spelling not in text, f"{spelling!r} is in {name}"
    assert "***" in texts["results.json"]


def test_a_defect_of_the_suite_shows_no_secret(
    go: Go, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = SECRETS[0]

    def sign(params: dict[str, str], body: bytes, secret: str, method: str) -> str:
        raise ValueError(f"cannot sign with {secret!r} or {secret}")

    monkeypatch.setattr("pytest_qimen.client.request.sign", sign)
    url = f"http://127.0.0.1:{free_port()}/"
    args = ("--qimen-url", url, f"{HEARTBEAT}::request/minimal", "-l", "--qimen-report", "out")
    result = go(*args, "--junitxml", "out/junit.xml", keys=KEYS | {"QIMEN_SECRET": secret})
    told = result.stdout.str()
    assert result.ret == 1
    assert "ValueError: cannot sign with" in told
    texts = {path.name: path.read_text("utf-8") for path in (pytester.path / "out").iterdir()}
    for name, text in (texts | {"stdout": told, "html": _unpacked(texts["report.html"])}).items():
        for spelling in spellings(secret) | {repr(secret), repr(secret)[1:-1]}:
            assert spelling not in text, f"{spelling!r} is in {name}"


def spellings(text: str) -> set[str]:
    """The text as it is, in XML, in a URL, in JSON, and escaped in JSON once more."""
    escaped = {
        text,
        escape(text),
        escape(text, {'"': "&quot;"}),
        escape(text, {'"': "&quot;", "'": "&#x27;"}),
    }
    plain = {
        quote(text),
        quote(text, safe=""),
        quote_plus(text),
        text.replace("&", "&amp;").replace("<", "&lt;"),
    }
    return escaped | plain | {json.dumps(one)[1:-1] for one in escaped | plain}


# Words


def test_findings_and_terminal_in_chinese(go: Go) -> None:
    with endpoint(lambda request: response(code=None)) as server:
        result = go(
            "--qimen-url", server.url, "cases/protocol/answer.toml", "-k", "wms/success", "--qimen-lang", "zh"
        )
    told = result.stdout.str()
    for line in (
        "FAIL  protocol/answer/wms/success  (必须)",
        "成功应答的格式 · The form of an answer to a good request",
        "要求: answer.form   出处: 000 section 2.3",
        "envelope.code (必须, 请求 1, 000 section 2.3)",
        "  位置       code",
        "  期望       有 code",
        "  实际       没有 code",
    ):
        assert f"{line}\n" in told
    assert "结论: 不符合规范 (1 个用例不合格), 1 个请求" in result.outlines


def test_a_language_that_nobody_speaks(go: Go) -> None:
    result = go("--qimen", HEARTBEAT, "--qimen-lang", "fr")
    assert [line for line in result.errlines if line] == [
        "ERROR: --qimen-lang: expected one of en, zh, got 'fr'"
    ]


# Known failures that speak of nothing


def test_a_known_failure_that_covers_no_case_is_told(go: Go, pytester: pytest.Pytester) -> None:
    known = '[[known]]\nid = "{}"\nreason = "r"\nsince = 2026-01-01\nexpires = 2999-01-01\n'
    globs = ("wms/shop.synchronise/*", "wms/order.cancel/*", "wms/thing.create/*")
    folder = pytester.path / "cases/wms"
    folder.mkdir(parents=True)
    (folder / "thing.create.toml").write_text(METHOD, "utf-8")
    with endpoint(lambda request: response()) as server:
        text = f'url = "{server.url}"\n' + "".join(map(known.format, globs))
        (pytester.path / "t.toml").write_text(text, "utf-8")
        result = go("--qimen-target", "t.toml", "cases/wms/thing.create.toml", "-k", "minimal")
    assert [line for line in result.outlines if line.startswith("note: ")] == [
        "note: [[known]] 'wms/shop.synchronise/*' covers no case"
    ]


# The line that counts along


def on_a_terminal(pytester: pytest.Pytester, *args: str, **variables: str) -> str:
    """What a run writes to a terminal of 80 columns."""
    usual = {
        key: value for key, value in os.environ.items() if key not in ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS")
    }
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "pytest", *ALWAYS, *args]
    environment = usual | KEYS | {"COLUMNS": "80", "TERM": "xterm"} | variables
    run = subprocess.Popen(command, cwd=pytester.path, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    told = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux's way to say that nobody holds the other end any more
            break
        if not part:
            break
        told += part
    os.close(master)
    assert run.wait() in (0, 1)
    return told.decode("utf-8", "replace")


COUNTING = re.compile(r"\x1b\[K(\d+)/(\d+) \d+%  (\d+) failures?  \d+ requests/s  \d+:\d\d left  wms/shop")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_long_run_counts_along(workers: tuple[str, ...], pytester: pytest.Pytester) -> None:
    args = (*workers, "--qimen", SHOP, "-k", "shop.shopName", "--qimen-rate", "8/s")
    told = on_a_terminal(pytester, *args)
    found = COUNTING.findall(told)
    assert found
    done = [int(one) for one, _, _ in found]
    assert done == sorted(done)
    assert len({total for _, total, _ in found}) == 1
    assert done[-1] <= int(found[0][1])
    assert SHOP not in told.partition("= qimen =")[0].partition("keys begin with")[2]
    assert all(len(line) <= 80 for line in re.findall(r"\x1b\[K([^\r\n]*)", told))


@pytest.mark.parametrize("quiet", [{"CI": "1"}, {"BUILD_NUMBER": "7"}, {}], ids=["CI", "Jenkins", "-q"])
def test_it_is_quiet_where_nobody_watches(quiet: dict[str, str], pytester: pytest.Pytester) -> None:
    args = ("--qimen", SHOP, "-k", "shop.shopName", "--qimen-rate", "8/s")
    told = on_a_terminal(pytester, *args, *(() if quiet else ("-q",)), **quiet)
    assert "requests/s" not in told
    assert "verdict: conformant" in told


def test_no_colours_and_no_line_without_a_terminal(go: Go, pytester: pytest.Pytester) -> None:
    args = ("--qimen", SHOP, "-k", "shop.shopName", "--qimen-rate", "8/s")
    told = pytester.runpytest_subprocess(*ALWAYS, *args).stdout.str()
    assert "\x1b" not in told
    assert "requests/s" not in told


def test_the_line_fits_whatever_the_method() -> None:
    now = [0.0]
    progress = Progress("en", lambda: now[0])
    progress.begin(8695)
    assert progress.line(200) == "0/8695 0%  0 failures  0 requests/s  0:00 left  "
    now[0] = 10.0
    for red in (False, True):
        progress.note({"requests": 300, "role": "wms", "method": "deliveryorder.batchcreate"}, red)
    line = "2/8695 0%  1 failure  60 requests/s  724:25 left  wms/deliveryorder.batchcreate"
    assert progress.line(200) == line
    assert progress.line(40) == line[:39]
    chinese = Progress("zh", lambda: now[0])
    chinese.begin(10)
    assert chinese.line(25) == "0/10 0%  0 个不合格  0 "
    assert chinese.line(26) == "0/10 0%  0 个不合格  0 请"  # a Chinese sign takes two columns
