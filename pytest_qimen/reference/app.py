"""The embedded endpoint: answers HTTP requests as a warehouse, an ERP, a store platform and a WDK gateway."""

import logging
import ssl
import threading
import traceback
from collections.abc import Sequence
from typing import Any

from pytest_qimen import xml
from pytest_qimen.errors import UsageError
from pytest_qimen.reference.answers import failure, refusal, reply_of, success
from pytest_qimen.reference.data import Data, build, read
from pytest_qimen.reference.database import Refused, State, Store
from pytest_qimen.reference.hooks import Plug, collect
from pytest_qimen.reference.judging import check
from pytest_qimen.reference.methods import (  # the domains enter their methods into the registry
    inbound,
    items,
    masterdata,
    orders,
    outbound,
    processing,
    returns,
    store_stock,
    stores,
    transfers,
    warehouse_stock,
    wdk,
)
from pytest_qimen.reference.protocol import authenticate, find_method, message_of, understand
from pytest_qimen.reference.request import NONE, Hooks, Method, Request
from pytest_qimen.wire.http import Incoming, Reply, plain
from pytest_qimen.wire.server import Server

DOMAINS = (
    inbound,
    store_stock,
    items,
    masterdata,
    orders,
    outbound,
    processing,
    returns,
    stores,
    transfers,
    warehouse_stock,
    wdk,
)
PATH = "/qimen"
_LOG = logging.getLogger(__name__)


class Core:
    """Answers requests from its database; `crashes` holds the trace of every one it failed to answer."""

    def __init__(
        self,
        *,
        app_key: str,
        secret: str,
        customer_id: str,
        plugs: Sequence[Plug] = (),
        state: str | None = None,
        explains: bool = False,
        lenient: bool = False,
    ) -> None:
        """`lenient` is for who judges callers: it refuses nothing that the documents leave open."""
        self.app_key, self.secret, self.customer_id = app_key, secret, customer_id
        self._explains, self._lenient = explains, lenient
        self.crashes: list[str] = []
        self._plugs = tuple(plugs)
        self._methods: dict[tuple[str, bool], tuple[Method | None, Hooks]] = {}
        self.store = Store(state)
        wdk.seed(self.store)
        warehouse_stock.seed(self.store)

    def answer(self, incoming: Incoming) -> Reply:
        """Return the reply to one request; a crash is answered with HTTP 500 and kept in `crashes`."""
        try:
            if incoming.path.rstrip("/") != PATH:
                return _elsewhere(incoming)
            try:
                request = understand(incoming)
            except Refused as error:
                return Reply(xml.write(build("response", refusal(error))))
            request.method, request.hooks = self._find(request.name, request.form is not None)
            reply = reply_of(request, self._answer(request))
            for hook in request.hooks.reply:
                hook(request, reply)
            return reply
        except Exception:
            self.crashes.append(traceback.format_exc())
            _LOG.exception("the endpoint failed to answer")
            return plain(500, "internal error")

    def _find(self, name: str, form: bool) -> tuple[Method | None, Hooks]:
        if found := self._methods.get((name, form)):
            return found
        method = find_method(name, form)
        hooks = collect(self._plugs, method.api.method if method else "") if self._plugs else NONE
        if method:  # unknown names are not kept: there is no end of them
            self._methods[name, form] = method, hooks
        return method, hooks

    def _answer(self, request: Request) -> Data:
        try:
            if request.incoming.oversize:
                request.refuse("the body is longer than 20 MB", "too-large")
            authenticate(request, self.app_key, self.secret, self.customer_id, self._explains, self._lenient)
            answer = success(request, self._act(request))
        except Refused as error:
            answer = failure(request, error)
        for change in request.hooks.data:
            change(request, answer)
        return answer

    def _act(self, request: Request) -> Data:
        """Carry out what an authenticated request asks for."""
        if request.method is None:
            request.refuse("unknown method", "invalid-method")
            return Data()
        root = request.root = _without_blanks(message_of(request, self._lenient))
        for hook in request.hooks.element:
            hook(request, root)
        return self._call(request, request.method, root, check(request, root))

    def _call(
        self, request: Request, method: Method, root: xml.Element, failed: list[tuple[str, str]]
    ) -> Data:
        message = read(root, method.shape)
        hooks = request.hooks
        with self.store.transaction():
            state = State(self.store, method.api.method, request.incoming.arrived, hooks.once)
            state.failed = failed
            state.ids = request.notes.get("ids", "")
            proceed = method.handler
            for hook in hooks.call:
                proceed = _around(hook, request, proceed)
            return proceed(state, message)


class Endpoint(Core):
    """A core behind a port, from construction until `stop`."""

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        **core: Any,
    ) -> None:
        super().__init__(**core)
        self._stopped = threading.Event()
        try:
            self._server = Server(self.answer, port, host, tls=tls)
        except UsageError:
            self.store.close()
            raise
        self.url = url_of(host, self._server.port, tls is not None)

    def stop(self) -> None:
        """Close the port and the database; a second time does nothing."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._server.stop()
        self.store.close()


def url_of(host: str, port: int, secure: bool) -> str:
    """Return the address of an endpoint as this machine calls it."""
    return f"{'https' if secure else 'http'}://{_named(host)}:{port}{PATH}"


def _without_blanks(root: xml.Element) -> xml.Element:
    """Return the message with its blank values emptied: a blank is no value (design.md 6.5)."""
    for element in root.iter("*"):
        if not len(element) and element.text and not element.text.strip():
            element.text = None
    return root


def _named(host: str) -> str:
    """Return the host as a URL that works on this machine has it."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1" if host == "0.0.0.0" else "[::1]"
    return f"[{host}]" if ":" in host else host


def _elsewhere(incoming: Incoming) -> Reply:
    """Refuse a request for another path; the hint names the right one."""
    hint = f"nothing is at {incoming.path[:40]!r}: send to {PATH}?method=..."
    reply = Reply(xml.write(build("response", refusal(Refused(hint, "wrong-path")))), 404)
    return reply


def _around(hook: Any, request: Request, proceed: Any) -> Any:
    return lambda state, message: hook(request, state, message, proceed)
