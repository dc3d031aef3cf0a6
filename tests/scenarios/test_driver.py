"""The driver: a task to a command or a URL, its report back; what goes wrong there is nobody's verdict."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_qimen.scenarios.driver import Broken, Cannot, Task, Told, ask
from pytest_qimen.target.caller import DriverProfile
from tests.scenarios.drive import driven
from tests.support.servers import Peer, answer, raw

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
        ("import sys; sys.stdout.buffer.write('{}'.encode('utf-16'))", None),
        ("print('x' * (1 << 23))", None),
        ('print(\'{"format": 1, "outcome": ["success"]}\')', None),
        ('print(\'{"format": 1, "outcome": "success", "key": \' + "9" * 5000 + "}")', None),
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


def test_one_that_prints_without_end_is_killed(tmp_path: Path) -> None:
    code = "import os\nwhile True: os.write(1, bytes(1 << 20))"
    assert ask(command(tmp_path, code), TASK) == Broken("it printed more than 64 MB")


@pytest.mark.parametrize("session", [True, False])
def test_children_that_stay_are_not_waited_for(tmp_path: Path, session: bool) -> None:
    code = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session={session})
print('''{GOOD.replace('"n"', '"%d"')}''' % child.pid)
"""
    found = ask(command(tmp_path, code), TASK)
    assert isinstance(found, Told)
    os.kill(int(found.note), signal.SIGKILL)


def test_one_that_outlives_its_group_is_not_waited_for(tmp_path: Path) -> None:
    code = f"""
import subprocess, sys, time
code = "import time; time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
open({str(tmp_path / "pid")!r}, "w").write(str(child.pid))
time.sleep(600)
"""
    assert ask(command(tmp_path, code, 2.0), TASK) == Broken("no answer within 2 s")
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def _drips(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not peer.stopping.wait(0.05):
        peer.send(b" ")


def _hints(peer: Peer) -> None:
    peer.request()
    while not peer.stopping.wait(0.01):
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (_drips, "timeout: "),
        (_hints, "timeout: "),
        (lambda peer: peer.until_hung_up(), "timeout: "),
        (lambda peer: peer.request() and peer.send(answer(" " * (1 << 21))), "too-large: "),
        (
            lambda peer: peer.request() and peer.send(answer("", "302 Found", b"Location: /x\r\n")),
            "HTTP status 302",
        ),
        (lambda peer: peer.request() and peer.send(b"220 smtp\r\n"), "protocol: "),
        (
            lambda peer: peer.request() and peer.send(answer(GOOD.encode("utf-16"))),
            "expected one JSON object",
        ),
    ],
)
def test_a_url_that_answers_oddly_or_never(script: Callable[[Peer], None], why: str) -> None:
    with raw(script) as url:
        found = ask(DriverProfile(url=url, timeout=0.5), TASK)
    assert isinstance(found, Broken)
    assert found.why.startswith(why)
