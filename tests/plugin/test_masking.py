"""No output of a run shows a secret; shared outputs show no personal data."""

import base64
import contextlib
import json
import re
import zlib
from pathlib import Path
from urllib.parse import quote, quote_plus
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.__main__ import main
from pytest_qimen.reference.serve import serve
from tests.plugin.plugin_runs import ALWAYS, HEARTBEAT, KEYS, SHOP, Go, events
from tests.support.servers import Request, endpoint, free_port, response


def junit(path: Path) -> dict[str, dict[str, str]]:
    """The properties of every test case, by its name."""
    return {
        str(one.get("name")): {str(p.get("name")): str(p.get("value")) for p in one.iter("property")}
        for one in ElementTree.parse(path).getroot().iter("testcase")
    }


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_junit_properties(workers: tuple[str, ...], keyed_go: Go, pytester: pytest.Pytester) -> None:
    name = "request/shop.shopName/too-long"
    args = (SHOP, "-k", "too-long or minimal", "--qimen-report", "out", "--junitxml", "out.xml")
    with serve(faults=["length-not-checked"]) as url:
        keyed_go("--version")
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


def test_junit_names_the_request_as_the_answer_does(keyed_go: Go, pytester: pytest.Pytester) -> None:
    refusal = "<error_response><code>40</code><top_reuqest_id>abc-1</top_reuqest_id></error_response>"
    with endpoint(lambda request: refusal) as server:
        keyed_go(
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


PERSON = ("欧阳测试", "13912345678", "解放路1234号")


def test_personal_data_are_masked_in_whatever_is_shared(keyed_go: Go, pytester: pytest.Pytester) -> None:
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
        result = keyed_go(*args, *outputs, "--qimen-mask-personal")
        sent = "".join(request.body.decode() for request in server.requests)
    out = pytester.path / "out"
    assert main(["report", str(out), "--mask-personal", "-o", str(out / "again")]) == 1
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


SECRETS = ("a<&>b.*[c]\"d'e\\f$1 +%", "s3ss<&>ion.*|(x) \\d", "pass-word-1")


def test_no_output_shows_a_secret_in_any_spelling(
    keyed_go: Go, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
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
        result = keyed_go(
            "--qimen-url",
            url,
            *args,
            *outputs,
            keys=KEYS | {"QIMEN_SECRET": secret, "QIMEN_SESSION": session},
        )
        out = pytester.path / "out"
        assert main(["report", str(out)]) == 1
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
    keyed_go: Go, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = SECRETS[0]

    def sign(params: dict[str, str], body: bytes, secret: str, method: str) -> str:
        raise ValueError(f"cannot sign with {secret!r} or {secret}")

    monkeypatch.setattr("pytest_qimen.client.request.sign", sign)
    url = f"http://127.0.0.1:{free_port()}/"
    args = ("--qimen-url", url, f"{HEARTBEAT}::request/minimal", "-l", "--qimen-report", "out")
    result = keyed_go(*args, "--junitxml", "out/junit.xml", keys=KEYS | {"QIMEN_SECRET": secret})
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
