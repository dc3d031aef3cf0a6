"""How fast legal messages are drawn, beside a strategy that draws every field (`st.fixed_dictionaries`).

Two messages in one run: 60 fields (target: 2 times as fast) and 20 lines of 25 fields (8 times). Medians
of five rounds, the two strategies taking turns. The rival draws a dictionary of texts, one draw a field,
and builds no message; ours draws a whole element tree that keeps its rules.

    .venv/bin/python benchmarks/generation.py
"""

from collections.abc import Iterator, Mapping
from statistics import median
from time import perf_counter
from typing import Any

from _common import ROUNDS, Figure, main
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml
from pytest_qimen.rules import decimal_text
from pytest_qimen.spec import Api, Field, Message
from pytest_qimen.strategies import requests_for
from pytest_qimen.strategies.values import LEGAL
from pytest_qimen.toml import Text

EXAMPLES = 200
KINDS: tuple[Mapping[str, Any], ...] = (  # the mix of the documents: two texts in three fields
    {"type": "string", "max": 50, "example": "SKU20160501"},
    {"type": "string", "max": 200, "example": "明前龙井茶叶礼盒250g"},
    {"type": "string", "max": 50, "example": "HZCK01"},
    {"type": "decimal", "digits": (18, 2), "example": "208.00"},
    {"type": "string", "max": 50, "example": "TB"},
    {"type": "int", "example": "2"},
)


def api(fields: list[Field]) -> Api:
    """A method with these fields in its request."""
    title = Text("测试", "Benchmark")
    return Api("bench", "wms", "qimen", title, "", Message("request", tuple(fields)), Message("response", ()))


def fields(prefix: str, count: int) -> list[Field]:
    """`count` fields of mixed types, every third one demanded."""
    return [
        Field(
            f"{prefix}field{number}", need="optional" if number % 3 else "must", **KINDS[number % len(KINDS)]
        )
        for number in range(count)
    ]


def per_field(row: Field) -> SearchStrategy[str]:
    """The straightforward strategy for one field."""
    if row.type == "int":
        return st.integers(1, 2**31 - 1).map(str)
    if row.type == "decimal":
        return st.integers(0, 10**18 - 1).map(lambda number: decimal_text(number, 2))
    return st.text(LEGAL, min_size=1, max_size=row.max)


def dictionary(rows: list[Field]) -> SearchStrategy[dict[str, str]]:
    """Every field drawn on its own."""
    return st.fixed_dictionaries({row.name: per_field(row) for row in rows})


def seconds(strategy: SearchStrategy[Any]) -> float:
    """The time per delivered example."""
    drawn = 0

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(_: Any) -> None:
        nonlocal drawn
        drawn += 1

    start = perf_counter()
    draw()
    return (perf_counter() - start) / drawn


def compare(label: str, target: float, ours: SearchStrategy[Any], rival: SearchStrategy[Any]) -> Figure:
    """How many times as fast ours is."""
    for strategy in (ours, rival):
        seconds(strategy)  # builds what is built once
    times = [(seconds(ours), seconds(rival)) for _ in range(ROUNDS)]
    mine, theirs = (median(column) for column in zip(*times, strict=True))
    note = f"{1 / mine:.0f} /s and {1 / theirs:.0f} /s"
    return Figure(f"drawing {label}: ours / one draw a field", theirs / mine, "x", target, note=note)


def measure() -> Iterator[Figure]:
    """Both messages."""
    flat = fields("", 60)
    line = fields("lines.line[].", 25)
    lined = api([Field("lines", need="must"), Field("lines.line[]", need="must"), *line])
    base = xml.new("request")
    for row in line:
        xml.put(base, row.path, row.example)
    xml.repeat(base, "lines.line[]", 20)
    many = st.fixed_dictionaries({"line": st.lists(dictionary(line), min_size=20, max_size=20)})
    yield compare("60 fields", 2, requests_for(api(flat)), dictionary(flat))
    yield compare("20 lines of 25 fields", 8, requests_for(lined, base=base), many)


if __name__ == "__main__":
    raise SystemExit(main(measure))
