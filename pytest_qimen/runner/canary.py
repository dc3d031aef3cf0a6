"""A web address and a file that only an XML attack leads to: who fetches or reads them was taken in.

The address is listened at only while one case runs. It is on this machine where the endpoint is; for another
endpoint the target file names the address under which it reaches this machine (`canary`).
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pytest_qimen.cases import Case
from pytest_qimen.checks.security import ENTITIES, PLANTED
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Finding, Level
from pytest_qimen.wire.http import Incoming, Reply
from pytest_qimen.wire.limits import Limits
from pytest_qimen.wire.server import Server

FETCHED, FILE = "@canary", "@canary-file"
LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_LIMITS: Final = Limits(head=8192, body=8192, bodies=65536, connections=16, idle=5, head_time=5, body_time=5)
_TRIES, _PAUSE = 20, 0.1  # seconds; another worker of this run may listen at a port that is named


@dataclass(slots=True)
class Canary:
    """What a case may lead to: `url` and `file`, empty where there is none; `fetched` once somebody came."""

    url: str = ""
    file: str = ""
    fetched: bool = False

    def answer(self, incoming: Incoming) -> Reply:
        """Note a fetch; what it brings is a harmless text, legal as an entity, a subset and a schema."""
        self.fetched = True
        return Reply(f"<!-- {PLANTED} -->".encode())

    def words(self, tamper: str) -> str:
        """Return a tamper with the addresses in the place of their names."""
        return tamper.replace(FILE, self.file).replace(FETCHED, self.url)


def leads_to(case: Case, name: str) -> bool:
    """Return True when a tamper of the case names this address."""
    return any(one.endswith(f":{name}") for step in case.steps for one in step.tampers)


def missing(case: Case, target: Target) -> bool:
    """Return True when the case needs an address that this target has not."""
    fetched, file = leads_to(case, FETCHED), leads_to(case, FILE)
    if not (fetched or file) or urlsplit(target.url).hostname in LOCAL:
        return False
    return file or not target.canary


@contextmanager
def watching(case: Case, target: Target) -> Iterator[Canary]:
    """Yield what the case leads to, for as long as it runs; UsageError where nobody can listen there."""
    canary = Canary()
    if leads_to(case, FILE):
        with tempfile.TemporaryDirectory(prefix="pytest-qimen-canary-") as folder:
            path = Path(folder, "canary.txt")
            path.write_text(PLANTED)
            os.chmod(folder, 0o755)  # the endpoint may be somebody else on this machine
            canary.file = path.as_uri()
            yield canary
    elif leads_to(case, FETCHED):
        named = urlsplit(target.canary)
        server = _listening(canary, named.port or 0, "0.0.0.0" if target.canary else "127.0.0.1")
        canary.url = f"{target.canary.rstrip('/') or f'http://127.0.0.1:{server.port}'}/canary"
        try:
            yield canary
        finally:
            server.stop()
    else:
        yield canary


def _listening(canary: Canary, port: int, host: str) -> Server:
    """Return a server that listens at the port, soon."""
    for left in reversed(range(_TRIES if port else 1)):
        try:
            return Server(canary.answer, port, host, limits=_LIMITS)
        except UsageError as error:
            if not left:
                raise UsageError(say("told", place="canary", why=error.said)) from None
            time.sleep(_PAUSE)
    raise AssertionError


def fetched() -> Finding:
    """Return the broken must of an address in a message that was fetched."""
    return Finding("security.fetched", Level.MUST, "", say("no-fetch"), say("fetched"), ENTITIES, 1)
