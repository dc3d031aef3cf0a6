"""`30m` or `50000` in; a Transport that keeps to it, spares a tired endpoint, and says when to stop, out."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange, Transport
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import Phrase, say

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before the next try at an endpoint that is tired or gone
LONGEST_WAIT = 60.0
TIRED = frozenset({429, 503})
_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be spent: a number of requests, or else of seconds."""

    requests: int | None = None
    seconds: float | None = None

    def share(self, number: int, workers: int) -> "Budget":
        """Return what a worker, counted from 1, may spend: its part of the requests, or all the time."""
        if self.requests is None:
            return self
        return Budget(requests=(self.requests + workers - number) // workers)


def parse(text: str) -> Budget | None:
    """Return the budget of `--qimen-fuzz`, None for no fuzzing; UsageError for what is none."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,9})([smh]?)", text)
    if found is None or int(found[1]) == 0:
        raise UsageError(say("want-budget", text=text))
    count, unit = int(found[1]), found[2]
    return Budget(seconds=count * _UNITS[unit]) if unit else Budget(requests=count)


class Guard(Transport):
    """A Transport that counts; 429 and 503 are waited out, for they say nothing about the request."""

    budget: Budget = Budget()
    clock: Callable[[], float] = staticmethod(time.monotonic)
    sleep: Callable[[float], object] = staticmethod(time.sleep)
    sent = 0
    pauses = 0
    stopped: Phrase | None = None
    _started: float | None = None
    _count = threading.Lock()

    def send(self, request: SignedRequest) -> Exchange:
        """Return the answer; that of an endpoint that stays tired, which also ends the run."""
        for wait in WAITS:
            exchange = self._send_once(request)
            if exchange.status not in TIRED:
                return exchange
            self.pauses += 1
            self.sleep(_asked(exchange) or wait)
        self.stopped = say("keeps-answering", status=exchange.status or 0)
        return exchange

    def _send_once(self, request: SignedRequest) -> Exchange:
        self.count()
        return super().send(request)

    def count(self, requests: int = 1) -> None:
        """Count requests that are about to be sent, or were sent by others on this one's account."""
        with self._count:
            self.sent += requests
            if self._started is None:
                self._started = self.clock()

    def over(self) -> Phrase | None:
        """Return why nothing more is sent; None while there is something left to spend."""
        if self.stopped:
            return self.stopped
        if self.budget.requests is not None and self.sent >= self.budget.requests:
            return say("budget-spent")
        started = self.clock() if self._started is None else self._started
        if self.budget.seconds is not None and self.clock() - started >= self.budget.seconds:
            return say("time-over")
        return None


def _asked(exchange: Exchange) -> float:
    """Return how long the endpoint wants us to wait, as far as it says so in seconds."""
    text = exchange.header("Retry-After").strip()
    return min(float(text), LONGEST_WAIT) if text.isdecimal() else 0.0
