"""Every sentence is there in both languages with the same arguments; what others said is never translated."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.phrases import (
    PHRASES,
    TABLES,
    Phrase,
    changed,
    counted,
    foreign,
    gaps_of,
    parser,
    results,
    say,
    text_of,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CHECKS = ("is", "not", "in", "at-most", "count", "present", "absent", "unique", "sum", "last")
COMPUTED = (  # the code makes the end of the id
    *("count-", "sign-key-", "sign-values-", "sign-body-", "base-", "expects-", "left-", "list-", "way-"),
    *("replay-", "differs-", "defect-", "history-", "half-", "scope-driver-", "certificate-covers-"),
    *("evidence-",),
    *(f"play-{kind}" for kind in _CHECKS),
)
SAME = {
    "joined",
    "ended-so",
    "setup-refused",
    "due",
    "sequence",
    "sign-together",
    "sign-either",
}  # arguments and signs only
SOURCES = list((Path(__file__).parents[1] / "pytest_qimen").rglob("*.py"))


@pytest.mark.parametrize("name", PHRASES)
def test_both_languages_have_the_same_arguments(name: str) -> None:
    english, chinese = PHRASES[name]
    assert english
    assert not CHINESE.search(english)
    assert gaps_of(english) == gaps_of(chinese)
    assert CHINESE.search(chinese) or name in SAME or not re.search("[a-z]{3} [a-z]{3}", english)


def test_no_two_tables_share_an_id() -> None:
    assert len(PHRASES) == sum(map(len, TABLES))


def test_every_phrase_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES if path.parent.name != "phrases")
    computed = {
        name
        for name in PHRASES
        if name.startswith(COMPUTED) or name in parser.TEXTS | foreign.TEXTS | results.TEXTS
    }
    assert {
        name for name in PHRASES if f'"{name}"' not in text and f"'{name}'" not in text
    } - computed == set()


IS_ONE = say("field-is", field="a", value="1")
SAID = {
    say("at-most-characters", most=50): ("at most 50 characters", "最多 50 个字符"),
    say("digits", digits=18, fraction=2): (
        "at most 18 digits, 2 of them after the point",
        "最多 18 位数字，其中小数 2 位",
    ),
    say("between", least="1", most="100"): ("at least 1 and at most 100", "不小于 1 且不大于 100"),
    say("due", due="12.5", terms=say("the-sum", parts="items.item[].quantity")): (
        "12.5 (the sum of items.item[].quantity)",
        "12.5（items.item[].quantity 之和）",
    ),
    say(
        "because", conditions=(say("field-is", field="a", value="1"), say("field-is", field="b", value="2"))
    ): (
        "a value, because a is 1 and b is 2",
        "有值（条件：a 为 1，且 b 为 2）",
    ),
    say("one-of", values=("A", "B")): ("one of A, B", "其中之一：A, B"),
    say("no-text-with", value="a'b"): ('no text with "a\'b" in it', '文本中不含 "a\'b"'),
    say("listen-lag", number=1): ("1 call answered and still to be judged", "1 次调用已应答，尚待评判"),
    say("listen-lag", number=2): ("2 calls answered and still to be judged", "2 次调用已应答，尚待评判"),
    counted("count-red", 1): ("1 case is red", "1 个用例不合格"),
    counted("count-red", 2): ("2 cases are red", "2 个用例不合格"),
}


@pytest.mark.parametrize(("phrase", "texts"), SAID.items(), ids=lambda one: getattr(one, "id", ""))
def test_texts(phrase: Phrase, texts: tuple[str, str]) -> None:
    assert (phrase.text("en"), phrase.text("zh")) == texts
    assert str(phrase) == texts[0]
    assert Phrase.from_json(phrase.to_json()) == phrase


@given(st.text())
def test_what_others_said_stays_as_it_is(text: str) -> None:
    assert text_of(text, "zh") == text
    inside = say("anything-but", value=text)
    assert inside.text("zh") == f"不是 {text}"
    assert changed(inside, lambda part: "***") == say("anything-but", value="***")


@pytest.mark.parametrize("name", PHRASES)
def test_a_text_that_reads_like_a_phrase_is_none(name: str) -> None:
    english = PHRASES[name][0]
    assert text_of(english, "zh") == english


def test_an_unknown_phrase() -> None:
    with pytest.raises(KeyError, match="no-such-phrase"):
        say("no-such-phrase")


@pytest.mark.parametrize(
    "found",
    [
        None,
        [],
        ["accepted"],
        ["nobody", {}],
        ["accepted", {"more": "x"}],
        ["root", {}],
        ["root", {"name": None}],
        ["root", {"name": 1.5}],
        ["root", {"name": True}],
        ["root", {"name": {"phrase": ["nobody", {}]}}],
        [{}, {}],
    ],
)
def test_what_is_no_phrase(found: object) -> None:
    with pytest.raises(ValueError, match=r"phrase|argument"):
        Phrase.from_json(found)
