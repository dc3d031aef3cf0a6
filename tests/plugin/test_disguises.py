"""An endpoint echoes secret and signature in every disguise, in texts and names: no output shows one."""

import base64
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


def test_the_repr_of_a_request_hides_sign_session_and_secret() -> None:
    url = f"http://u:{SECRET}@x/?a=1&sign=ABCDEF0123&session={SESSION}"
    params = (("sign", "ABCDEF0123"), ("session", SESSION))
    told = repr(SignedRequest("POST", url, (), SECRET.encode(), params, secrets=(SECRET,)))
    assert all(one not in told for one in (SECRET, SESSION, "ABCDEF0123"))
