"""An address that answers every call and judges it afterwards."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from ssl import SSLContext

from pytest_qimen.calls.bounds import bounded
from pytest_qimen.calls.call import Caller, Heard
from pytest_qimen.client.clock import wall
from pytest_qimen.errors import UsageError
from pytest_qimen.listening.judge import Judge
from pytest_qimen.listening.model import Arrival, Judged
from pytest_qimen.listening.queue import Queue
from pytest_qimen.reference.app import url_of
from pytest_qimen.wire.http import Incoming, Reply
from pytest_qimen.wire.server import Server


class Listener:
    """Answers from construction until `stop`, judges from `begin` on; nothing is lost in between."""

    def __init__(
        self,
        answer: Callable[[Incoming], Reply],
        caller: Caller,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        tls: SSLContext | None = None,
        forwards: bool = False,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        """`forwards`: the answers are another endpoint's, and judged, too. `ending` breaks off those.

        UsageError: it cannot listen.
        """
        self._reply, self._forwards, self._ending = answer, forwards, ending
        self._queue: Queue[Arrival] = Queue(self._number)
        self._count = 0
        self._closed = False
        self.judge = Judge(caller, answers=forwards)
        try:
            self._server = Server(
                self._answer, port, host, tls=tls, on_bad=self._bad, on_answered=self._answered, settled=True
            )
        except UsageError:
            self.judge.stop()
            raise
        self.url = url_of(host, self._server.port, tls is not None)

    def begin(self, told: Callable[[Judged], None]) -> None:
        """Begin to judge; `told` hears of each call once it is judged, in the judge's thread."""
        self.judge.begin(told)

    def close_for(self, seconds: float) -> None:
        """Close the port; listen on it again after so many seconds."""
        self._server.close_for(seconds)

    @property
    def is_open(self) -> bool:
        """Return True while somebody listens on the port."""
        return self._server.is_open

    def close(self) -> None:
        """Close the port: nothing more comes; a second time does nothing."""
        if not self._closed:
            self._closed = True
            self._ending()
            self._server.stop()

    def stop(self, *, give_up: bool = False) -> None:
        """Close the port, and judge what is left, or give it up."""
        self.close()
        self.judge.stop(give_up=give_up)

    def _answer(self, incoming: Incoming) -> Reply:
        """Return the answer; from now on the judge has to wait for this call."""
        self.judge.expect()
        reply = self._reply(incoming)
        reply.on_ready = partial(self._queue.announce, reply)
        return reply

    def _answered(self, incoming: Incoming, reply: Reply, sent: bool) -> None:
        """Put a call that was answered to the judge; an answer that the endpoint did not make is none."""
        came = sent and (bool(reply.raw) or not self._forwards)
        seconds = time.monotonic() - incoming.arrived
        heard = Heard(
            "",
            incoming.verb,
            incoming.target,
            incoming.fields,
            incoming.body,
            wall() - timedelta(seconds=seconds),
            reply.status if came else 0,
            reply.body if came else None,
            tuple(reply.headers.items()),
            frozenset(("whole",) if incoming.oversize else ()),
            took=seconds,
        )
        self._queue.bring(reply, Arrival(0, heard, seconds))

    def _bad(self, raw: bytes, reason: str) -> None:
        """Put bytes that are no HTTP request to the judge."""
        self.judge.expect()
        self._queue.bring(None, Arrival(0, Heard("", "", "", (), raw, wall(), 400), no_http=reason))

    def _number(self, arrival: Arrival) -> None:
        self._count += 1
        self.judge.put(replace(arrival, number=self._count, heard=bounded(arrival.heard)))
