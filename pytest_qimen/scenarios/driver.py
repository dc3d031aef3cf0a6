"""A task in, what the driver says of it out: a command of the user's or a URL that makes the system act."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pytest_qimen.cases.scenario import OUTCOMES
from pytest_qimen.phrases import Phrase
from pytest_qimen.target.caller import DriverProfile
from pytest_qimen.verdict import Evidence

FORMAT = 1
CANNOT, CANNOT_STATUS = 89, 501  # how a command and a URL say that they cannot do a thing
LARGEST = 1 << 20  # bytes of an answer
_WANT = {"lines": 1, "documents": 1, "text": "", "quantity": 5, "items": "known", "kind": "", "parts": []}


@dataclass(frozen=True, slots=True)
class Task:
    """What the system should do; `key` names the document of earlier tasks, empty for something new."""

    scenario: str
    do: str
    method: str
    url: str
    key: str = ""
    want: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the object that the driver reads; nothing in it is optional."""
        return {
            "format": FORMAT,
            "scenario": self.scenario,
            "do": self.do,
            "method": self.method,
            "url": self.url,
            "key": self.key,
            "want": _WANT | dict(self.want),
        }


@dataclass(frozen=True, slots=True)
class Told:
    """What the driver, or a person in its place, reports."""

    outcome: str
    key: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    evidence: Evidence = Evidence.DRIVER


@dataclass(frozen=True, slots=True)
class Cannot:
    """The driver, or a person, cannot do this: what it was for stays untested, `why` says so."""

    note: str = ""
    why: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """The driver failed: nobody's verdict hangs on it."""

    why: str


Driven: TypeAlias = Callable[[Task], Told | Cannot | Broken]


def ask(driver: DriverProfile, task: Task) -> Told | Cannot | Broken:
    """Give the task to the driver and wait for its report."""
    body = json.dumps(task.to_json(), ensure_ascii=False).encode()
    return _run(driver, task, body) if driver.command else _post(driver, body)


def _run(driver: DriverProfile, task: Task, body: bytes) -> Told | Cannot | Broken:
    """Run the command in a process group of its own, without a shell; kill the group when time is up."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("QIMEN_")}
    environment = known | {"QIMEN_URL": task.url, "QIMEN_SCENARIO": task.scenario}
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(
            driver.command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
        )
    except (OSError, ValueError) as error:
        return Broken(str(error))
    try:
        out, complaint = process.communicate(body, timeout=driver.timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Broken(f"no answer within {driver.timeout:g} s")
    if process.returncode == CANNOT:
        return Cannot(_last_line(complaint or out))
    if process.returncode:
        return Broken(f"exit status {process.returncode}: {_last_line(complaint)}")
    return read_report(_last_line(out))


def _post(driver: DriverProfile, body: bytes) -> Told | Cannot | Broken:
    """Send the task to the URL; no redirect is followed."""
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(driver.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=driver.timeout)
    try:
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read(LARGEST).decode("utf-8", "replace")
    except (OSError, HTTPException, ValueError) as error:
        return Broken(str(error) or type(error).__name__)
    finally:
        connection.close()
    if answer.status == CANNOT_STATUS:
        return Cannot(text[:500])
    return read_report(text) if answer.status == 200 else Broken(f"HTTP status {answer.status}")


def _last_line(out: bytes) -> str:
    lines = out[-LARGEST:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def read_report(text: str) -> Told | Broken:
    """Return the report that a line is, or what is wrong with it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Broken(f"expected one JSON object in its last line, got {text[:200]!r}")
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return Broken(f"expected a JSON object with format {FORMAT}")
    if found.get("outcome") not in OUTCOMES:
        return Broken(f"outcome: expected one of {', '.join(OUTCOMES)}")
    values = found.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(one, str | int | float) for one in values.values()):
        return Broken("values: expected an object of texts")
    key, note = found.get("key", ""), found.get("note", "")
    if not isinstance(key, str) or not isinstance(note, str):
        return Broken("key and note: expected texts")
    return Told(str(found["outcome"]), key, {name: str(value) for name, value in values.items()}, note)
