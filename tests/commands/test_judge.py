"""`qimen judge`: what it says about recordings, what they cannot prove, and how it ends."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import spec
from pytest_qimen.calls.call import Caller, Heard
from pytest_qimen.commands.judge import judge_main
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.messages import samples
from tests.support.heard import CALLER, heard_message

GOOD = "<response><flag>success</flag><code>0</code><message>ok</message></response>"


def run(*files: Path, caller: Caller = CALLER, language: str = "en") -> tuple[int, str]:
    out = io.StringIO()
    status = judge_main([str(file) for file in files], caller, out, language=language)
    return status, out.getvalue()


def call() -> Heard:
    api = spec.load_api("wms/entryorder.create")
    return heard_message(api, samples.minimal(api.request))


def entry(heard: Heard, answer: str = GOOD, *, coded: bool = False) -> dict[str, Any]:
    body = heard.body
    posted = {"mimeType": "text/xml", "text": base64.b64encode(body).decode() if coded else body.decode()}
    assert heard.at
    return {
        "startedDateTime": heard.at.isoformat(),
        "request": {
            "method": heard.verb,
            "url": f"http://erp.example{heard.target}",
            "headers": [{"name": name, "value": value} for name, value in heard.headers],
            "postData": posted | ({"encoding": "base64"} if coded else {}),
        },
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "text/xml;charset=utf-8"}],
            "content": {"text": answer},
        },
    }


def har(path: Path, *entries: Any) -> Path:
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), "utf-8")
    return path


def test_a_right_caller_and_a_right_endpoint(tmp_path: Path) -> None:
    page = {"request": {"method": "GET", "url": "http://erp.example/logo.png", "headers": []}}
    status, text = run(har(tmp_path / "a.har", page, entry(call())))
    assert status == 0, text
    assert "1 call: 0 break a must, 0 a should; 1 answer, 0 break a must" in text
    assert "not proved by what was recorded: 1 message kept as text" in text


def test_both_halves_are_judged_and_the_words_of_the_answer_stay(tmp_path: Path) -> None:
    broken = call()
    target = broken.target.replace("&v=2.0", "&v=3.0")
    heard = Heard("", broken.verb, target, broken.headers, broken.body, broken.at)
    answer = GOOD.replace("success", "at most 50 characters")
    status, text = run(har(tmp_path / "a.har", entry(heard, answer, coded=True)), language="zh")
    assert status == 1
    assert "must caller.call.version v" in text
    assert "must caller.call.signed" in text or "caller.call.sign-" in text
    assert "envelope.flag" in text
    assert "实为 'at most 50 characters'" in text


def test_a_http_file_and_a_folder_are_one_journal(tmp_path: Path) -> None:
    heard = call()
    lines = [f"{heard.verb} http://erp.example{heard.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in heard.headers]
    text = "\n".join(lines) + "\n\n" + heard.body.decode() + "\n"
    (tmp_path / "b.http").write_text(f"### first\n{text}\n### second\n{text}", "utf-8")
    har(tmp_path / "a.har", entry(heard))
    status, said = run(tmp_path)
    assert status == 0, said
    assert "3 calls: 0 break a must" in said
    assert "2 calls kept without an answer" in said


def test_without_a_secret_it_says_so(tmp_path: Path) -> None:
    _, text = run(har(tmp_path / "a.har", entry(call())), caller=Caller())
    assert "not proved by what was recorded: signatures: no secret is known" in text


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.har", "{", "is no JSON"),
        ("a.har", "[" * 100_000, "is no JSON"),
        ("a.har", "{}", "it is no HAR 1.2"),
        ("a.har", '{"log": {"entries": [7]}}', r"log\.entries\[1\]"),
        ("a.har", '{"log": {"entries": [{"request": {"method": 1, "url": 2}}]}}', "expected a text"),
        ("a.http", "hello\n", "expected METHOD URL"),
        ("a.http", "POST /?method=x\nno header\n", "expected a header"),
        ("a.jsonl", "nonsense\n", "is no JSON"),
        ("a.txt", "", "expected a .har"),
    ],
)
def test_what_is_no_recording_is_refused_in_a_line(tmp_path: Path, name: str, text: str, reason: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=reason):
        run(path)


def test_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to judge"):
        run(har(tmp_path / "a.har"))
    with pytest.raises(DataError, match=r"a\.jsonl"):
        run(tmp_path / "a.jsonl")
