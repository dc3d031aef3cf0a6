"""No control, escape, C1 or bidi character of the other side reaches a terminal raw, in any command."""

import contextlib
import json
from pathlib import Path

import pytest

from pytest_qimen.__main__ import main
from tests.plugin.plugin_runs import ANSWER, HEARTBEAT, Go, events
from tests.support.servers import Request, endpoint
from tests.test_console import EVIL, is_clean

ANSWERS = {
    "a status line": f"HTTP/1.1 2 {EVIL}\r\n\r\n".encode("utf-8", "replace"),
    "no XML": EVIL.encode("utf-8", "replace") + b"\nverdict: conformant\n",
    "texts": "<response><flag>\u202e\x85</flag><code>1</code><message>\u2066&#x85;</message></response>",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_an_endpoint_says_bends_no_terminal(name: str, keyed_go: Go, pytester: pytest.Pytester) -> None:
    def reply(request: Request) -> bytes | str:
        found = ANSWERS[name]
        return found.encode() if isinstance(found, str) else found

    with endpoint(reply) as server:
        for more in (("-vv",), ("-q", "-rA"), ("--qimen-mask-personal",)):
            args = ("--qimen-url", server.url, ANSWER, HEARTBEAT, "-k", "wms or minimal")
            result = keyed_go(*args, "--qimen-report", "out", *more)
            told = result.stdout.str() + result.stderr.str()
            assert is_clean(told)
            assert result.ret == 1
            assert [line for line in told.splitlines() if line.startswith("verdict: conf")] == []


def hostile(folder: Path) -> Path:
    """A report whose every text that is anybody's own holds what bends a terminal."""
    evil = EVIL.replace("\udc80", "")
    lines = events(folder)
    for line in lines:
        if line["type"] == "run":
            line |= {"target": evil, "seed": evil}
        if line["type"] == "case":
            line |= {"cause": evil, "clause": evil, "reason": {"kind": "told", "words": f"{evil}\nverdict"}}
            for found in line["findings"]:
                found |= {"path": evil, "actual": evil, "expected": evil}
                found.pop("phrases", None)
    text = "\n".join(json.dumps(line) for line in lines) + "\n"
    (folder / "events.jsonl").write_text(text)
    (folder / "results.json").unlink()
    return folder


def test_no_command_shows_hostile_files_raw(
    keyed_go: Go, pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]
) -> None:
    with endpoint(lambda request: "<response/>") as server:
        keyed_go("--qimen-url", server.url, ANSWER, HEARTBEAT, "-k", "wms", "--qimen-report", "out")
        out = str(hostile(pytester.path / "out"))
        for name in ("m.xml", "t.toml", "c.http", "c.har", "cases.toml", "cert.json"):
            Path(name).write_text(f'"\x1b]0;x\x07 = {EVIL!r}\x9b31m\u202e'.replace("\\", "/"), "utf-8")
        Path("ok.xml").write_text(
            "<request><\u202e\u2066x>\u202e</\u202e\u2066x><serialNumber>\x85</serialNumber></request>"
        )
        Path("ok.http").write_text(
            "POST /\u202e?method=\x9b31m&sign=1 HTTP/1.1\nX-A: \u202e\n\n<a/>\n", "utf-8"
        )
        red = "protocol/answer/wms/success"
        for words in (
            ("report", out),
            ("compare", out, out),
            ("baseline", out),
            ("certify-result", out),
            ("verify", "cert.json"),
            ("explain", f"no/such\x1b/{EVIL}"),
            ("replay", red, "--report", out, "--url", server.url),
            ("replay", red, "--report", out, "--url", server.url, "--raw"),
            ("replay", "cases.toml", "--url", server.url),
            ("replay", red, "--target", "t.toml"),
            ("cleanup", f"{out}/events.jsonl", "--url", server.url),
            ("check", "m.xml", "ok.xml", "--method", "service.heartbeat"),
            ("judge", "c.http", "ok.http"),
            ("judge", "c.har"),
            ("judge", f"{out}/events.jsonl"),
            ("sign", "ok.http"),
        ):
            with contextlib.suppress(SystemExit):
                main(words)
            printed = capsys.readouterr()
            assert is_clean(printed.out + printed.err), words
            assert printed.out + printed.err, words
