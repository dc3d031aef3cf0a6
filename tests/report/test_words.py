"""Findings and causes in Chinese: every sentence of the suite has its twin, data stay as they are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_qimen.report.words import COUNTED, TEMPLATES, count, say, word

PACKAGE = Path(__file__).parents[2] / "pytest_qimen"
SPEAKING = [  # who writes findings and causes
    *sorted((PACKAGE / "checks").glob("*.py")),
    PACKAGE / "schema" / "words.py",
    PACKAGE / "rules" / "judge.py",
    PACKAGE / "runner" / "execution.py",
    PACKAGE / "runner" / "session.py",
    PACKAGE / "runner" / "waiving.py",
    PACKAGE / "search" / "hunt.py",
    PACKAGE / "search" / "budget.py",
    PACKAGE / "client" / "plain_http.py",
    PACKAGE / "plugin" / "collect.py",
    PACKAGE / "search" / "keep.py",
    PACKAGE / "plugin" / "run.py",
    PACKAGE / "search" / "property.py",
    PACKAGE / "client" / "transport.py",
]
SILENT = {  # what is no sentence of a finding or a cause, or is a part of one
    *("{} {}", "{} and {}", " and ", " or ", "{} or {}", "{} response.{}", "{} request.{}", "setup {}"),
    *("000 section 2.1", "000 section 2.3", "000 section 5.1", "XML 1.0 section 4.4, external entities"),
    *("{} is {}", "the sum of {}", "step {} again", "step {} ({}): ", "SQL syntax|ORA-\\d{5}|SQLSTATE\\["),
    "--qimen-fuzz: expected a time such as 30m or requests such as 50000, got {}",
    "{}: `again` needs a step before it",  # a wrong case: for whoever writes it
}


def sentences(path: Path) -> Iterator[str]:
    """The texts of a module that read like words: gaps as `{}`, no docstrings, no patterns, no names."""
    tree = ast.parse(path.read_text("utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docs:
            text = node.value
        else:
            continue
        if re.search(r"[a-z]{2,} |\{\} [a-z]| [a-z]{2,}|[a-z] \{\}", text) and "\n" not in text:
            yield text


def spoken() -> set[str]:
    return {text for path in SPEAKING for text in sentences(path)} - SILENT


ENUMERATED = {  # gaps that hold one of a few words, which the templates spell out
    "a {}": ("code", "message"),
    "no {}": ("code", "message"),
    "an empty {}": ("code", "message"),
}


def test_every_sentence_has_its_twin() -> None:
    wanted = {text.replace("{}", one) for text in spoken() for one in ENUMERATED.get(text, ("{}",))}
    known = set(TEMPLATES)
    untold = {
        text
        for text in wanted
        if text not in known and say(text.replace("{}", "7"), "zh") == text.replace("{}", "7")
    }
    assert untold == set()
    assert len(wanted) > 60


def test_a_new_sentence_would_be_noticed(tmp_path: Path) -> None:
    module = tmp_path / "new.py"
    module.write_text(
        '"""Doc of it."""\ndef f(n):\n    """More."""\n    return f"at least {n} more", "x.y", "some words"\n'
    )
    assert set(sentences(module)) == {"at least {} more", "some words"}


def test_no_template_is_dead_or_english() -> None:
    for text, words in TEMPLATES.items():
        assert re.search(r"[\u4e00-\u9fff]", words), text
        assert {int(number) for number in re.findall(r"\{(\d)", words)} == set(range(text.count("{}"))), text


SAID = {
    "at most 50 characters": "最多 50 个字符",
    "at most 18 digits, 2 of them after the point": "最多 18 位数字，其中小数 2 位",
    "at least 1 and at most 100": "不小于 1 且不大于 100",
    "12.5 (the sum of items.item[].quantity)": "12.5（items.item[].quantity 之和）",
    "a value, because orderType is HHCK and a.b is 1": "有值（条件：orderType 为 HHCK，且 a.b 为 1）",
    "3 of them, not 2": "应为 3 个，而不是 2 个",
    "no code": "没有 code",
    "step 2 (order.cancel): an empty body": "第 2 步（order.cancel）：空的应答体",
    "until 2026-06-30: ticket 1": "至 2026-06-30：ticket 1",
    "1 + 1; drawn with --qimen-seed 0; kept as a/b": "1 + 1；以 --qimen-seed 0 随机生成；保存为 a/b",
    "timeout: timed out": "超时：timed out",
    "flag=success code=0 message=no code": "flag=success code=0 message=no code",
    "protocol/smoke/wms/answers": "protocol/smoke/wms/answers",
    "张三": "张三",
    "": "",
}


@pytest.mark.parametrize(("text", "words"), SAID.items())
def test_say(text: str, words: str) -> None:
    assert say(text, "zh") == words
    assert say(text, "en") == text


def test_words_and_counts() -> None:
    assert (word("expected", "zh"), word("expected", "en"), word("odd", "zh")) == ("期望", "expected", "odd")
    assert [count(number, "red", "en") for number in (0, 1, 2)] == [
        "0 cases are red",
        "1 case is red",
        "2 cases are red",
    ]
    assert count(2, "red", "zh") == "2 个用例不合格"
    assert all(zh.count("{}") == 1 for _, _, zh in COUNTED.values())
