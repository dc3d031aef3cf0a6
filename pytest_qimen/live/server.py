"""A Feed and a port of 127.0.0.1 in; a page that only who knows its address can see, out."""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping

from pytest_qimen.live.feed import Feed
from pytest_qimen.live.page import document
from pytest_qimen.report.record import Json
from pytest_qimen.wire.http import Incoming, Reply, plain
from pytest_qimen.wire.limits import Limits
from pytest_qimen.wire.server import Server

_LOG = logging.getLogger(__name__)
LIMITS = Limits(body=64 * 1024, bodies=1024 * 1024, connections=64)
HEARTBEAT = 15.0  # seconds after which a stream says that it lives
TOGETHER = 0.2  # seconds for which what comes is gathered, so that a fast caller does not flood the browser
BOXED = "sandbox allow-scripts allow-downloads"
SAFE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Handler = Callable[[Json], Json]
Lookup = Callable[[str], Json | None]


class LivePage:
    """Serves a feed until it is closed, to whoever has `url`, which holds a random token.

    `lookups` answer `GET name/rest`, None where there is nothing of that name; `presses` answer `POST name`;
    `pages` are whole documents, each in an origin of its own, which can ask this server for nothing.
    A request for another host is refused, so that no foreign name can be bound to this address; a POST is
    refused without the page's own origin.
    """

    def __init__(
        self,
        feed: Feed,
        port: int = 0,
        lookups: Mapping[str, Lookup] | None = None,
        presses: Mapping[str, Handler] | None = None,
        pages: Mapping[str, Callable[[str], bytes | None]] | None = None,
    ) -> None:
        """Raises UsageError where it cannot listen."""
        self._feed = feed
        self._lookups = {"call": self._call, **(lookups or {})}
        self._presses, self._pages = presses or {}, pages or {}
        self._token = secrets.token_urlsafe(16)
        self._closing = threading.Event()
        self._streams = 0
        self._change = threading.Condition()
        self._server = Server(self._answer, port, limits=LIMITS)
        names = [f"{name}:{self._server.port}" for name in ("127.0.0.1", "localhost")]
        self._hosts = {*names, *(name.removesuffix(":80") for name in names)}
        self.url = f"http://{names[0]}/{self._token}/"

    def close(self) -> None:
        """Send what is left, and end."""
        self._feed.close()
        self._closing.set()
        with self._change:
            self._change.wait_for(lambda: not self._streams, 1.0)
        self._server.stop()

    def _answer(self, incoming: Incoming) -> Reply:
        reply = self._routed(incoming)
        reply.headers |= SAFE
        return reply

    def _routed(self, incoming: Incoming) -> Reply:
        host = incoming.headers.get("host", "")
        if host not in self._hosts:
            return plain(403, "this page is only for 127.0.0.1")
        _, token, *rest = [*incoming.path.split("/", 2), ""]
        if not secrets.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            return plain(404, "the address is not whole: copy it from the terminal")
        if incoming.verb == "GET":
            return self._get(rest[0], incoming.query)
        if incoming.verb != "POST":
            return plain(405, "GET or POST")
        if incoming.headers.get("origin") != f"http://{host}":
            return plain(403, "not from this page")
        return self._post(rest[0], incoming.body)

    def _get(self, name: str, query: str) -> Reply:
        at = query.removeprefix("after=")
        if name == "":
            body, policy = document()
            kind = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
            return Reply(body, 200, kind)
        if name == "events":
            kind = {"Content-Type": "text/event-stream; charset=utf-8"}
            return Reply(b"", 200, kind, parts=self._stream(at))
        if name == "poll":
            return _json(self._feed.since(at) or {"at": at, "rows": []})
        what, _, rest = name.partition("/")
        if what in self._pages and (shown := self._pages[what](rest)) is not None:
            kind = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": BOXED}
            return Reply(shown, 200, kind)
        found = self._lookups[what](rest) if what in self._lookups else None
        return plain(404, "nothing of that name") if found is None else _json(found)

    def _post(self, name: str, body: bytes) -> Reply:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if name not in self._presses or not isinstance(found, dict):
            return plain(400, "no such button")
        return _json(self._presses[name](found))

    def _call(self, number: str) -> Json | None:
        if not (number.isascii() and number.isdecimal() and len(number) < 16):
            return None
        return self._feed.detail(int(number)) or {"gone": True}

    def _stream(self, at: str) -> Iterator[bytes]:
        """Yield server-sent events: what there is, then what comes, until the feed is closed."""
        with self._change:
            self._streams += 1
        try:
            while True:
                closed = self._feed.closed
                if found := self._feed.since(at, HEARTBEAT):
                    at = found["at"]
                    yield b"data: " + _encoded(found) + b"\n\n"
                elif closed:
                    return
                else:
                    yield b": here\n\n"
                self._closing.wait(TOGETHER)
        finally:
            with self._change:
                self._streams -= 1
                self._change.notify_all()


def _encoded(found: Json) -> bytes:
    return json.dumps(found, separators=(",", ":")).encode()


def _json(found: Json) -> Reply:
    return Reply(_encoded(found), 200, {"Content-Type": "application/json"})
