"""Every fault shows in what its family sends, crashes nothing, and leaves the other methods alone."""

from collections.abc import Callable, Sequence
from functools import cache

import pytest

from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.errors import UsageError
from pytest_qimen.reference import Endpoint, serve, start
from pytest_qimen.reference.faults import FAMILIES, FAULTS, list_faults
from pytest_qimen.reference.faults.model import TEXTS
from pytest_qimen.reference.variants import VARIANTS, list_variants
from pytest_qimen.wire.http import Incoming
from tests.reference import endpoint_corpora as corpora
from tests.reference import key_corpora, mixed_corpora, signing_corpora, state_corpora, stock_corpora
from tests.reference.endpoint_client import CHUNKED, Client, Connect

CORPUS = {
    "disguises": "signature",
    "pages": "paging",
    "queries": "state",
    "refusals": "state",
    "batches": "state",
    "replays": "idempotency",
}
FAMILY_OF = {
    name: CORPUS.get(family, family)
    for family, faults in FAMILIES.items()
    if family not in ("deliveries", "entities")  # no answer shows them: test_deliveries.py, test_entities.py
    for name in faults
    if name
    not in ("heartbeat-stands-still", "bill-num-forgotten-after-a-while")  # they take time: tests/kills
}


def corpus(family: str) -> Callable[[corpora.Talk], None]:
    """Return the function that sends what shows the faults of a family."""
    modules = (corpora, state_corpora, signing_corpora, key_corpora, stock_corpora, mixed_corpora)
    found: Callable[[corpora.Talk], None]
    found = next(getattr(module, family) for module in modules if hasattr(module, family))
    return found


def heard(family: str, *faults: str, variants: Sequence[str] = ()) -> tuple[list[str], Endpoint]:
    """What an endpoint with these faults answers to the requests of a family; no sockets, to be quick."""
    endpoint = start(faults=faults, variants=variants)
    client = Client(endpoint)
    talk = corpora.Talk(client)
    try:
        for query, body, kind, verb in requests(family):
            headers = {"content-type": kind, **({"transfer-encoding": "chunked"} if kind == CHUNKED else {})}
            target = f"/qimen?{query}"
            reply = endpoint.answer(Incoming(verb, target, "HTTP/1.1", headers, body))
            talk.heard.append(f"{reply.cut} {corpora.timeless(reply.encode(False))!r}")
        getattr(state_corpora, f"{family}_end", lambda _: None)(talk)
    finally:
        client.connection.close()
        endpoint.stop()
    return talk.heard, endpoint


@cache
def requests(family: str) -> tuple[tuple[str, bytes, str, str], ...]:
    """The requests of a family, made and signed once against a clean endpoint."""
    endpoint = start()
    client = Client(endpoint)
    corpus(family)(corpora.Talk(client))
    client.connection.close()
    endpoint.stop()
    return tuple(client.sent)


@cache
def clean(family: str) -> tuple[str, ...]:
    found, endpoint = heard(family)
    assert not endpoint.crashes
    return tuple(found)


@pytest.mark.parametrize("name", FAMILY_OF)
def test_fault_shows(name: str) -> None:
    family = FAMILY_OF[name]
    found, endpoint = heard(family, name)
    assert not endpoint.crashes, endpoint.crashes[0]
    assert tuple(found) != clean(family)


def test_clean_endpoint_repeats_itself() -> None:
    for family in set(FAMILY_OF.values()):
        assert tuple(heard(family)[0]) == clean(family)


def test_fault_of_one_method_leaves_the_others_alone() -> None:
    name = "flag-missing@entryorder.create"
    found, _ = heard("envelope", name)
    different = [number for number, (a, b) in enumerate(zip(found, clean("envelope"), strict=True)) if a != b]
    assert different == [1]


@pytest.mark.parametrize(
    ("fault", "path", "good"),
    [
        ("need-not-checked@deliveryorder.create:deliveryOrder.shopNick", "deliveryOrder__shopNick", True),
        ("need-not-checked@deliveryorder.create:deliveryOrder.shopNick", "deliveryOrder__createTime", False),
        ("need-not-checked@entryorder.create:deliveryOrder.shopNick", "deliveryOrder__shopNick", False),
        (
            "need-not-checked@deliveryorder.*:orderLines.orderLine[].itemCode",
            "orderLines__orderLine__itemCode",
            True,
        ),
        ("optional-demanded@deliveryorder.create:deliveryOrder.payNo", "deliveryOrder__payNo", False),
    ],
)
def test_fault_at_one_place(fault: str, path: str, good: bool) -> None:
    endpoint = start(faults=[fault])
    client = Client(endpoint)
    try:
        assert client.call("deliveryorder.create", **{path: None}).ok is good
    finally:
        client.connection.close()
        endpoint.stop()


def test_less_than_nothing_of_other_goods_does_not_matter(connect: Connect) -> None:
    client = connect(faults=["negative-stock-refused"])
    for item, quantity in (("5", 0), ("6", 5)):
        line = [corpora.row(f"A{item}", quantity, item)]
        assert client.call("storeinventory.iteminitial", **{corpora.LINES: line, **corpora.PLACE}).ok
    for item, good in (("6", True), ("5", False)):
        line = [corpora.row(f"B{item}", -1, item)]
        assert client.call("storeinventory.itemupdate", **{corpora.LINES: line, **corpora.PLACE}).ok is good


@pytest.mark.parametrize("fault", ["cancel-forgets", "document-replay-deletes"])
def test_what_is_forgotten_leaves_nothing_behind(connect: Connect, fault: str) -> None:
    client = connect(faults=[fault])
    for method in ("entryorder.create", "entryorder.create", "order.cancel"):
        asked = {"orderCode": "RK201605010001", "orderType": "CGRK"} if method == "order.cancel" else {}
        client.call(method, **asked)
    store = client.endpoint.store
    with store.lock:
        left = [store.db.execute(f"select count(*) from {name}").fetchone()[0] for name in ("lines", "steps")]
    assert left == [0, 0]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"faults": ["signature-unchekced"]}, "unknown fault 'signature-unchekced'.*signature-unchecked"),
        ({"variants": ["chunkd"]}, "unknown variant 'chunkd'.*chunked"),
        ({"faults": ["flag-missing@a:b"]}, "takes no path"),
    ],
)
def test_unknown_names(settings: dict[str, list[str]], words: str) -> None:
    with pytest.raises(UsageError, match=words), serve(**settings):  # type: ignore[arg-type]
        pass


def test_tables() -> None:
    assert set(TEXTS) == set(FAULTS) | set(VARIANTS)
    assert {fault.requirement for fault in list_faults()} <= set(load_requirements())
    assert len(list_faults()) == sum(len(family) for family in FAMILIES.values()) >= 200
    assert len(list_variants()) >= 40
