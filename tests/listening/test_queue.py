"""What is judged comes in the order in which the answers were sent, whichever thread is faster."""

from pytest_qimen.listening.queue import Queue


def test_what_was_announced_first_comes_first() -> None:
    found: list[str] = []
    queue = Queue(found.append)
    one, two, three = [object() for _ in range(3)]
    for mark in (one, two, three):
        queue.announce(mark)
    queue.bring(two, "second")
    queue.bring(None, "never announced")
    assert found == ["never announced"]
    queue.bring(one, "first")
    assert found == ["never announced", "first", "second"]
    queue.bring(three, "third")
    assert found[3:] == ["third"]


def test_equal_marks_are_told_apart() -> None:
    found: list[str] = []
    queue = Queue(found.append)
    marks = [["same"], ["same"]]
    for mark in marks:
        queue.announce(mark)
    queue.bring(marks[1], "second")
    assert found == []
    queue.bring(marks[0], "first")
    assert found == ["first", "second"]
