"""The driver: a task to a command or a URL, its report back; what goes wrong there is nobody's verdict."""

import sys
from pathlib import Path

import pytest

from pytest_qimen.scenarios.driver import Broken, Cannot, Task, Told, ask
from pytest_qimen.target.caller import DriverProfile
from tests.scenarios.drive import driven

TASK = Task("callers/x/y", "send", "entryorder.create", "http://127.0.0.1:1/qimen", want={"lines": 3})
GOOD = '{"format": 1, "outcome": "success", "key": "A1", "values": {"quantity": 0}, "note": "n"}'


def command(folder: Path, code: str, timeout: float = 30.0) -> DriverProfile:
    script = folder / "drive.py"
    script.write_text(code, "utf-8")
    return DriverProfile((sys.executable, str(script)), timeout=timeout)


def test_a_report(tmp_path: Path) -> None:
    found = ask(command(tmp_path, f"print('talk')\nprint('''{GOOD}''')"), TASK)
    assert found == Told("success", "A1", {"quantity": "0"}, "n")


def test_the_task_arrives_whole_and_no_key_of_the_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIMEN_SECRET", "topsecret-A")
    code = """
import json, os, sys
task = json.load(sys.stdin)
assert "QIMEN_SECRET" not in os.environ
assert os.environ["QIMEN_URL"] == task["url"] and os.environ["QIMEN_SCENARIO"] == task["scenario"]
assert task["want"] == {"lines": 3, "documents": 1, "text": "", "quantity": 5, "items": "known", "kind": "",
                        "parts": []}
print(json.dumps({"format": 1, "outcome": "pending", "key": task["method"]}))
"""
    assert ask(command(tmp_path, code), TASK) == Told("pending", "entryorder.create")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import sys; print('no such menu', file=sys.stderr); sys.exit(89)", Cannot("no such menu")),
        (
            "import sys; print('oops', file=sys.stderr); sys.exit(3)",
            Broken("exit status 3: oops"),
        ),
        ("", Broken("expected one JSON object in its last line, got ''")),
        ("print('[' * 100000)", None),
        ("print('[]')", Broken("expected a JSON object with format 1")),
        ("print('{\"format\": 1}')", Broken("outcome: expected one of success, failure, unknown, pending")),
        (
            'print(\'{"format": 1, "outcome": "success", "values": [1]}\')',
            Broken("values: expected an object of texts"),
        ),
        (
            'print(\'{"format": 1, "outcome": "success", "key": 1}\')',
            Broken("key and note: expected texts"),
        ),
    ],
)
def test_what_is_no_report(tmp_path: Path, code: str, found: object) -> None:
    told = ask(command(tmp_path, code), TASK)
    assert isinstance(told, Broken) if found is None else told == found


def test_one_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    assert ask(command(tmp_path, code, 0.5), TASK) == Broken("no answer within 0.5 s")


def test_one_that_is_not_there() -> None:
    assert isinstance(ask(DriverProfile(("/no/such/command",)), TASK), Broken)
    assert isinstance(ask(DriverProfile(url="http://127.0.0.1:1/"), TASK), Broken)


def test_a_url_that_cannot() -> None:
    with driven(("a", "b", "c")) as url:
        task = Task("callers/x/y", "send", "shop.synchronize", "http://127.0.0.1:1/qimen")
        assert isinstance(ask(DriverProfile(url=url), task), Cannot)
