"""A case or target file that would hold up or fill the machine is one line that names file and key."""

from pathlib import Path

import pytest

from pytest_qimen.cases import load_cases
from pytest_qimen.errors import DataError
from pytest_qimen.target.model import load_target
from pytest_qimen.toml import LARGEST
from tests.support.files import write

NINES = "9" * 4000
PLACE = "items.item"
FLOW = """
[[flow]]
id = "x"
level = "must"
title = {{ zh = "甲", en = "A" }}
clause = "c"
requirements = ["request.accept"]
{top}
[[flow.step]]
method = "stockchange.report"
expect = "success"
{step}
"""
STEPS = {
    "parallel = 101": "step[1].parallel: expected at most 100, got 101",
    f"parallel = {NINES}": "step[1].parallel: expected at most 100, got a number of many digits",
    "times = 10001": "step[1].times: expected at most 10000, got 10001",
    f'repeat = {{ "{PLACE}" = 10001 }}': "step[1].repeat: expected 0 to 10000 elements, got 'too many'",
    f'repeat = {{ "{PLACE}" = {NINES} }}': "step[1].repeat: the number for 'items.item' has too many digits",
    f'repeat = {{ "{PLACE}" = -1 }}': "step[1].repeat: expected 0 to 10000 elements, got 'too many'",
    f'set = {{ "{PLACE}[10001].itemCode" = "1" }}': (
        "step[1].set: expected at most element 10000 of a list, got 10001"
    ),
    f'set = {{ "{PLACE}[{NINES}].itemCode" = "1" }}': (
        f"step[1].set: expected at most element 10000 of a list, got {NINES[:20]}"
    ),
    f'set = {{ "{PLACE}[].itemCode" = "@new:100001" }}': (
        "step[1].set: expected a key of at most 100000 characters, got 100001"
    ),
    f'set = {{ "{PLACE}[].itemCode" = {NINES} }}': (
        "step[1].set: the number for 'items.item[].itemCode' has too many digits"
    ),
    f'change = [{{ op = "repeat", path = "{PLACE}", value = "many" }}]': (
        "step[1].repeat: expected 0 to 10000 elements, got 'many'"
    ),
}
TOPS = {
    'let = { a = "@a" }': "let.a: nothing is called 'a' before",
    'let = { a = "@b+1", b = "@a" }': "let.a: nothing is called 'b' before",
    'let = { a = "@new:999999" }': "let.a: expected a key of at most 100000 characters, got 999999",
    "let = { a = 1 }": "let.a: expected a text",
}
TEXTS = {
    "x = " + "{a = " * 17 + "1" + "}" * 17: "file: is nested more than 16 deep",
    "x = " + "[" * 5000 + "]" * 5000: "file: is nested more than 16 deep",
    ".".join("a" * 5000) + " = 1": "file: is nested more than 16 deep",
    f"x = {NINES}{NINES}": "file: no TOML in UTF-8: Exceeds the limit",
    "#" * (LARGEST + 1): "file: is larger than 16 MB",
}
TARGETS = {
    "rate = 1e300": "target.rate: expected a number of requests a second, got 1e+300",
    f"rate = {NINES}": "target.rate: expected a number of requests a second, got 999",
    "read_timeout = 1e300": "target.read_timeout: expected a number of seconds above 0, got 1e+300",
    f"connect_timeout = {NINES}": "target.connect_timeout: expected a number of seconds above 0, got 999",
}


def complaint(file: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_cases(file)
    assert len(str(caught.value)) < 1000
    return str(caught.value).removeprefix(f"{file}: ").removeprefix("flow[1].")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_asks_for_too_much(step: str, tmp_path: Path) -> None:
    assert complaint(write(tmp_path, "flows/x.toml", FLOW.format(top="", step=step))) == STEPS[step]


@pytest.mark.parametrize("top", TOPS)
def test_names_that_lead_nowhere(top: str, tmp_path: Path) -> None:
    assert complaint(write(tmp_path, "flows/x.toml", FLOW.format(top=top, step=""))) == TOPS[top]


def test_names_that_lead_somewhere(tmp_path: Path) -> None:
    top = 'let = { a = "@new", b = "@a+1", c = "@new-x", d = "@@literal", e = "@number:9", f = "@today" }'
    (case,) = load_cases(write(tmp_path, "flows/x.toml", FLOW.format(top=top, step="")))
    assert list(case.let) == list("abcdef")


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_text_that_is_too_much(number: int, tmp_path: Path) -> None:
    text, words = list(TEXTS.items())[number]
    assert complaint(write(tmp_path, "flows/x.toml", text)).startswith(words)


@pytest.mark.parametrize("line", TARGETS)
def test_a_target_that_asks_for_too_much(line: str, tmp_path: Path) -> None:
    file = write(tmp_path, "target.toml", f'url = "http://127.0.0.1:1/"\n{line}\n')
    with pytest.raises(DataError) as caught:
        load_target(file)
    assert str(caught.value).startswith(f"{file}: {TARGETS[line]}")
    assert len(str(caught.value)) < 300
