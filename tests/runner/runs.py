"""Sessions against servers whose answers the tests decide."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from pytest_qimen import spec, xml
from pytest_qimen.cases import Case, Kind, Step, find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.messages import samples
from pytest_qimen.messages.edits import Edit
from pytest_qimen.runner import Created, Ledger, Outcome, Session
from pytest_qimen.target.model import with_options
from pytest_qimen.verdict import Level
from tests.support.apis import TARGET, TITLE
from tests.support.servers import Endpoint, Request, endpoint, response

SHOP, CREATE, CANCEL, QUERY = (
    spec.load_api(f"wms/{name}")
    for name in ("shop.synchronize", "entryorder.create", "order.cancel", "warehouseinfo.query")
)


PINS = {  # an endpoint that refuses what is pinned cannot say that it does not know it
    **{"ownerCode": ("HZ0001",), "warehouseCode": ("HZCK01",), "itemCode": ("SKU1",), "shopId": ("7",)},
    **{"userId": ("8",), "mainCategory": ("9",)},
}
TOLD = {"ownerCode": ("HZ0001",), "itemCode": ("SKU20160501",)}
SMOKE = "protocol/smoke/wms/answers"
MINIMAL = "wms/shop.synchronize/request/minimal"
NAME, CODE = "shop.shopName", "shop.shopCode"
NO = response("failure", "E1", "no")
NOWHERE = "qimen.no.such.method"
Replies = Mapping[str, Callable[[Request], bytes | str | None] | bytes | str | None]


def polite(request: Request) -> str:
    """An answer with every field of its method."""
    api = spec.load_api(request.method)
    return xml.write(samples.full(api.response, api.root)).decode()


class Run:
    """A Session against an endpoint that answers politely, but for what `replies` say."""

    client: Transport  # the same for all tests: a new one costs 20 ms

    def __init__(self, server: Endpoint, settings: dict[str, Any]) -> None:
        self.server = server
        self.ledger: list[Created] = []
        self.noted: list[str] = []  # what the ledger was told, in order
        target = with_options(TARGET, url=server.url, **settings)
        self.session = Session(target, self.client, ledger=Ledger(self._note))

    def _note(self, entry: Created, word: str) -> None:
        self.noted.append(f"{word} {entry.id} {entry.method}")
        if word == "created":
            self.ledger.append(entry)

    def __call__(self, case: Case | str) -> Outcome:
        return self.session.outcome(find_case(case) if isinstance(case, str) else case)


@contextmanager
def running(replies: Replies | None = None, **settings: Any) -> Iterator[Run]:
    def reply(request: Request) -> bytes | str | None:
        found = {NOWHERE: NO, **(replies or {})}.get(request.method, polite)
        return found(request) if callable(found) else found

    with endpoint(reply) as server:
        yield Run(server, settings)


def pinned_run(replies: Replies | None = None, **settings: Any) -> AbstractContextManager[Run]:
    """As `running`, with owner and goods that the endpoint knows: nothing is made before a message."""
    return running(replies, **({"data": TOLD} | settings))


def flow(*steps: Step, **more: Any) -> Case:
    """A flow of these steps that requires nothing."""
    settings: dict[str, Any] = {
        **{"level": Level.MUST, "requirements": ("a.b",), "family": "flow", "kind": Kind.FLOW},
        **more,
    }
    return Case(
        id="flows/test/one",
        file="cases/flows/test.toml",
        role=steps[0].api.role,
        method=steps[0].api.method,
        title=TITLE,
        clause="003 flow",
        steps=steps,
        **settings,
    )


def single(**more: Any) -> Case:
    """A case of one step that is no flow."""
    settings: dict[str, Any] = {"kind": Kind.METHOD} | more
    return replace(flow(Step(SHOP)), id="wms/shop.synchronize/case/test", **settings)


def boundary(scenario: str, path: str = NAME) -> str:
    """The id of a boundary of SHOP."""
    return f"wms/shop.synchronize/request/{path}/{scenario}"


def put(**values: str) -> tuple[Edit, ...]:
    """Changes that write these values (`a__b` for `a.b`)."""
    return tuple(Edit("put", name.replace("__", "."), value) for name, value in values.items())


def texts(run: "Run", method: str, path: str) -> list[str | None]:
    """What stood at the path in every request of the method."""
    return [xml.get(one.root, path) for one in run.server.requests if one.method == method]
