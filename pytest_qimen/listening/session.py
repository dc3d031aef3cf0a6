"""A Listener in a test: `listen()` yields an address, and then what was wrong with each call to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath

from pytest_qimen.calls.call import Caller
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.errors import UsageError
from pytest_qimen.listening.listener import Listener
from pytest_qimen.listening.model import Judged
from pytest_qimen.phrases import say
from pytest_qimen.reference.app import Core
from pytest_qimen.reference.serve import APP_KEY, SECRET
from pytest_qimen.target.model import GATEWAY_ROLES
from pytest_qimen.verdict import Level

PATIENCE = 60.0  # seconds that a test waits for the judge


class Listening:
    """What a test sees: `url`, where to send, and the calls that were judged."""

    def __init__(self) -> None:
        self.listener: Listener
        self._judged: list[Judged] = []

    def hear(self, judged: Judged) -> None:
        """Keep a judged call."""
        self._judged.append(judged)

    @property
    def url(self) -> str:
        """Return the address of the counterpart."""
        return self.listener.url

    def calls(self) -> tuple[Judged, ...]:
        """Return every call so far, in the order of arrival, once each is judged.

        UsageError where the judge needs more than a minute for that.
        """
        if not self.listener.judge.wait(PATIENCE):
            raise UsageError(say("listen-late", lag=self.listener.judge.lag, patience=f"{PATIENCE:g}"))
        return tuple(self._judged)

    def late(self) -> tuple[Late, ...]:
        """Return what only the end could show, such as a part that never came: nothing within the block."""
        return self.listener.judge.late

    def bad(self, level: str = Level.MUST) -> tuple[Judged, ...]:
        """Return the calls that break a must, or with "should" a should, too, or could not be judged.

        Each has `method`, `key`, `findings`; its text says what is wrong.
        """
        return tuple(one for one in self.calls() if one.status.fails(level))


@contextmanager
def listen(
    *,
    app_key: str = APP_KEY,
    secret: str = SECRET,
    customer_id: str = "",
    prefixed: tuple[str, ...] | None = GATEWAY_ROLES,
    state: str | PathLike[str] | None = None,
    port: int = 0,
) -> Iterator[Listening]:
    """Run a counterpart on 127.0.0.1 that answers as every role and judges each call, while the block runs.

    `app_key` and `secret` are those that the caller signs with; an empty `customer_id` stands for any.
    `prefixed` names the roles whose methods are sent with taobao.qimen., None for either way. `state` is the
    SQLite file that keeps what it learns, in memory without one; `port` 0 lets the system choose.
    """
    caller = Caller(app_key, secret, "", prefixed)
    core = Core(
        app_key=app_key,
        secret=secret,
        customer_id=customer_id,
        state=fspath(state) if state is not None else None,
        lenient=True,
    )
    found = Listening()
    try:
        found.listener = Listener(core.answer, caller, port=port)
        found.listener.begin(found.hear)
        try:
            yield found
        finally:
            found.listener.stop()
    finally:
        core.store.close()
