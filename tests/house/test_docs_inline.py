"""Commands that a page names within a sentence exist, with their options; blocks are run elsewhere."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from pytest_qimen.plugin.options import OPTIONS
from tests.support.console import qimen

ROOT = Path(__file__).parents[2]
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "cases/README.md")
]
PYTEST = {
    "--junitxml",
    "--deselect",
    "--collect-only",
    "-k",
    "-m",
    "-n",
    "-x",
    "-q",
    "-v",
    "-p",
    "--help",
    "--tx",
}


@cache
def options_of(command: str) -> set[str]:
    """What a command of `qimen` takes; the exit status shows one that does not exist."""
    status, text = qimen([command, "--help"])
    assert status == 0, command
    return set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", text))


def unknown(words: list[str]) -> list[str]:
    """Which words of a command do not exist."""
    given = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]
    if words[0] == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        return [word for word in words[1:2] if word not in targets]
    if words[0] == "pytest":
        return [word for word in given if word not in PYTEST | {f"--{name}" for name, _, _ in OPTIONS}]
    if words[1].startswith("-"):
        return [word for word in given if word not in {"--help", "--version"}]
    return [word for word in given if word not in options_of(words[1])]


@pytest.mark.parametrize("page", PAGES)
def test_commands_within_sentences_exist(page: str) -> None:
    prose = re.sub(r"^```.*?^```", "", (ROOT / page).read_text("utf-8"), flags=re.M | re.S)
    spans = re.findall(r"`([^`]+)`", " ".join(prose.split()))
    for span in spans:
        words = shlex.split(span) if re.match(r"(qimen|pytest|make) [a-z-]", span) else []
        assert not words or unknown(words) == [], span


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("qimen report --opne", ["--opne"]),
        ("qimen --versoin", ["--versoin"]),
        ("pytest --qimen-uri=x", ["--qimen-uri"]),
        ("make certfy", ["certfy"]),
        ("make bench", []),
        ("qimen sign -", []),
    ],
)
def test_what_does_not_exist_is_noticed(command: str, wrong: list[str]) -> None:
    assert unknown(shlex.split(command)) == wrong
