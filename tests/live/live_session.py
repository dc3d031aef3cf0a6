"""A listener with its live page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pytest_qimen import xml
from pytest_qimen.client.request import DraftRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.listening.listener import Listener
from pytest_qimen.live.session import Live
from pytest_qimen.reference.app import Core
from pytest_qimen.spec import load_all
from pytest_qimen.target.caller import CallerProfile
from tests.support.calling import call
from tests.support.heard import CALLER

PROFILE = CallerProfile(sides=("erp",), sends=("entryorder.create", "stockout.create"))
SESSION = "a-session-of-theirs"


@dataclass
class Session:
    """The port that listens, and the page about it."""

    listener: Listener
    page: Live
    secret: str = CALLER.secret

    @property
    def url(self) -> str:
        return self.listener.url

    def bad_call(self, edit: Callable[[xml.Element], None] | None = None) -> Exchange:
        """Send a call whose version is wrong, with a session that nobody may see."""
        return call(self.url, edit=edit, tamper=_bad_version)

    def judged(self) -> None:
        """Wait until all that came is judged."""
        assert self.listener.judge.wait(60)

    def end(self, verdict: str) -> None:
        self.page.end(verdict)


@contextmanager
def opened_session(mask_personal: bool = False) -> Iterator[Session]:
    core = Core(app_key=CALLER.app_key, secret=CALLER.secret, customer_id="")
    listener = Listener(core.answer, CALLER)
    page = Live(
        {"side": "caller", "target": "our ERP", "url": listener.url},
        caller=CALLER,
        claimed=filter(PROFILE.claims, load_all()),
        state={"lag": lambda: listener.judge.lag},
        mask_personal=mask_personal,
    )
    listener.begin(page.hear)
    try:
        yield Session(listener, page)
    finally:
        listener.stop()
        page.close()
        core.store.close()


def _bad_version(made: DraftRequest) -> None:
    made.set("v", "7")
    made.set("session", SESSION)
