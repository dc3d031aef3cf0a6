"""A task in, what the driver says of it out: a command of the user's or a URL that makes the system act."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any, TypeAlias

from pytest_qimen.cases.scenario import OUTCOMES
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Transport
from pytest_qimen.phrases import Phrase, text_of
from pytest_qimen.target.caller import DriverProfile
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Evidence

FORMAT = 1
CANNOT, CANNOT_STATUS = 89, 501  # how a command and a URL say that they cannot do a thing
LARGEST, MOST = 1 << 20, 64 << 20  # bytes of an answer, and of all that a command prints
CONNECT, LOOK = 15.0, 0.2  # seconds to reach a URL, and between looks at what a command printed
_WANT = {"lines": 1, "documents": 1, "text": "", "quantity": 5, "items": "known", "kind": "", "parts": []}


@dataclass(frozen=True, slots=True)
class Task:
    """What the system should do; `key` names the document of earlier tasks, empty for something new.

    `tell` is for a person alone.
    """

    scenario: str
    do: str
    method: str
    url: str
    key: str = ""
    want: Mapping[str, Any] = field(default_factory=dict)
    tell: Text | None = None

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
    """Run the command in a process group of its own, without a shell; kill the group when time is up.

    Files take what it prints: children that it leaves behind hold no pipe that somebody waits for.
    """
    known = {name: value for name, value in os.environ.items() if not name.startswith("QIMEN_")}
    environment = known | {"QIMEN_URL": task.url, "QIMEN_SCENARIO": task.scenario}
    with TemporaryFile() as asked, TemporaryFile() as out, TemporaryFile() as complaint:
        asked.write(body)
        asked.seek(0)
        try:
            process = subprocess.Popen(
                driver.command,
                stdin=asked,
                stdout=out,
                stderr=complaint,
                env=environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return Broken(str(error))
        if why := _ended(process, driver.timeout, (out, complaint)):
            return Broken(why)
        if process.returncode == CANNOT:
            return Cannot(_last_line(complaint) or _last_line(out))
        if process.returncode:
            return Broken(f"exit status {process.returncode}: {_last_line(complaint)}")
        return read_report(_last_line(out))


def _ended(process: "subprocess.Popen[bytes]", seconds: float, printed: Sequence[IO[bytes]]) -> str:
    """Wait for the end of the process; return why it was killed, with its children, empty where it ended."""
    deadline, why = time.monotonic() + seconds, ""
    while not why:
        try:
            process.wait(min(LOOK, max(0.0, deadline - time.monotonic())))
            return ""
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                why = f"no answer within {seconds:g} s"
            elif sum(os.fstat(one.fileno()).st_size for one in printed) > MOST:
                why = f"it printed more than {MOST >> 20} MB"
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return why


def _post(driver: DriverProfile, body: bytes) -> Told | Cannot | Broken:
    """Send the task to the URL; no redirect is followed, and all of the answer must come in time."""
    headers = (("Content-Type", "application/json"),)
    transport = Transport(
        connect_timeout=min(CONNECT, driver.timeout), read_timeout=driver.timeout, max_answer=LARGEST
    )
    with closing(transport):
        answer = transport.send(SignedRequest("POST", driver.url, headers, body, ()))
    if answer.error:
        return Broken(text_of(answer.error.said()))
    text = answer.body.decode("utf-8", "replace")
    if answer.status == CANNOT_STATUS:
        return Cannot(text[:500])
    return read_report(text) if answer.status == 200 else Broken(f"HTTP status {answer.status}")


def _last_line(out: IO[bytes]) -> str:
    """Return the last line that was printed, of the last LARGEST bytes."""
    out.seek(max(0, os.fstat(out.fileno()).st_size - LARGEST))
    lines = out.read(LARGEST).decode("utf-8", "replace").strip().splitlines()
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
