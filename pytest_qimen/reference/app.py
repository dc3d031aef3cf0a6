"""An HTTP request in, the answer of a warehouse, an ERP, a store platform or a WDK gateway out."""

import json
import logging
import threading
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from pytest_qimen import rules, schema, xml
from pytest_qimen.errors import UsageError
from pytest_qimen.reference.data import Data, build, read
from pytest_qimen.reference.database import Refused, State, Store
from pytest_qimen.reference.hooks import NONE, Hooks, Plug, collect
from pytest_qimen.reference.http import Incoming, Reply, Server
from pytest_qimen.reference.methods import (  # the domains enter their methods into the registry
    inbound,
    items,
    masterdata,
    outbound,
    processing,
    returns,
    store_stock,
    stores,
    warehouse_stock,
    wdk,
)
from pytest_qimen.reference.methods.registry import BATCHES
from pytest_qimen.reference.request import Method, Request, authenticate, find_method, message_of, understand
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Api, Message

DOMAINS = (
    inbound,
    store_stock,
    items,
    masterdata,
    outbound,
    processing,
    returns,
    stores,
    warehouse_stock,
    wdk,
)
_LOG = logging.getLogger(__name__)
_MESSAGE_LIMIT = 100  # characters: the shortest that a document prints for `message` (transferorder.create)


class Endpoint:
    """Runs from construction until `stop`; `crashes` holds the trace of every request it failed to answer."""

    def __init__(
        self,
        *,
        app_key: str,
        secret: str,
        customer_id: str,
        plugs: Sequence[Plug] = (),
        state: str | None = None,
        port: int = 0,
    ) -> None:
        self.app_key, self.secret, self.customer_id = app_key, secret, customer_id
        self.crashes: list[str] = []
        self._stopped = threading.Event()
        self._plugs = tuple(plugs)
        self._methods: dict[tuple[str, bool], tuple[Method | None, Hooks]] = {}
        self.store = Store(state)
        wdk.seed(self.store)
        warehouse_stock.seed(self.store)
        try:
            self._server = Server(self.answer, port)
        except (OSError, OverflowError) as error:
            self.store.close()
            raise UsageError(f"port {port}: {error}") from None
        self.url = f"http://127.0.0.1:{self._server.port}/qimen"

    def wait(self) -> None:
        """Return when somebody has stopped it."""
        self._stopped.wait()

    def stop(self) -> None:
        """Close the port and the database; a second time does nothing."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._server.stop()
        self.store.close()

    def answer(self, incoming: Incoming) -> Reply:
        """The reply to one request; a crash is answered with HTTP 500 and kept in `crashes`."""
        try:
            try:
                request = understand(incoming)
            except Refused as error:
                return Reply(_xml(_refusal(error)))
            request.method, request.hooks = self._find(request.name, request.form is not None)
            reply = _reply(request, self._answer(request))
            for hook in request.hooks.reply:
                hook(request, reply)
            return reply
        except Exception:
            self.crashes.append(traceback.format_exc())
            _LOG.exception("the endpoint failed to answer")
            return Reply(b"internal error\n", 500, {"Content-Type": "text/plain"})

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
            authenticate(request, self.app_key, self.secret, self.customer_id)
            answer = _success(request, self._act(request))
        except Refused as error:
            answer = _failure(request, error)
        for change in request.hooks.data:
            change(request, answer)
        return answer

    def _act(self, request: Request) -> Data:
        """Carry out what an authenticated request asks for."""
        if request.method is None:
            request.refuse("unknown method", "invalid-method")
            return Data()
        root = request.root = message_of(request)
        for hook in request.hooks.element:
            hook(request, root)
        return self._call(request, request.method, root, _check(request, root))

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


def _around(hook: Any, request: Request, proceed: Any) -> Any:
    return lambda state, message: hook(request, state, message, proceed)


def _check(request: Request, root: xml.Element) -> list[tuple[str, str]]:
    """Refuse a broken message; of a batch take the broken lines out and return their keys and reasons."""
    assert request.method is not None
    api = request.method.api
    problems = list(schema.problems(api, "request", root)) + _broken(request.method.judged, root)
    for hook in request.hooks.problems:
        problems = hook(request, problems)
    if not problems:
        return []
    failed: list[tuple[str, str]] = []
    if api.method in BATCHES:
        failed, problems = _bad_lines(root, *BATCHES[api.method], problems)
    if problems:
        raise Refused(problems[0].text, problems[0].rule, "isv.invalid-parameter", problems[0].path)
    return failed


def _broken(api: Api, root: xml.Element) -> list[Problem]:
    """The rules that the message breaks, as the schema would tell it."""
    return [
        Problem(
            one.path,
            "",
            "need",
            one.expected,
            one.actual,
            f"{one.path}: expected {one.expected}, got {one.actual}",
        )
        for one in rules.broken(api, "request", root)
    ]


def _bad_lines(
    root: xml.Element, lines: str, key: str, problems: list[Problem]
) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The lines that fail alone, taken out of the message, and the problems that concern no single line."""
    failed: list[tuple[str, str]] = []
    bad = []
    for line in xml.find(root, lines):
        place = xml.place(line)
        own = [one for one in problems if one.path == place or one.path.startswith(f"{place}.")]
        name = xml.get(line, key)
        if own and name:
            failed.append((name, own[0].text))
            problems = [one for one in problems if one not in own]
            bad.append(line)
    for line in bad:
        parent = line.getparent()
        assert parent is not None
        parent.remove(line)
    return failed, problems


def _success(request: Request, answer: Data) -> Data:
    if not request.top:
        return Data({"flag": "success", "code": "0", "message": "success", **answer})
    declared = request.method.api.response.by_path if request.method else {}
    head = {"flag": "success", "qimen_code": "0", "message": "success"} if "flag" in declared else {}
    return Data({**head, **answer})


def _refusal(error: Refused) -> Data:
    answer = Data(flag="failure", code=error.code[:50], message=error.message[:_MESSAGE_LIMIT])
    if error.sub_code:
        answer.update(sub_code=error.sub_code, sub_message=error.sub_message)
    return answer


def _failure(request: Request, error: Refused) -> Data:
    """The answer to a refused request; what TOP itself refuses goes into error_response."""
    if not request.top:
        return _refusal(error)
    declared = request.method.api.response.by_path if request.method else {}
    if error.code in _TOP_CODES:
        pass
    elif "is_success" in declared:
        return Data(is_success="false", msg_code="isv.invalid-parameter", message=error.message)
    elif "result.success" in declared:
        return Data(result=Data(success="false", err_code="ILLEGAL_PARAMETERS", err_msg=error.message))
    code, msg = _TOP_CODES.get(error.code, ("50", "Remote service error"))
    sub_code = error.sub_code if code == "50" and error.sub_code else f"isv.{error.code}"
    return Data(error_response=Data(code=code, msg=msg, sub_code=sub_code, sub_msg=error.message))


_TOP_CODES = {
    "invalid-method": ("22", "Invalid Method"),
    "bad-parameter": ("41", "Invalid Arguments"),
    "doubled-parameter": ("41", "Invalid Arguments"),
    "missing-sign": ("24", "Missing Signature"),
    "sign-check-failure": ("25", "Invalid signature"),
    "invalid-app-key": ("29", "Invalid App Key"),
    "invalid-timestamp": ("31", "Invalid Timestamp"),
    "invalid-version": ("33", "Invalid Version"),
    **{f"missing-{name}": ("40", "Missing Required Arguments") for name in ("method", "timestamp", "v")},
    **{f"missing-{name}": ("40", "Missing Required Arguments") for name in ("app_key", "sign_method")},
}


def _reply(request: Request, answer: Data) -> Reply:
    if request.top and request.every.get("format", "").lower() == "json":
        text = json.dumps(_json(request, answer), ensure_ascii=False)
        return Reply(text.encode(), headers={"Content-Type": "application/json;charset=UTF-8"})
    root = "response"
    if request.top:
        root = request.method.api.root if request.method else "error_response"
        if "error_response" in answer:
            root, answer = "error_response", answer.group("error_response")
    element = build(root, answer)
    for hook in request.hooks.answer:
        hook(request, element)
    return Reply(xml.write(element))


def _xml(answer: Data) -> bytes:
    return xml.write(build("response", answer))


def _json(request: Request, answer: Data) -> Mapping[str, Any]:
    if "error_response" in answer or request.method is None:
        error = answer.group("error_response")
        return {"error_response": {**error, "code": error.number("code")}}
    api = request.method.api
    return {api.root: _typed(api.response, "", answer)}


def _typed(message: Message, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with JSON's numbers and truth values where the document says Number and Boolean."""
    types = {row.name: row for row in message.children(path)}
    found: dict[str, Any] = {}
    for name, value in data.items():
        row = types.get(name)
        if row and not row.leaf:
            found[name] = (
                [_typed(message, row.path, one) for one in value]
                if row.repeated
                else (_typed(message, row.path, value))
            )
        elif row and row.type in ("number", "boolean"):
            found[name] = json.loads(value)
        else:
            found[name] = value
    return found
