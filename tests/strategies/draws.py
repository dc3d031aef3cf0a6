"""Messages that the tests draw."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml
from pytest_qimen.rules import broken
from pytest_qimen.schema import problems
from pytest_qimen.spec import Api, Field

QUIET = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def drawn(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """`count` draws, the same in every run."""
    found: list[Any] = []

    @settings(QUIET, max_examples=count)
    @given(strategy)
    def keep(value: Any) -> None:
        found.append(value)

    keep()
    return found


def faults(api: Api, direction: str, root: xml.Element) -> list[Any]:
    """What is wrong with the message once it has been written and read."""
    sent = xml.parse(xml.write(root))
    return [*problems(api, direction, sent), *broken(api, direction, sent)]


def lines_of(root: xml.Element) -> list[xml.Element]:
    return xml.find(root, "orderLines.orderLine[]")


def has_four_byte_sign(root: xml.Element) -> bool:
    return any(sign > "\uffff" for element in root.iter() for sign in xml.text(element))


def name_in(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


def field(**row: Any) -> Field:
    return Field("it", need="must", example="x", **row)
