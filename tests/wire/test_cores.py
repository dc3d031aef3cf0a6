"""Threads that share an interpreter keep to one core; nobody else's thread is moved."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from pytest_qimen.calls.call import Caller
from pytest_qimen.listening.listener import Listener
from pytest_qimen.wire.cores import beside_others, settle_on
from pytest_qimen.wire.http import Incoming, Reply
from tests.support.calling import call

ALL = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _cores(number: int) -> set[int]:
    with ThreadPoolExecutor(1, initializer=settle_on, initargs=(number,)) as pool:
        return pool.submit(os.sched_getaffinity, 0).result()


@pytest.mark.skipif(not ALL, reason="the system lets no thread choose its core")
def test_a_number_means_a_core_and_the_next_one_another() -> None:
    first, second = _cores(7), _cores(8)
    assert len(first) == len(second) == 1
    assert first | second <= ALL
    assert (first == second) is (len(ALL) == 1)
    assert _cores(7) == first


@pytest.mark.skipif(not ALL, reason="the system lets no thread choose its core")
def test_threads_of_a_pool_share_a_core_that_who_started_them_is_not_bound_to() -> None:
    with ThreadPoolExecutor(3, initializer=beside_others) as pool:
        found = {frozenset(cores) for cores in pool.map(os.sched_getaffinity, [0] * 9)}
    assert len(found) == 1
    assert len(next(iter(found))) == 1
    assert os.sched_getaffinity(0) == ALL


@pytest.mark.skipif(not ALL, reason="the system lets no thread choose its core")
def test_what_answers_callers_and_what_judges_them_share_a_core() -> None:
    found: list[set[int]] = []

    def answer(incoming: Incoming) -> Reply:
        found.append(os.sched_getaffinity(0))
        return Reply(b"<response><flag>success</flag></response>")

    listener = Listener(answer, Caller())
    listener.begin(lambda judged: found.append(os.sched_getaffinity(0)))
    try:
        call(listener.url)
    finally:
        listener.stop()
    answering, judging = found
    assert answering == judging
    assert len(answering) == 1


def test_workers_that_follow_each_other_have_two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {4, 6}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda pid, cores: chosen.append(cores), raising=False)
    for worker in ("gw0", "gw1", "gw2"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        beside_others()
    assert chosen[0] == chosen[2] != chosen[1]
    assert chosen[0] | chosen[1] == {4, 6}


def test_a_system_without_a_choice_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    beside_others()


def test_a_system_that_forbids_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, cores: set[int]) -> None:
        raise PermissionError("not here")

    monkeypatch.setattr(os, "sched_setaffinity", refuse, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0}, raising=False)
    with ThreadPoolExecutor(1, initializer=beside_others) as pool:
        assert pool.submit(int, "7").result() == 7
