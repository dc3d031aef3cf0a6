"""A web address and a file that only an XML attack leads to: who fetches or reads them was taken in.

The address is on this machine where the endpoint is; for another endpoint the target file or an option names
the one under which it reaches this machine. Before a case is judged by it, the suite fetches it itself: an
address that does not lead back to the suite would show nothing, and nothing fetched would look like a pass.
"""

import os
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pytest_qimen.cases import Case
from pytest_qimen.checks.security import ENTITIES, PLANTED
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.reasons import Because
from pytest_qimen.runner.listener import Ear, Listener, Neighbour, fetch
from pytest_qimen.runner.model import Unsupported
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Finding, Level

FETCHED, FILE = "@canary", "@canary-file"
LOCAL: Final = ("localhost", "127.0.0.1", "::1")
OFF: Final = "off"
GRACE: Final = 3.0  # seconds after the last message with an address in which a fetch still counts


@dataclass(slots=True)
class Lead:
    """Where the messages of one case lead: an address, with a nonce for each of them, and a file."""

    address: str = ""
    file: str = ""
    ear: Ear | None = None
    nonces: list[str] = field(default_factory=list)
    sent: float = 0.0  # when the last of them was made, on the monotonic clock

    @property
    def fetched(self) -> bool:
        """Return True when the address of one of the messages was fetched."""
        return self.ear is not None and any(map(self.ear.heard, self.nonces))

    def words(self, tamper: str) -> str:
        """Return a tamper with the addresses in the place of their names."""
        tamper = tamper.replace(FILE, self.file)
        if FETCHED not in tamper:
            return tamper
        self.nonces.append(secrets.token_hex(16))
        self.sent = time.monotonic()
        return tamper.replace(FETCHED, f"{self.address}/{self.nonces[-1]}")


class Canary:
    """The address of one run; it `lasts` to the end of the run, so that late fetches count, or for one case.

    `shared` is the port at which another process of the run listens for all of them.
    """

    def __init__(self, target: Target, *, lasts: bool = False, shared: int = 0) -> None:
        self._target, self._lasts, self._shared = target, lasts, shared
        self._lock = threading.Lock()
        self._users = 0
        self._ear: Ear | None = None
        self._why: Phrase | None = None

    def leading(self, case: Case) -> AbstractContextManager[Lead]:
        """Give where the case leads, for as long as it runs; Unsupported where nothing could be seen."""
        return self._leading(case) if _is_tampered(case) else nullcontext(Lead())

    @contextmanager
    def _leading(self, case: Case) -> Iterator[Lead]:
        if leads_to(case, FILE):
            with tempfile.TemporaryDirectory(prefix="pytest-qimen-canary-") as folder:
                path = Path(folder, "canary.txt")
                path.write_text(PLANTED)
                os.chmod(folder, 0o755)  # the endpoint may be somebody else on this machine
                yield Lead(file=path.as_uri())
        elif leads_to(case, FETCHED):
            ear = self.open()
            try:
                yield Lead(self._address(ear), ear=ear)
            finally:
                self._leave()
        else:
            yield Lead()

    def open(self) -> Ear:
        """Return who listens; Unsupported where the address does not lead to them."""
        with self._lock:
            if self._why is None and self._ear is None:
                self._listen()
            if self._why or self._ear is None:
                raise Unsupported(Because(self._why or say("no-canary")))
            self._users += 1
            return self._ear

    def port(self) -> int:
        """Return the port at which this process listens for all of the run; 0 where it does not."""
        if self._target.canary in ("", OFF):
            return 0
        try:
            return self.open().port
        except Unsupported:
            return 0

    def close(self) -> None:
        """Listen no more."""
        if self._ear:
            self._ear.stop()
            self._ear = None

    def _leave(self) -> None:
        with self._lock:
            self._users -= 1
            if not (self._lasts or self._users):
                self.close()

    def _address(self, ear: Ear) -> str:
        return self._target.canary.rstrip("/") or f"http://127.0.0.1:{ear.port}"

    def _listen(self) -> None:
        """Listen and fetch the address with a nonce of its own; note why where it does not arrive."""
        named = urlsplit(self._target.canary)
        port, host = named.port or 0, named.hostname or "127.0.0.1"
        every = "::" if ":" in host else "0.0.0.0"
        try:
            ear = Neighbour(self._shared) if self._shared else Listener(port, every if port else host)
        except UsageError as error:
            self._why = say("canary-taken", reason=str(error))
            return
        nonce = secrets.token_hex(16)
        fetch(host, ear.port, f"/{nonce}")
        if ear.heard(nonce):
            self._ear = ear
        else:
            ear.stop()
            self._why = say("canary-astray", address=self._address(ear))


def _is_tampered(case: Case) -> bool:
    return any(step.tampers for step in case.steps)


def leads_to(case: Case, name: str) -> bool:
    """Return True when a tamper of the case names this address."""
    return any(one.endswith(f":{name}") for step in case.steps for one in step.tampers)


def missing(case: Case, target: Target) -> Phrase | None:
    """Return why the target has not what the case leads to; None where it has."""
    if not _is_tampered(case):
        return None
    far = urlsplit(target.url).hostname not in LOCAL
    if leads_to(case, FILE):
        return say("no-canary-file") if far else None
    if not leads_to(case, FETCHED):
        return None
    if target.canary == OFF:
        return say("canary-off")
    return say("no-canary") if far and not target.canary else None


def fetched() -> Finding:
    """Return the broken must of an address in a message that was fetched."""
    return Finding("security.fetched", Level.MUST, "", say("no-fetch"), say("fetched"), ENTITIES, 1)
