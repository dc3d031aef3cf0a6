"""What a person asks for on the page of `qimen ui` in; runs as child processes, and how they fare, out."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pytest_qimen import spec
from pytest_qimen.console import plain
from pytest_qimen.errors import QimenError, UsageError
from pytest_qimen.phrases import say
from pytest_qimen.report.record import Json
from pytest_qimen.target.model import load_target

KINDS = ("endpoint", "listen", "scenarios")
KEYS = ("QIMEN_APP_KEY", "QIMEN_SECRET", "QIMEN_CUSTOMER_ID", "QIMEN_SESSION")
PAGE = re.compile(r"http://127\.0\.0\.1:\d{1,5}/[\w-]{22}/")
GRACE = 15.0  # seconds in which a run ends in good order, once it is told to
TAIL = 30  # lines of what a run printed that are shown
MOST = 4  # runs at a time


@dataclass
class _Run:
    """One child process, in a process group of its own."""

    number: int
    kind: str
    about: str
    folder: Path
    process: "subprocess.Popen[str]"
    page: str = ""
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))
    status: int | None = None

    def to_json(self) -> Json:
        return {
            "number": self.number,
            "kind": self.kind,
            "about": self.about,
            "page": self.page,
            "lines": list(self.lines),
            "status": self.status,
            "report": (self.folder / "report.html").is_file(),
        }


class Launcher:
    """Starts runs below a folder, and ends them; `changed` hears of every change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._runs: dict[int, _Run] = {}
        self._threads: list[threading.Thread] = []
        self.changed: Callable[[], None] = lambda: None

    def runs(self) -> list[Json]:
        """Return what is known of every run of this session, the last first."""
        return [one.to_json() for one in reversed(list(self._runs.values()))]

    @staticmethod
    def keys() -> Json:
        """Return which keys are in the environment; what they are is never shown."""
        return {name: bool(os.environ.get(name)) for name in KEYS}

    def state(self) -> Json:
        """Return what the page shows; functions are asked when somebody reads."""
        page = self._folder / "history.html"
        shown = {"runs": self.runs, "keys": self.keys, "remembers": page.is_file}
        return {"head": {"side": "ui", "target": "", "url": ""}, "folder": str(self._folder), **shown}

    def start(self, wanted: Json) -> Json:
        """Start what the page asks for; return whether it was started, else why not, in both languages."""
        try:
            kind, words, about = _command(wanted)
            with self._lock:
                if sum(one.status is None for one in self._runs.values()) >= MOST:
                    raise UsageError(say("ui-most", most=MOST))
                self._launch(kind, words, about)
        except QimenError as error:
            return {"started": False, "why": [plain(error.text("zh")), plain(error.text("en"))]}
        self.changed()
        return {"started": True}

    def _launch(self, kind: str, words: list[str], about: str) -> None:
        number = next(n for n in range(1, 1_000_000) if not (self._folder / f"run-{n}").exists())
        folder = self._folder / f"run-{number}"
        folder.mkdir(parents=True)
        option = "--qimen-report" if kind == "scenarios" else "--report"
        words = [sys.executable, "-u", "-m", *words, f"{option}={folder}"]
        words += [f"--history={self._folder}"] if kind == "endpoint" else []
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        run = self._runs[number] = _Run(number, kind, about, folder, process)
        thread = threading.Thread(target=self._follow, args=(run,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _follow(self, run: _Run) -> None:
        """Keep what a run prints, and the address of its page, until it ends."""
        assert run.process.stdout
        for line in run.process.stdout:
            if found := PAGE.search(line):
                run.page = run.page or found[0]
            run.lines.append(plain(line.rstrip())[:300])
            self.changed()
        run.process.stdout.close()
        run.status = run.process.wait()
        self.changed()

    def stop(self, wanted: Json) -> Json:
        """Tell a run to end in good order, as Ctrl-C does."""
        run = self._runs.get(wanted.get("number", 0)) if isinstance(wanted.get("number"), int) else None
        if run is None or run.status is not None:
            return {"stopped": False}
        _tell(run, signal.SIGINT)
        return {"stopped": True}

    def close(self) -> None:
        """End every run: in good order, and by force what takes too long."""
        for run in self._runs.values():
            if run.status is None:
                _tell(run, signal.SIGINT)
        for run in self._runs.values():
            try:
                run.process.wait(GRACE)
            except subprocess.TimeoutExpired:
                _tell(run, signal.SIGKILL)
        for thread in self._threads:
            thread.join(GRACE)

    def report(self, number: str) -> bytes | None:
        """Return the report of a run; None where there is none."""
        run = self._runs.get(int(number)) if number.isascii() and number.isdecimal() else None
        return _bytes(run.folder / "report.html") if run else None

    def history(self, name: str) -> bytes | None:
        """Return the page about all endpoint runs; None where there is none."""
        return None if name else _bytes(self._folder / "history.html")


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _tell(run: _Run, what: signal.Signals) -> None:
    """Send a signal to a run and all that it started."""
    try:
        os.killpg(run.process.pid, what)
    except ProcessLookupError:
        return


def _command(wanted: Json) -> tuple[str, list[str], str]:
    """Return what is run, its command without the report, and what it is about; UsageError for nonsense."""
    texts = {name: wanted.get(name, "") for name in ("kind", "url", "target", "port")}
    roles = wanted.get("roles", [])
    if not all(isinstance(one, str) for one in texts.values()) or not isinstance(roles, list):
        raise UsageError(say("ui-nonsense"))
    kind, url, file, port = (one.strip() for one in texts.values())
    if kind not in KINDS or not {*map(str, roles)} <= {*spec.ROLES}:
        raise UsageError(say("ui-nonsense"))
    if port and not (port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        raise UsageError(say("told", place="port", why=say("want-port", text=port)))
    target = load_target(file or None)
    if kind == "endpoint":
        if not re.match(r"https?://[^\s]", url) and not (target.url and not url):
            raise UsageError(say("ui-url"))
        words = ["pytest_qimen", "test", *([url] if url else []), "--live"]
        words += [f"--role={','.join(roles)}"] if roles else []
        return kind, [*words, *([f"--target={file}"] if file else [])], url or target.url
    if kind == "listen":
        words = ["pytest_qimen", "listen", f"--port={port or 0}"]
        return kind, [*words, *([f"--target={file}"] if file else [])], file
    if not file:
        raise UsageError(say("ui-target"))
    words = ["pytest", "-p", "no:cacheprovider", f"--qimen-listen={port or 0}", "--qimen-attended"]
    return kind, [*words, f"--qimen-target={file}"], file
