"""A page of docs/ in, its commands, files and shown output out; a Shell that runs the commands."""

import contextlib
import io
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_qimen.__main__ import main
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET

KEYS = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
PLACE = "http://localhost:8080/qimen"  # what the pages write for the endpoint
PYTEST = ("-W", "error", "-p", "no:cacheprovider", "--noconftest")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# ([\w./-]+\.(?:toml|xml|py))\b|<!-- ([\w./-]+\.xml) -->")


@dataclass(frozen=True)
class Step:
    """One thing a page asks for: a command with the output shown below it, or a file to write."""

    command: str = ""
    shown: str = ""
    file: str = ""
    text: str = ""


def blocks(page: str) -> list[tuple[str, str]]:
    """(language, text) of every fenced block."""
    return _BLOCK.findall(page)


def steps(page: str) -> Iterator[Step]:
    """What a reader does, in the order of the page."""
    for language, text in blocks(page):
        if language == "console":
            yield from _commands(text)
        elif language == "groovy":
            yield from map(
                Step, re.findall(r"^ *sh (?:script: )?'(.*?)'(?:, returnStatus: true)?$", text, re.MULTILINE)
            )
        elif language == "yaml":
            yield from (Step(line) for script in scripts(text) for line in _in_each_part(script))
        elif named := _NAMED.match(text):
            yield Step(file=named[1] or named[2], text=text)


def _commands(text: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield Step(command.strip(), shown.rstrip())


def scripts(text: str) -> list[str]:
    """The shell lines of a file of GitHub, GitLab or Gitee."""
    found: list[str] = []

    def walk(node: Any, key: str = "") -> None:
        if isinstance(node, dict):
            for name, value in node.items():
                walk(value, name)
        elif isinstance(node, list):
            for value in node:
                walk(value, key)
        elif key in ("run", "script", "before_script", "after_script", "commands") and isinstance(node, str):
            found.extend(line.strip() for line in node.splitlines() if line.strip())

    walk(yaml.safe_load(text))
    return found


def _in_each_part(line: str) -> Iterator[str]:
    """The line as each of four parallel jobs runs it; once where it does not tell them apart."""
    count = line.replace("$CI_NODE_TOTAL", "4")
    for part in "1234":
        job = count.replace("${{ matrix.part }}", part).replace("$CI_NODE_INDEX", part)
        yield job
        if job == count:
            return


def matches(shown: str, real: str) -> bool:
    """Whether the shown output is an excerpt of the real one.

    `…` stands for anything, alone in a line for any lines; numbers, digests and widths are not held.
    """
    lines = [r"(?:.*\n)*?" if line.strip() == "…" else f"{_line(line)}\n" for line in shown.splitlines()]
    return re.search(f"^{''.join(lines)}", f"{real.rstrip()}\n", re.MULTILINE) is not None


def _line(text: str) -> str:
    text = re.sub(r"[0-9a-f]{16}", "…", text.rstrip())
    text = re.sub(r"\d+", "0", text)
    text = re.sub(r"([ =_─])\1+", r"\1", text)
    made = "".join(
        {"…": ".*", "0": r"\d+", " ": " +", "=": "=+", "_": "_+"}.get(x, re.escape(x)) for x in text
    )
    return f"{made} *"


class Shell:
    """Runs commands in the folder of a test: pytest and qimen in this process, the rest in bash."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        self._pytester, self._monkeypatch = pytester, monkeypatch
        self.url = self._first = url
        self.serving: list[subprocess.Popen[str]] = []
        for name in ("QIMEN_SESSION", "QIMEN_LANG", "PYTEST_ADDOPTS", "CI", "BUILD_NUMBER", *KEYS):
            monkeypatch.delenv(name, raising=False)

    def run(self, line: str) -> tuple[int, str]:
        """The exit status and what was printed, the endpoint's address written as the pages write it."""
        words = shlex.split(os.path.expandvars(line.replace(PLACE, self.url)), comments=True)
        out = words.index(">") if ">" in words else len(words)
        given = dict(word.split("=", 1) for word in words[:out] if re.match(r"[A-Z_]+=", word))
        plain = [word for word in words[:out] if not re.match(r"[A-Z_]+=", word)]
        if plain[:1] == ["export"]:
            for name, value in given.items():
                self._monkeypatch.setenv(name, _key(name) if value == "…" else value)
            return 0, ""
        with self._monkeypatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, _key(name) if value == "…" else value)
            status, text = self._do(plain, line)
        if out < len(words):
            Path(words[out + 1]).write_text(text, "utf-8")
            text = ""
        self._point()
        return status, text.replace(self.url, PLACE)

    def _do(self, words: list[str], line: str) -> tuple[int, str]:
        globbed = [name for word in words[1:] for name in (sorted(glob(word)) or [word])]
        if words[:2] in (["qimen", "serve"], ["qimen", "listen"]) and "--port" in words:
            return self._serve(words[1:])
        if words[:2] == ["kill", "-INT"]:
            self.serving[-1].send_signal(signal.SIGINT)
            ended = self.serving[-1].communicate()[0].replace(self.url, PLACE)
            self.url = self._first  # what was there before is spoken to again
            return 0, ended
        if words[0] == "qimen":
            return qimen(globbed)
        if words[0] == "pytest":
            result = self._pytester.runpytest_inprocess(*PYTEST, *globbed)
            return int(result.ret), result.stdout.str() + result.stderr.str()
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def _serve(self, words: list[str]) -> tuple[int, str]:
        """Start the endpoint on a free port; what follows speaks to it."""
        place = words.index("--port") + 1
        port, words[place] = words[place], "0"
        command = [sys.executable, "-m", "pytest_qimen", *(word for word in words if word != "&")]
        self.serving.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        stdout = self.serving[-1].stdout
        assert stdout
        said = ""
        while not said.splitlines()[-1:] or not re.match("(按 )?Ctrl-C ", said.splitlines()[-1]):
            said += stdout.readline()
        self.url = said.split()[0]
        asked = f"http://127.0.0.1:{port}/qimen"
        return 0, said.replace(self.url, asked)

    def _point(self) -> None:
        """Let target files name the real endpoint."""
        for file in Path().glob("*.toml"):
            text = file.read_text("utf-8")
            if PLACE in text:
                file.write_text(text.replace(PLACE, self.url), "utf-8")

    def write(self, file: str, text: str) -> None:
        """A file that the page shows."""
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        self._point()

    def close(self) -> None:
        """End every endpoint that was started."""
        for process in (one for one in self.serving if one.poll() is None):
            process.terminate()
            process.communicate()


def _key(name: str) -> str:
    """The embedded endpoint's key for `QIMEN_SECRET`, or the reader's `OUR_SECRET`."""
    return KEYS[name.replace("OUR_", "QIMEN_")]


def qimen(words: list[str]) -> tuple[int, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            status = main(words)
        except SystemExit as error:
            status = int(error.code or 0)
    return status, out.getvalue()


def shortened(line: str, table: Mapping[str, str]) -> str:
    """The command with what takes long, or names another machine, replaced."""
    for long, short in table.items():
        line = line.replace(long, short)
    return line
