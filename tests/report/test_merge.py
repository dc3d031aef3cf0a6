"""`qimen report`: one run, an interrupted one, shards; and what is no run of pytest-qimen."""

import json
from pathlib import Path

import pytest

from pytest_qimen.errors import DataError, QimenError, UsageError
from pytest_qimen.report.merge import FORMS, load, read, write
from tests.report.report_events import FLAG, HEAD_LINE, broken_run, case, case_line, write_events


def test_every_form_is_written(tmp_path: Path) -> None:
    record = load([write_events(tmp_path / "run", broken_run())])
    paths = write(record, tmp_path / "out")
    assert sorted(path.name for path in paths) == sorted(name for name, _ in FORMS.values())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)
    results = json.loads((tmp_path / "out/results.json").read_text("utf-8"))
    assert (results["verdict"], results["counts"]["fail"]) == ("non-conformant", 2)


def test_an_interrupted_run_is_incomplete(tmp_path: Path) -> None:
    folder = write_events(tmp_path, [case("wms/a/x"), case("wms/a/y")], ended=None)
    file = folder / "events.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    record = read(folder)
    assert [event.id for event in record.cases] == ["wms/a/x"]
    (path,) = write(record, folder, ["json"])
    results = json.loads(path.read_text("utf-8"))
    assert (results["verdict"], results["ended"]) == ("incomplete", None)


def test_shards_become_one_run(tmp_path: Path) -> None:
    one = write_events(tmp_path / "1", [case("wms/a/x"), case("wms/a/y", "fail", FLAG)], roles=["wms"])
    other = write_events(
        tmp_path / "2",
        [case("wms/a/y"), case("erp/b/x")],
        roles=["erp"],
        seed="QZZZZZ1",
        started="2026-11-22T09:00:00+08:00",
        ended="2026-11-22T11:00:00+08:00",
    )
    record = load([one, other])
    assert {event.id: event.status for event in record.cases} == {
        "wms/a/x": "pass",
        "wms/a/y": "fail",  # the worse of the two
        "erp/b/x": "pass",
    }
    assert record.head.roles == ("erp", "wms")
    assert record.head.seed == "QABCDE0+QZZZZZ1"
    assert (record.head.started, record.ended) == (
        "2026-11-22T09:00:00+08:00",
        "2026-11-22T11:00:00+08:00",
    )


def test_one_interrupted_shard_leaves_the_whole_incomplete(tmp_path: Path) -> None:
    one = write_events(tmp_path / "1", [case("wms/a/x")])
    assert load([one, write_events(tmp_path / "2", [], ended=None)]).ended is None


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({"suite": {"version": "0.2.0", "digest": "0123456789abcdef"}}, "suite 0.2.0 (0123456789abcdef)"),
        ({"target": "other"}, "target 'other' instead of 'demo'"),
        ({"url": "http://elsewhere"}, "url 'http://elsewhere'"),
        ({"level": "should"}, "level 'should'"),
    ],
)
def test_what_is_no_shard(tmp_path: Path, head: dict, words: str) -> None:
    one, other = write_events(tmp_path / "1", []), write_events(tmp_path / "2", [], **head)
    with pytest.raises(UsageError, match="is no shard of") as error:
        load([one, other])
    assert words in str(error.value)


START = json.dumps(HEAD_LINE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: is not the start"),
        ("PK\x03\x04", "line 1: is not the start"),
        ("[1]\n[2]\n", "line 1: is no line of an events.jsonl"),
        ('{"type": "case"}\n', "line 1: lacks id"),
        ('{"type": "run"}\n', "line 1: is of format None"),
        (START.replace('"format": 1', '"format": 2') + "\n", "format 2; this version reads up to 1"),
        (START.replace("digest", "digits") + "\n", "line 1: lacks suite.digest"),
        (START + '\n{"type": "end"}\n', "line 2: lacks ended"),
        (START + "\nxx\n" + START + "\n", "line 2: is no JSON"),
        (START + '\n{"type": "case", "id": "a"}\n', "line 2: lacks method"),
        (START + "\n" + json.dumps(case_line("wms/a/x", "odd")) + "\n", "line 2: status: expected one of"),
        (START + "\n" + json.dumps(case_line("wms/a/x", findings=[{}])) + "\n", "lacks findings[1].check"),
    ],
)  # fmt: skip
def test_what_is_no_run(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "events.jsonl").write_text(text, "utf-8")
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert (tmp_path / "events.jsonl").read_text("utf-8") == text


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="at least one folder"):
        load([])


def test_an_unknown_form_leaves_the_folder_alone(tmp_path: Path) -> None:
    record = load([write_events(tmp_path / "run", broken_run())])
    with pytest.raises(QimenError, match="unknown form 'pdf'; expected some of json, html, md, svg, har"):
        write(record, tmp_path / "out", ["json", "pdf"])
    assert not (tmp_path / "out").exists()
