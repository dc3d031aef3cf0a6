"""What is judged comes in the order in which the answers were sent, whichever thread is faster."""

from pytest_qimen.listening.queue import Queue


def test_what_was_announced_first_comes_first() -> None:
    found: list[str] = []
    queue = Queue(found.append)
    for key in (1, 2, 3):
        queue.announce(key)
    queue.bring(2, "second")
    queue.bring(9, "never announced")
    assert found == ["never announced"]
    queue.bring(1, "first")
    assert found == ["never announced", "first", "second"]
    queue.bring(3, "third")
    queue.announce(1)  # a key may be used again
    queue.bring(1, "fourth")
    assert found[3:] == ["third", "fourth"]
