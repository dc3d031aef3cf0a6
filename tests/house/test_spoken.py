"""What people read is a phrase: every complaint, every help text, in English and in Chinese."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_qimen.__main__ import COMMANDS, main
from pytest_qimen.phrases import LANGUAGES, PHRASES, gaps_of
from pytest_qimen.plugin.options import GROUP, OPTIONS
from tests.support.spoken import english

PACKAGE = Path(__file__).parents[2] / "pytest_qimen"
SOURCES = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
PAGES = ("commands/coverage.py", "commands/callers_coverage.py")  # write pages of the repository
PRINTING = [name for name in SOURCES if name.startswith("commands/") and name not in PAGES]
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
COMPLAINTS = ("UsageError", "DataError", "QimenError", "Unfit", "fail")


def complaints(tree: ast.AST) -> Iterator[ast.expr]:
    """What each of our errors says: the last argument."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in COMPLAINTS and "pytest." not in ast.unparse(node.func):
                yield node.args[-1]


@pytest.mark.parametrize("name", SOURCES)
def test_every_complaint_is_a_phrase(name: str) -> None:
    found = complaints(ast.parse(SOURCES[name].read_text("utf-8")))
    assert [ast.unparse(one) for one in found if isinstance(one, ast.Constant | ast.JoinedStr)] == []


@pytest.mark.parametrize("name", PRINTING)
def test_no_command_prints_a_sentence_of_one_language(name: str) -> None:
    tree = ast.parse(SOURCES[name].read_text("utf-8"))
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} - docs
    assert {text for text in texts if isinstance(text, str) and english(text)} == set()


@pytest.mark.parametrize("name", SOURCES)
def test_every_kind_of_value_has_words_in_both_languages(name: str) -> None:
    calls = [
        one for one in ast.walk(ast.parse(SOURCES[name].read_text("utf-8"))) if isinstance(one, ast.Call)
    ]
    taken = [one.args[2] for one in calls if getattr(one.func, "attr", "") == "take" and len(one.args) > 2]
    assert {one.value for one in taken if isinstance(one, ast.Constant)} <= PHRASES.keys()


def page(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main([*words, "--help"])
    assert caught.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_help_page_is_there_in_both_languages(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [command] if command else []
    pages = {name: page(capsys, *words, f"--lang={name}") for name in LANGUAGES}
    assert english(pages["en"])
    assert english(pages["zh"]) == ""
    options = [re.findall(r"--[\w-]+", text) for text in pages.values()]
    assert set(options[0]) == set(options[1])


def test_every_option_of_a_command_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    silent: list[str] = []
    add = argparse.ArgumentParser.add_argument

    def adding(parser: argparse.ArgumentParser, *names: str, **options: str) -> argparse.Action:
        if not options.get("help") and options.get("action") != "version":
            silent.append(f"{parser.prog} {names}")
        return add(parser, *names, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(argparse.ArgumentParser, "add_argument", adding)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert silent == []


@pytest.mark.parametrize("words", [GROUP, *(words for _, _, words in OPTIONS)])
def test_every_option_of_pytest_is_described_in_both_languages(words: str) -> None:
    assert PHRASES[words][0] == words
    assert english(PHRASES[words][1]) == ""


def test_argparse_says_its_own_words_again_afterwards(capsys: pytest.CaptureFixture[str]) -> None:
    page(capsys, "--lang", "zh")
    assert page(capsys).startswith("usage: qimen")


@pytest.mark.parametrize("name", SOURCES)
def test_every_sentence_gets_the_arguments_that_it_has_gaps_for(name: str) -> None:
    for call in ast.walk(ast.parse(SOURCES[name].read_text("utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "say" and call.args:
            given = {one.arg for one in call.keywords}
            if isinstance(call.args[0], ast.Constant) and None not in given:
                assert given == gaps_of(PHRASES[call.args[0].value][0]), ast.unparse(call)
