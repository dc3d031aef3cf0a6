"""The small commands and the list of them."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.cases.caller_cases import bundled_scenarios
from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.messages import samples
from pytest_qimen.reference.faults import FAULTS
from pytest_qimen.reference.variants import VARIANTS
from tests.commands.console_runs import START, Captured, run
from tests.support.files import write


def test_list(capsys: Captured) -> None:
    status, out, err = run(capsys, "list", "*.heartbeat")
    assert (status, err) == (0, "")
    head, line, total = out.splitlines()
    assert head == "method                                         request  answer  rules  cases  title"
    assert re.fullmatch(r"wms/service\.heartbeat {26} +1 +3 +0 +\d+  服务心跳检测", line)
    assert re.fullmatch(r"1 method +1 +3 +0 +\d+", total)


def test_list_everything(capsys: Captured) -> None:
    status, out, _ = run(capsys, "list")
    lines = out.splitlines()
    assert status == 0
    assert [line.split()[0] for line in lines[1:-2]] == list(spec.methods())
    for column in (1, 2, 3, 4):
        assert int(lines[-2].split()[column + 1]) == sum(int(line.split()[column]) for line in lines[1:-2])


def test_list_takes_roles(capsys: Captured) -> None:
    _, out, _ = run(capsys, "list", "wdk/*")
    assert out.splitlines()[-1].startswith("2 methods")


def test_generate_check(capsys: Captured) -> None:
    assert run(capsys, "generate", "--check")[0] == 0


def test_check(capsys: Captured, tmp_path: Path) -> None:
    root = samples.minimal(spec.load_api("order.cancel").request)
    good = tmp_path / "order.cancel.xml"
    good.write_bytes(xml.write(root))
    assert run(capsys, "check", str(good)) == (0, f"{good}: wms/order.cancel request: ok\n", "")
    xml.drop(root, "orderCode")
    good.write_bytes(xml.write(root))
    status, out, _ = run(capsys, "check", str(good), "--method", "order.cancel")
    assert status == 1
    assert out.startswith(f"{good}: wms/order.cancel request: 1 fault\n  must need orderCode: ")


def test_replay(capsys: Captured) -> None:
    status, out, err = run(capsys, "replay", "wms/service.heartbeat/request/minimal")
    assert (status, err) == (0, "")
    assert out.startswith("PASS  wms/service.heartbeat/request/minimal  (must)\n")


def test_explain_a_case(capsys: Captured) -> None:
    identity = "wms/shop.synchronize/request/shop.shopName/too-long"
    status, out, err = run(capsys, "explain", identity)
    assert (status, err) == (0, "")
    told = out.splitlines()
    assert told[0] == f"{identity}  (should, length)"
    assert any(line.startswith("request.length: ") for line in told)
    assert told[-2:] == [
        "leave it out:  pytest --deselect 'cases/wms/shop.synchronize.toml::request/shop.shopName/too-long'",
        f'forgive it:    [[known]] with id = "{identity}" in the target file',
    ]


@pytest.mark.parametrize(
    ("identity", "requirement"),
    [
        ("callers/message/length/wms/entryorder.create", "caller.message.length  (must, of callers)"),
        ("callers/sent/wms/entryorder.create", "caller.message.every-method  (must, of callers)"),
        ("callers/fields/wms/entryorder.create", "caller.message.variety  (may, of callers)"),
        ("caller.call.signed", "caller.call.signed  (must, of callers)"),
    ],
)
def test_explain_what_a_caller_must(identity: str, requirement: str, capsys: Captured) -> None:
    status, out, _ = run(capsys, "explain", identity)
    assert status == 0
    assert out.startswith(requirement)
    assert "judged by `qimen listen`" in out


def test_explain_a_requirement(capsys: Captured) -> None:
    status, out, _ = run(capsys, "explain", "signature.verified")
    assert status == 0
    told = out.splitlines()
    assert told[0] == "signature.verified  (must)"
    assert told[2].startswith("clause: 000 ")
    number = re.fullmatch(r"(\d+) cases test it:", told[3])
    assert number
    assert told[-1] == f"  … and {int(number[1]) - 20} more"
    untested = next(one for one in load_requirements().values() if one.untested)
    told = run(capsys, "explain", untested.id)[1].splitlines()
    assert told[-1].startswith("not tested: ")


@pytest.mark.parametrize(("option", "table"), [("--list-faults", FAULTS), ("--list-variants", VARIANTS)])
def test_lists_of_the_endpoint(option: str, table: dict[str, object], capsys: Captured) -> None:
    status, out, _ = run(capsys, "serve", option)
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(table)
    assert all(len(line.split()) > 1 for line in out.splitlines())


def test_a_baseline_names_nobody(capsys: Captured, tmp_path: Path) -> None:
    found = {"check": "contract.is", "level": "must", "path": "receiverInfo.name", "expected": "1"}
    found |= {"actual": "欧阳测试", "clause": "c", "step": 1}
    event = {"type": "case", "id": "wms/a/b", "method": "a", "role": "wms", "level": "must", "family": "f"}
    event |= {"status": "fail", "cause": "", "findings": [found], "requirements": [], "requests": 1}
    write(tmp_path, "events.jsonl", f"{json.dumps(START)}\n{json.dumps(event | {'seconds': 0.1})}\n")
    status, out, err = run(capsys, "baseline", str(tmp_path))
    assert (status, err) == (0, "")
    assert 'reason = "contract.is at receiverInfo.name: expected 1, got ***"' in out


def test_list_knows_the_scenarios_of_callers(capsys: Captured) -> None:
    status, out, _ = run(capsys, "list")
    assert status == 0
    assert out.splitlines()[-1] == f"{len(bundled_scenarios())} scenarios of callers (callers/…)"
    status, out, _ = run(capsys, "list", "callers/faults/lost-*", "--lang", "zh")
    lines = out.splitlines()
    assert status == 0
    assert any(line.startswith("callers/faults/lost-answer ") and "应答丢失" in line for line in lines)
    assert lines[-1] == f"{len(lines) - 1} 个调用方场景（callers/…）"
    assert run(capsys, "list", "callers/nothing")[0] == 2


def test_explain_names_the_scenarios_that_show_a_requirement(capsys: Captured) -> None:
    status, out, _ = run(capsys, "explain", "caller.fault.cancel-unclear")
    assert status == 0
    assert "1 scenario shows it:\n  callers/faults/lost-cancel" in out
    assert "not tested" not in out
    out = run(capsys, "explain", "caller.key.stable")[1]
    assert "judged by `qimen listen`" in out
    assert "scenarios show it:" in out
    assert "no scenario" not in run(capsys, "explain", "caller.call.host-reused")[1]


@pytest.mark.parametrize("spelling", ["order.cancel", "wms/order.cancel", "cases/wms/order.cancel.toml"])
def test_explain_a_method(spelling: str, capsys: Captured) -> None:
    status, out, _ = run(capsys, "explain", spelling)
    told = out.splitlines()
    assert (status, told[0]) == (0, "wms/order.cancel  单据取消")
    assert told[2] == "  wms/order.cancel/request/minimal"


def test_explain_a_misspelt_method(capsys: Captured) -> None:
    status, _, err = run(capsys, "explain", "order.cancle")
    assert (status, "did you mean order.cancel?" in err) == (2, True)


def test_a_target_file_to_start_from_speaks_one_language(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {}
    for language in ("en", "zh"):
        assert run(capsys, "init-target", f"{language}.toml", "--lang", language)[0] == 0
        texts[language] = (tmp_path / f"{language}.toml").read_text("utf-8")
    assert not re.search("[\u4e00-\u9fff]", texts["en"])
    comments = re.findall('(?:^|  )# ([^"=\n]+)$', texts["zh"], re.M)
    assert len(comments) > 30
    assert [one for one in comments if not re.search("[\u4e00-\u9fff]", one)] == [
        "  pytest --qimen-target zh.toml",
        "[[known]]",
    ]
    assert tomllib.loads(texts["en"]) == tomllib.loads(texts["zh"])
