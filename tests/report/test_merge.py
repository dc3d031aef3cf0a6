"""`qimen report`: one run, an interrupted one, shards; and what is no run of pytest-qimen."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.errors import DataError, QimenError, UsageError
from pytest_qimen.report.certificate import issue
from pytest_qimen.report.halves import halves_of
from pytest_qimen.report.merge import FORMS, load, read, write
from pytest_qimen.report.record import Profile
from pytest_qimen.report.results import suite
from tests.report.report_events import FLAG, HEAD_LINE, broken_run, case, case_line, write_events

PROFILE = Profile().to_json()


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
    one = write_events(tmp_path / "1", [case("wms/a/x"), case("wms/a/y", "fail", FLAG)], shards=["1/2"])
    other = write_events(
        tmp_path / "2",
        [case("wms/a/y"), case("erp/b/x")],
        shards=["2/2"],
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
    assert record.head.shards == ("1/2", "2/2")
    assert record.head.seed == "QABCDE0+QZZZZZ1"
    assert (record.head.started, record.ended) == (
        "2026-11-22T09:00:00+08:00",
        "2026-11-22T11:00:00+08:00",
    )


def test_one_interrupted_shard_leaves_the_whole_incomplete(tmp_path: Path) -> None:
    one = write_events(tmp_path / "1", [case("wms/a/x")])
    assert load([one, write_events(tmp_path / "2", [], ended=None)]).ended is None


@pytest.mark.parametrize(
    ("shards", "words"),
    [
        (["1/2"], ["shards missing: 2/2"]),
        (["1/2", "1/2"], ["shards missing: 2/2", "shards given twice: 1/2"]),
        (["1/2", "2/2", "2/2"], ["shards given twice: 2/2"]),
        (["11/12"], [f"shards missing: {', '.join(f'{number}/12' for number in (*range(1, 11), 12))}"]),
        (["1/1", "1/1"], ["shards given twice: 1/1"]),
        (["1/2", "2/2"], []),
        (["1/1"], []),
    ],
)
def test_lost_and_double_shards_are_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shards: list[str], words: list[str]
) -> None:
    folders = [
        str(write_events(tmp_path / str(number), [case("wms/a/x")], shards=[shard]))
        for number, shard in enumerate(shards)
    ]
    out = tmp_path / "out"
    assert main(["report", *folders, "-o", str(out)]) == bool(words)
    assert capsys.readouterr().err.splitlines() == [f"report: incomplete: {word}" for word in words]
    said = "incomplete" if words else "conformant"
    assert json.loads((out / "results.json").read_text("utf-8"))["verdict"] == said
    assert f"### {'⚠️' if words else '✅'} Qimen: {said}" in (out / "summary.md").read_text("utf-8")
    assert said in (out / "badge.svg").read_text("utf-8")
    assert all(word in (out / "summary.md").read_text("utf-8").lower() for word in words)
    assert "; ".join(words) in certificate_refused(folders)


def certificate_refused(folders: list[str]) -> str:
    """Why the run has no certificate."""
    run = load(folders)
    with pytest.raises(UsageError) as error:
        issue(halves_of(replace(run, head=replace(run.head, suite=suite()))))
    return str(error.value)


@pytest.mark.parametrize("shard", ["", "1", "0/2", "1/0", "1/9999999", "a/b", "1/2/3", "１/2"])
def test_a_text_that_names_no_shard(tmp_path: Path, shard: str) -> None:
    folder = write_events(tmp_path, [], shards=[shard])
    with pytest.raises(DataError, match="line 1: shards: expected a part and their number such as 3/10"):
        load([folder])


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({"suite": {"version": "0.2.0", "digest": "0123456789abcdef"}}, "suite 0.2.0 (0123456789abcdef)"),
        ({"target": "other"}, "target 'other' instead of 'demo'"),
        ({"url": "http://elsewhere"}, "url 'http://elsewhere'"),
        ({"level": "should"}, "level 'should'"),
        ({"roles": ["wms"]}, "roles ('wms',) instead of ('wms', 'erp')"),
        ({"methods": ["stock.*"]}, "methods ('stock.*',) instead of ('*',)"),
        ({"embedded": True}, "embedded True instead of False"),
        ({"profile": PROFILE | {"without": ["stock.*"]}}, "profile without ['stock.*'] instead of []"),
        ({"shards": ["2/3"]}, "number of shards '3' instead of '2'"),
    ],
)
def test_what_is_no_shard(tmp_path: Path, head: dict, words: str) -> None:
    same = {"profile": PROFILE, "shards": ["1/2"]}
    one = write_events(tmp_path / "1", [], **same)
    other = write_events(tmp_path / "2", [], **same | {"shards": ["2/2"]} | head)
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
    with pytest.raises(DataError, match="no such file"):
        read(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="at least one folder"):
        load([])


def test_an_unknown_form_leaves_the_folder_alone(tmp_path: Path) -> None:
    record = load([write_events(tmp_path / "run", broken_run())])
    with pytest.raises(QimenError, match="unknown form 'pdf'; expected some of json, html, md, svg, har"):
        write(record, tmp_path / "out", ["json", "pdf"])
    assert not (tmp_path / "out").exists()
