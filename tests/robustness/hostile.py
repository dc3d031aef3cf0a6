"""Endpoints whose answers are legal, or nearly, and meant to hang the suite or to bend the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pytest_qimen.reference.app import Endpoint
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.wire.http import Incoming
from tests.support.servers import Request, endpoint

MASKED, CHINESE = ("--qimen-mask-personal",), ("--qimen-lang", "zh")


def more(text: str) -> Callable[[bytes], bytes]:
    """Adds elements to each answer."""
    return lambda body: body.replace(b"</response>", text.encode() + b"</response>")


def message(text: str) -> Callable[[bytes], bytes]:
    """Makes each answer a success that says this."""
    said = f"<response><flag>success</flag><code>0</code><message>{text}</message></response>".encode()
    return lambda body: said


@contextmanager
def bent(change: Callable[[bytes], bytes]) -> Iterator[str]:
    """The embedded endpoint behind a peer that changes its answers."""
    app = Endpoint(app_key=APP_KEY, secret=SECRET, customer_id=CUSTOMER_ID)

    def reply(request: Request) -> bytes:
        found = app.answer(Incoming(request.verb, request.target, "HTTP/1.1", request.headers, request.body))
        return change(found.body)

    try:
        with endpoint(reply) as server:
            yield server.url
    finally:
        app.stop()


# how the embedded endpoint's answers are changed, and the options of the run
HOSTILE: dict[str, tuple[Callable[[bytes], bytes], tuple[str, ...]]] = {
    "50,000 unknown elements in each answer": (
        more("".join(f"<z{number:x}/>" for number in range(50_000))),
        (),
    ),
    "100,000 elements in a list": (more("<z/>" * 100_000), ()),
    "messages of 2 MB": (message("m" * 2_000_000), ()),
    "messages that look like the suite's own sentences": (
        message("step 1 (a to 1 (: " * 3_000),
        ("--qimen-lang", "zh"),
    ),
    "30,000 beginnings of an e-mail address": (more("<z>" + "-a" * 30_000 + "</z>"), MASKED),
    "20,000 personal names": (
        more("".join(f"<name>n{number:07}</name>" for number in range(20_000))),
        MASKED,
    ),
    "control characters instead of an answer": (lambda body: b"\x1b]0;x\x07\x1b[2J\x9b31m\xff" * 1_000, ()),
}
