"""At most so many requests a second."""

import time

import pytest

from pytest_qimen.client.transport import Rate, Transport
from tests.client.servers import OK, request
from tests.support.servers import answer, raw


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


RATES = {  # requests a second, moments when somebody wants to send, moments when they may
    10.0: ([0, 0, 0, 0], [0, 0.1, 0.2, 0.3]),
    2.0: ([0, 0.1, 3, 3], [0, 0.5, 3, 3.5]),
    0.0: ([0, 0, 0], [0, 0, 0]),
}


@pytest.mark.parametrize(("per_second", "wanted", "sent"), [(rate, *times) for rate, times in RATES.items()])
def test_rate(per_second: float, wanted: list[float], sent: list[float]) -> None:
    clock = Clock()
    rate = Rate(per_second, lambda: clock.now, clock.sleep)
    found = []
    for moment in wanted:
        clock.now = max(clock.now, 100 + moment)
        rate.wait()
        found.append(round(clock.now - 100, 6))
    assert found == sent
    assert all(clock.slept), "a sleep of no time costs a switch of threads"


def test_the_client_keeps_to_its_rate() -> None:
    transport = Transport(rate=100)
    with raw(lambda peer: [peer.send(answer(OK)) for _ in iter(peer.request, None)]) as url:
        start = time.monotonic()
        for _ in range(11):
            transport.send(request(url))
        took = time.monotonic() - start
    transport.close()
    assert took >= 0.1
