"""A simulated WMS: takes entry orders at an endpoint of its own, and confirms what it received when driven.

`faults` are names of what it does wrong. The standard library only: it shares no code with the suite.
"""

import itertools
import json
import time
import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.scenarios.drive import served
from tests.scenarios.wire import post

GOOD = "<response><flag>success</flag><code>0</code><message>success</message>{more}</response>"


class Wms:
    """One warehouse, with the orders that it took and those that were cancelled again."""

    def __init__(self, keys: Sequence[str], faults: Sequence[str] = ()) -> None:
        self._keys, self.faults = keys, set(faults)
        self._orders: dict[str, list[str]] = {}
        self._cancelled: set[str] = set()
        self._numbers = itertools.count(int(time.time() * 1000) % 10**9)

    def answer(self, method: str, body: bytes) -> str:
        """Return the answer to a call."""
        root = ET.fromstring(body) if body else ET.Element("request")
        code = root.findtext("entryOrder/entryOrderCode") or root.findtext("orderCode") or ""
        if method.endswith("entryorder.create"):
            self._orders[code] = [line.text or "" for line in root.iter("itemCode")]
            return GOOD.format(more=f"<entryOrderId>W{code}</entryOrderId>")
        if method.endswith("order.cancel"):
            self._cancelled.add(code)
        return GOOD.format(more="")

    def drive(self, task: Mapping[str, Any]) -> dict[str, Any] | None:
        """Confirm what was received; None for anything else."""
        key = task["key"]
        if task["do"] != "send" or task["method"] != "entryorder.confirm":
            return None
        if key in self._cancelled and "confirms-the-cancelled" not in self.faults:
            return {"format": 1, "outcome": "failure", "key": key, "values": {}, "note": "cancelled"}
        parts = task["want"]["parts"] or [100]
        parts = [sum(parts)] if "confirms-at-once" in self.faults else parts
        code = "UNKNOWN1" if "confirms-another" in self.faults else key
        outcomes = [self._confirm(code, parts, place, task["url"]) for place in range(len(parts))]
        return {"format": 1, "outcome": outcomes[-1], "key": key, "values": {}, "note": ""}

    def _confirm(self, code: str, parts: Sequence[int], place: int, url: str) -> str:
        quantity = sum(parts[: place + 1]) if "confirms-totals" in self.faults else parts[place]
        last = place == len(parts) - 1 and "never-final" not in self.faults
        number = "1" if "one-code" in self.faults else str(next(self._numbers))
        out = "" if "no-code" in self.faults else f"<outBizCode>{code}-{number}</outBizCode>"
        lines = "".join(
            f"<orderLine><itemCode>{item}</itemCode><actualQty>{quantity}</actualQty></orderLine>"
            for item in self._orders.get(code) or ["SKU20160501"]
        )
        letter = (
            f"<entryOrder><entryOrderCode>{code}</entryOrderCode><ownerCode>HZ0001</ownerCode>"
            f"<warehouseCode>HZCK01</warehouseCode><entryOrderType>CGRK</entryOrderType>{out}"
            f"<confirmType>{0 if last else 1}</confirmType>"
            f"<status>{'FULFILLED' if last else 'PARTFULFILLED'}</status></entryOrder>"
            f"<orderLines>{lines}</orderLines>"
        )
        status, body = post(self._keys, "entryorder.confirm", letter, url)
        return "success" if status == 200 and b"<flag>success" in body else "failure"


def _handler(wms: Wms) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urllib.parse.urlsplit(self.path)
            status = 200
            if parts.path == "/drive":
                report = wms.drive(json.loads(body))
                status, said = (200, json.dumps(report)) if report else (501, "cannot")
            else:
                said = wms.answer(urllib.parse.parse_qs(parts.query)["method"][0], body)
            self.send_response(status)
            self.send_header("Content-Type", "text/xml;charset=utf-8")
            self.send_header("Content-Length", str(len(said.encode())))
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *args: object) -> None:
            """Be silent."""

    return Handler


@contextmanager
def warehouse(keys: Sequence[str], faults: Sequence[str] = ()) -> Iterator[str]:
    """Yield the address of a simulated WMS: `/qimen` is its endpoint, `/drive` its driver."""
    with served(_handler(Wms(keys, faults))) as url:
        yield url
