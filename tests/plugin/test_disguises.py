"""An endpoint echoes secret and signature in every disguise, in texts and names: no output shows one."""

import base64
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.client.request import SignedRequest
from tests.plugin.plugin_runs import ANSWER, HEARTBEAT, KEYS, Go, events
from tests.plugin.test_masking import _unpacked
from tests.support.servers import Request, answer, endpoint, response

SECRET, SESSION = "SeCrEtQq93xYz", "SeSsIoNww55"
CREATE = "cases/wms/entryorder.create.toml"


def disguises(text: str) -> set[str]:
    """The text in upper and lower case, backwards, in hex, base64 and a URL."""
    coded = {base64.b64encode(text.encode()).decode(), text.encode().hex(), text.encode().hex().upper()}
    return {text, text.upper(), text.lower(), text[::-1], quote(text), *coded}


def echo(request: Request) -> bytes:
    """A success that gives the secret as an id, or a refusal; each names everything."""
    told = [one for text in (SECRET, SESSION) for one in sorted(disguises(text))]
    sign = request.params.get("sign", "")
    words = " | ".join((*told, sign, sign.lower(), sign[::-1]))
    ids = f"<entryOrderId>{SECRET}</entryOrderId><deliveryOrderId>{SECRET.upper()}</deliveryOrderId>"
    more = f"{ids}<{SECRET}>x</{SECRET}><{SECRET.lower()}>x</{SECRET.lower()}><leak>{words}</leak>"
    flag = "failure" if "query" in request.method else "success"
    head = f"Content-Type: text/xml\r\nX-{SECRET}: {words}\r\nSet-Cookie: {SECRET}\r\n".encode()
    return answer(response(flag, message=words, more=more), headers=head)


def test_no_output_shows_a_disguise(
    keyed_go: Go, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = KEYS | {"QIMEN_SECRET": SECRET, "QIMEN_SESSION": SESSION}
    out = pytester.path / "out"
    with endpoint(echo) as server:
        outputs = ("--qimen-report", "out", "--qimen-har", "out/x.har", "--junitxml", "out/junit.xml")
        chosen = ("-k", "wms or minimal", "-vv", "-rA")
        result = keyed_go("--qimen-url", server.url, ANSWER, HEARTBEAT, CREATE, *chosen, *outputs, keys=keys)
        signs = {request.params["sign"] for request in server.requests if "sign" in request.params}
        red = next(one["id"] for one in events(out) if one.get("status") == "fail")
        for words in (
            ("report", str(out)),
            ("compare", str(out), str(out)),
            ("baseline", str(out)),
            ("certify-result", str(out)),
            ("cleanup", str(out / "events.jsonl"), "--url", server.url),
            ("replay", red, "--report", str(out), "--url", server.url),
            ("replay", red, "--report", str(out), "--url", server.url, "--raw"),
            ("judge", str(out / "events.jsonl")),
        ):
            main(words)
    printed = capsys.readouterr()
    texts = {path.name: path.read_text("utf-8") for path in out.rglob("*") if path.is_file()}
    assert {"events.jsonl", "results.json", "report.html", "summary.md", "x.har", "junit.xml"} <= set(texts)
    texts |= {"pytest": result.stdout.str() + result.stderr.str(), "qimen": printed.out + printed.err}
    texts |= {f"{name} unpacked": _unpacked(text) for name, text in texts.items()}
    hidden = {one for text in (SECRET, SESSION) for one in disguises(text)}
    hidden |= {one for sign in signs for one in (sign, sign.lower(), sign[::-1])}
    shown = [(one, name) for name, text in texts.items() for one in hidden if one in text]
    assert shown == []
    assert "***" in texts["results.json"]


def test_no_output_of_a_search_a_workers_ledger_or_a_curl_shows_a_disguise(
    keyed_go: Go, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
) -> None:
    """A search keeps files, workers have ledgers of their own, and what cannot be prepared is told."""
    keys = KEYS | {"QIMEN_SECRET": SECRET, "QIMEN_SESSION": SESSION}
    out = pytester.path / "out"
    with endpoint(echo) as server:
        at = ("--qimen-url", server.url)
        drawn = (HEARTBEAT, CREATE, "-k", "property", "--qimen-report", "out/drawn")
        said = [
            keyed_go(*at, *args, keys=keys)
            for args in (
                ("--qimen-fuzz", "60", "--qimen-corpus", "out/corpus"),
                ("--qimen-method", "entryorder.*", "--collect-only", "--qimen-postman", "out/p.json"),
                (*drawn, "--junitxml", "out/j.xml"),
            )
        ]
        workers = ("-n", "2", "--qimen-report", "out/workers", "-p", "no:cacheprovider", "--noconftest")
        said.append(pytester.runpytest_subprocess(*at, CREATE, "-k", "minimal or typical", *workers))
        for words in (
            ("test", server.url, f"{HEARTBEAT}::request/minimal"),
            ("sign", "--curl", "wms/order.cancel/request/minimal", "--url", server.url),
            ("explain", "wms/order.cancel/request/minimal"),
        ):
            main(words)
        signs = {request.params["sign"] for request in server.requests if "sign" in request.params}
    printed = capsys.readouterr()
    texts = {str(path): path.read_text("utf-8", "replace") for path in out.rglob("*") if path.is_file()}
    assert {"state.json", "p.json", "j.xml", "report.html"} <= {path.rpartition("/")[2] for path in texts}
    texts |= {
        "pytest": "".join(one.stdout.str() + one.stderr.str() for one in said),
        "qimen": printed.out + printed.err,
    }
    texts |= {f"{name} unpacked": _unpacked(text) for name, text in texts.items()}
    hidden = {one for text in (SECRET, SESSION) for one in disguises(text)} | signs
    assert [(one, name) for name, text in texts.items() for one in hidden if one in text] == []


GREPPED = {  # what docs/options.md names, shows something of an endpoint and is run above
    *("--qimen-corpus", "--qimen-database", "--qimen-report", "--qimen-har", "--qimen-postman"),
    *(
        "test",
        "sign",
        "judge",
        "replay",
        "report",
        "compare",
        "baseline",
        "certify-result",
        "explain",
        "cleanup",
    ),
}
SILENT = {  # commands that send nothing and read nothing of an endpoint, with the secret at hand or without
    *("list", "generate", "init-target", "init-driver", "schema", "verify", "check"),
    "serve",  # is the endpoint: its own keys are printed to be copied
    "listen",  # tests/listening: what it prints is what `judge` prints
    "ui",  # starts the others; of the keys its page says only whether they are there (tests/live)
}


def test_every_output_that_the_page_of_options_names_is_searched() -> None:
    page = (Path(__file__).parents[2] / "docs/options.md").read_text("utf-8")
    written = set(re.findall(r"^\| `(--qimen-[a-z]+)` \| [^|]*(?:DIR|FILE)", page, re.MULTILINE))
    commands = set(re.findall(r"^\| `([a-z][a-z-]+)` \|", page, re.MULTILINE))
    assert written - {"--qimen-target", "--qimen-new-only"} <= GREPPED
    assert commands == {one for one in GREPPED if not one.startswith("-")} | SILENT


def test_the_repr_of_a_request_hides_sign_session_and_secret() -> None:
    url = f"http://u:{SECRET}@x/?a=1&sign=ABCDEF0123&session={SESSION}"
    params = (("sign", "ABCDEF0123"), ("session", SESSION))
    told = repr(SignedRequest("POST", url, (), SECRET.encode(), params, secrets=(SECRET,)))
    assert all(one not in told for one in (SECRET, SESSION, "ABCDEF0123"))
