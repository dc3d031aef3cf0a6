"""A Feed gives each reader what is new to it, and holds only so much."""

import threading
from typing import Any

from pytest_qimen.live.feed import Feed


def feed(count: int, **limits: int) -> Feed:
    made = Feed({"total": 0}, **limits)
    for number in range(1, count + 1):
        made.add({"key": str(number)}, 10, lambda number=number: {"is": number})  # type: ignore[misc]
    return made


def numbers(found: Any) -> list[int]:
    return [row["n"] for row in found["rows"]]


def test_a_reader_hears_what_is_new() -> None:
    made = feed(2)
    first = made.since("")
    assert first is not None
    assert numbers(first) == [1, 2]
    assert first["state"] == {"total": 0}
    assert made.since(first["at"]) is None
    made.add({"key": "3"}, 1, dict)
    second = made.since(first["at"])
    assert second is not None
    assert numbers(second) == [3]
    assert "state" not in second
    made.tell(total=3)
    third = made.since(second["at"])
    assert third is not None
    assert (numbers(third), third["state"]) == ([], {"total": 3})


def test_a_part_of_the_state_is_asked_when_it_is_read() -> None:
    lag = [7]
    made = Feed({"lag": lambda: lag[0]})
    lag[0] = 1
    assert (made.since("") or {})["state"] == {"lag": 1}


def test_a_strange_place_is_the_beginning() -> None:
    made = feed(2)
    for at in ("", "x", "1", "1.", "-1.0", "٣.١", "9" * 5000, "900.900"):
        assert numbers(made.since(at)) == [1, 2], at


def test_old_rows_and_heavy_messages_are_let_go() -> None:
    made = feed(5, rows=3, largest=25)
    assert numbers(made.since("")) == [3, 4, 5]
    assert [made.detail(number) for number in (1, 2, 3, 6)] == [None] * 4
    assert [made.detail(number) for number in (4, 5)] == [{"is": 4}, {"is": 5}]
    made.add({"key": "larger than all"}, 26, dict)
    assert [made.detail(number) for number in (4, 5, 6)] == [None] * 3
    assert numbers(made.since("")) == [4, 5, 6]


def test_who_waits_is_woken() -> None:
    made = feed(0)
    at = (made.since("") or {})["at"]
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.append(made.since(at, 60)))
    waiting.start()
    made.add({"key": "1"}, 1, dict)
    waiting.join(30)
    assert numbers(found[0]) == [1]
    ending = threading.Thread(target=lambda: found.append(made.since(found[0]["at"], 60)))
    ending.start()
    made.close()
    ending.join(30)
    assert found[1] is None
