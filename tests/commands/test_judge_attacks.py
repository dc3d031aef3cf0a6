"""`qimen judge` on recordings that are made to hang it, to break it or to bend the terminal."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.calls.call import Heard
from pytest_qimen.errors import DataError
from pytest_qimen.messages import samples
from tests.commands.test_judge import GOOD, call, entry, har, run
from tests.support.heard import heard_message

Entry = dict[str, Any]


def put(key: str, value: Any) -> Callable[[Entry], None]:
    return lambda one: one.update({key: value})


def put_url(text: str) -> Callable[[Entry], None]:
    def change(one: Entry) -> None:
        one["request"]["url"] += text

    return change


def put_body(text: str) -> Callable[[Entry], None]:
    return lambda one: one["request"]["postData"].update(text=text)


@pytest.mark.parametrize(
    "change",
    [
        put("time", 10**400),
        put("time", float("inf")),
        put("time", float("nan")),
        put("startedDateTime", "9999-12-31T23:59:59-23:59"),
        put("startedDateTime", "0001-01-01T00:00:00+23:59"),
        lambda one: one["response"].update(status=10**300),
        lambda one: one["response"]["content"].update(text="\x1b]0;x\x07\ud800"),
        lambda one: one["request"].update(method="P\ud800\u202e"),
        lambda one: one["request"]["headers"].append(
            {"name": "\ud800\x1b[2J", "value": "\u202e\x9b31m\ud800"}
        ),
        put_url("&x=\ud800"),
        put_url("&%1b%5b31m=%e2%80%ae%00%ff"),
        put_body("<request><a>\ud800</a></request>"),
        put_body("<request>" * 30_000),
        put_body("<request>" + "".join(f"<z{number:x}/>" for number in range(40_000)) + "</request>"),
        put_url("".join(f"&a{number}=b" for number in range(5_000))),
    ],
)
def test_an_odd_entry_is_judged(tmp_path: Path, change: Callable[[Entry], None]) -> None:
    odd = entry(call())
    change(odd)
    status, text = run(har(tmp_path / "odd.har", odd, entry(call())))
    assert status in (0, 1)
    assert "2 calls: " in text
    assert all(one.isprintable() for one in text if one != "\n")


@pytest.mark.parametrize("many", ["inventory.report", "storeinventory.update"])
def test_keys_and_nothings_in_a_long_list(tmp_path: Path, many: str) -> None:
    api = spec.load_api(many)
    root = samples.full(api.request)
    lists = [row.path for row in api.request.fields if row.repeated]
    for path in lists[-1:]:
        xml.repeat(root, path, 5_000)
    whole = run(har(tmp_path / "whole.har", entry(heard_message(api, root))))
    for element in root.iter():
        element.text = "null" if not len(element) else None
    nulls = run(har(tmp_path / "nulls.har", entry(heard_message(api, root))))
    assert "1 call: " in whole[1]
    assert "1 call: 1 break a must" in nulls[1]


@pytest.mark.parametrize(
    "large",
    [
        lambda heard: replace(heard, target=f"{heard.target}&x={'y' * 70_000}"),
        lambda heard: replace(heard, headers=(("X", "y" * 70_000),)),
        lambda heard: replace(heard, body=b"<request>" + b"<x/>" * (xml.MOST + 1) + b"</request>"),
        lambda heard: replace(heard, body=b"x" * (21 << 20)),
    ],
)
def test_what_is_too_large_is_not_judged_and_never_green(
    tmp_path: Path, large: Callable[[Heard], Heard]
) -> None:
    status, text = run(har(tmp_path / "large.har", entry(large(call())), entry(call())))
    assert status == 1
    assert "call 1 is larger than what is judged" in text
    assert "2 calls: 0 break a must" in text
    assert "not proved by what was recorded: 1 call not judged" in text


def test_an_answer_that_is_too_large_is_none(tmp_path: Path) -> None:
    answer = GOOD.replace("</response>", "<x/>" * (xml.MOST + 1) + "</response>")
    status, text = run(har(tmp_path / "large.har", entry(call(), answer)))
    assert status == 0
    assert "0 answers" in text
    assert "1 call kept without an answer" in text


def test_a_number_of_a_log_that_is_no_status(tmp_path: Path) -> None:
    line = {"method": "POST", "url": call().target, "status": "9" * 60_000, "time": "x"}
    (tmp_path / "odd.log").write_text(json.dumps(line))
    assert "1 call kept without an answer" in run(tmp_path / "odd.log")[1]


@pytest.mark.parametrize("name", ["x.har", "x.http", "x.log", "events.jsonl"])
@pytest.mark.parametrize("kind", ["pipe", "device", "circle"])
def test_what_is_no_file_in_a_folder_is_told(tmp_path: Path, name: str, kind: str) -> None:
    har(tmp_path / "good.har", entry(call()))
    odd = tmp_path / name
    if kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to("/dev/zero" if kind == "device" else name)
    with pytest.raises(DataError) as caught:
        run(tmp_path)
    assert str(caught.value).startswith(f"{odd}: file: ")
    if kind != "circle":
        assert str(caught.value).endswith(": is no file")
