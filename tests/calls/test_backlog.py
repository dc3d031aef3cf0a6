"""Backlog: everything comes out, once and in order, also what did not fit into memory."""

import threading

from pytest_qimen.calls.backlog import Backlog


def put(backlog: Backlog[int], number: int, size: int = 1) -> None:
    backlog.expect()
    backlog.put(number, size)


def test_what_does_not_fit_comes_out_in_its_turn() -> None:
    backlog: Backlog[int] = Backlog(most=3, largest=100)
    for number in range(10):
        put(backlog, number)
    first = [backlog.take() for _ in range(5)]
    put(backlog, 10)
    backlog.end()
    rest = []
    while (one := backlog.take()) is not None:
        rest.append(one)
    assert first + rest == list(range(11))
    assert backlog.open == 11
    for _ in range(11):
        backlog.done()
    assert backlog.wait(0)
    backlog.close()


def test_bytes_count_too() -> None:
    backlog: Backlog[bytes] = Backlog(most=1_000, largest=10)
    for _ in range(5):
        backlog.expect()
        backlog.put(b"x" * 8, 8)
    assert len(backlog._first) == 1
    assert [backlog.take() for _ in range(5)] == [b"x" * 8] * 5
    backlog.close()


def test_many_put_while_one_takes() -> None:
    backlog: Backlog[int] = Backlog(most=7)
    threads = [
        threading.Thread(target=lambda: [put(backlog, number) for number in range(500)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    found = []
    while len(found) < 2_000:
        one = backlog.take()
        assert one is not None
        found.append(one)
        backlog.done()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(list(range(500)) * 4)
    assert not backlog.open
    backlog.close()
