"""`qimen cleanup`: what a run that broke off created, or may have created, is taken back."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.report.report_events import HEAD_LINE
from tests.support.console import KEYS, qimen
from tests.support.servers import Request, endpoint, response

SEED = "QABCDE0"
SENT = ("orderCode", "orderId", "storeId")  # what names a thing in the requests
OK, NO = response("success", "0", "ok"), response("failure", "E1", "has been shipped")


def line(kind: str, number: int, code: str = "", **more: Any) -> str:
    """A line of the ledger about an order."""
    name = code or f"{SEED}000{number}"
    found = {
        "type": kind,
        "id": f"0-{number}",
        "case": f"wms/entryorder.create/request/{number}",
        "method": "entryorder.create",
        "keys": {"entryOrder.entryOrderCode": name},
        "undo": "order.cancel",
        "undo_set": {"orderCode": name, "orderType": "CGRK"},
    }
    return json.dumps(found | more)


def settled(kind: str, number: int) -> str:
    return json.dumps({"type": kind, "id": f"0-{number}"})


@pytest.fixture
def cleanup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, str, list[str]]]:
    """Clean up after these lines; status, output, and the orders that were cancelled."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)

    def run(
        *lines: str,
        reply: Callable[[Request], bytes | str | None] = lambda request: OK,
        also: Sequence[str] = (),
    ) -> tuple[int, str, list[str]]:
        file = tmp_path / "events.jsonl"
        head = json.dumps(HEAD_LINE | {"seed": SEED})
        file.write_text("".join(f"{one}\n" for one in (head, *lines)), "utf-8")
        with endpoint(reply) as server:
            status, said = qimen(["cleanup", str(file), "--url", server.url, *also])
            roots = [one.root for one in server.requests if one.method in ("order.cancel", "store.delete")]
            names = [" ".join(found for key in SENT if (found := one.findtext(key))) for one in roots]
        said = said.replace(server.url, "URL")
        return status, said, sorted(names)

    return run


def test_created_and_unsure_are_taken_back_and_refused_is_not(
    cleanup: Callable[..., tuple[int, str, list[str]]],
) -> None:
    lines = [line("intent", 1), line("created", 1), line("intent", 2), settled("refused", 2)]
    lines += [line("intent", 3), settled("unsure", 3), line("intent", 4), line("created", 5)]
    status, said, names = cleanup(*lines)
    assert (status, said.splitlines()[-1]) == (0, "4 of 4 taken back")
    assert names == [f"{SEED}000{number}" for number in (1, 3, 4, 5)]


def test_what_the_run_took_back_itself_stays_so(
    cleanup: Callable[..., tuple[int, str, list[str]]],
) -> None:
    name = f"{SEED}0001"
    back = line("created", 2, name, method="order.cancel", keys={"orderCode": name}, undo="", undo_set={})
    assert cleanup(line("created", 1), back) == (0, "0 of 0 taken back\n", [])


def test_what_is_left_is_a_table_with_reasons(cleanup: Callable[..., tuple[int, str, list[str]]]) -> None:
    status, said, _ = cleanup(line("created", 1), line("intent", 2), reply=lambda request: NO)
    assert status == 1
    assert said.splitlines() == [
        "takes back at URL:",
        f"  order.cancel: orderCode {SEED}0001, orderType CGRK",
        f"  order.cancel: orderCode {SEED}0002, orderType CGRK",
        "method             name         case                             why",
        f"entryorder.create  {SEED}0001  wms/entryorder.create/request/1  order.cancel: flag=failure code=E1 "
        "message=has been shipped",
        f"entryorder.create  {SEED}0002  wms/entryorder.create/request/2  order.cancel: flag=failure code=E1 "
        "message=has been shipped",
        "1 of them had no clear answer and may never have been created",
        "0 of 2 taken back",
    ]
    assert cleanup(line("intent", 2), reply=lambda request: NO)[0] == 0


def test_a_dead_endpoint_is_tried_once_for_each_connection(
    cleanup: Callable[..., tuple[int, str, list[str]]],
) -> None:
    status, said, names = cleanup(*(line("created", n) for n in range(200)), reply=lambda request: None)
    assert (status, said.splitlines()[-1]) == (1, "0 of 200 taken back")
    assert len(names) < 100


BAD = {
    "half a line": ('{"type": "crea', "line 2: is no JSON"),
    "no type": ("[]", "line 2: is no line of an events.jsonl: it has no type"),
    "another type": (line("created", 7, keys=[]), "line 2: keys: expected an object, got a list"),
    "an end at no time": (
        '{"type": "end", "ended": "x"}',
        "line 2: ended: expected a time in ISO 8601, got 'x'",
    ),
    "an order of somebody's": (line("created", 7, "REAL-1"), "REAL-1 is no key that this run made up"),
    "another undo": (
        line("created", 7, undo="stockchange.report"),
        "entryorder.create is not taken back by stockchange.report with orderCode "
        f"{SEED}0007, orderType CGRK",
    ),
    "another field": (
        line("created", 7, undo_set={"orderCode": f"{SEED}7", "extendProps": "x"}),
        f"entryorder.create is not taken back by order.cancel with orderCode {SEED}7, extendProps x",
    ),
    "a key of ours in another place": (
        line("created", 7, undo_set={"warehouseCode": f"{SEED}7", "orderCode": "REAL-1"}),
        f"entryorder.create is not taken back by order.cancel with warehouseCode {SEED}7, orderCode REAL-1",
    ),
    "no name at all": (
        line("created", 7, undo_set={"warehouseCode": f"{SEED}7"}),
        f"entryorder.create is not taken back by order.cancel with warehouseCode {SEED}7",
    ),
    "another type of order": (
        line("created", 7, undo_set={"orderCode": f"{SEED}7", "orderType": "JYCK"}),
        f"entryorder.create is not taken back by order.cancel with orderCode {SEED}7, orderType JYCK",
    ),
    "nothing but the prefix": (
        line("created", 7, SEED[:6]),
        f"{SEED[:6]} is no key that this run made up",
    ),
    "what is no text": (
        line("created", 7, undo_set={"orderCode": f"{SEED}\x01"}),
        "order.cancel cannot carry what it names",
    ),
}


@pytest.mark.parametrize(("bad", "words"), BAD.values(), ids=list(BAD))
def test_a_bad_line_is_skipped_and_told(
    cleanup: Callable[..., tuple[int, str, list[str]]], bad: str, words: str, tmp_path: Path
) -> None:
    status, said, names = cleanup(bad, line("created", 1))
    assert (status, names) == (0, [f"{SEED}0001"])
    first, *_, last = said.splitlines()
    assert first == f"qimen: skipped: {tmp_path / 'events.jsonl'}: {words}"
    assert last == "1 of 1 taken back"


def test_not_every_warning_is_shown(cleanup: Callable[..., tuple[int, str, list[str]]]) -> None:
    assert cleanup(*["x"] * 1000)[1].count("\n") == 22


STORE = {"method": "store.create", "undo": "store.delete", "undo_set": {"storeId": "REAL-1"}}


def test_ids_that_the_receiver_gave_are_sent_only_when_asked_for(
    cleanup: Callable[..., tuple[int, str, list[str]]],
) -> None:
    code = f"{SEED}1"
    both = line("created", 1, code, undo_set={"orderCode": code, "orderId": "REAL-1", "orderType": "CGRK"})
    lines = both, line("created", 2, **STORE)
    status, said, sent = cleanup(*lines)
    assert (status, sent) == (1, [code])
    assert said.splitlines()[:2] == [
        "takes back at URL:",
        f"  order.cancel: orderCode {code}, orderType CGRK",
    ]
    assert said.splitlines()[-2:] == [
        "what only the receiver's ids name is left: look at the file, then say --assigned",
        "1 of 2 taken back",
    ]
    status, said, sent = cleanup(*lines, also=["--assigned"])
    assert (status, sent) == (0, [f"{code} REAL-1", "REAL-1"])
