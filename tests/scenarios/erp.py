"""A simulated ERP and OMS: sends what it is asked for, and again what was not answered clearly.

`faults` are names of what it does wrong, or of legal differences: retries-late, retries-at-once, parallel and
the `ways` of wire.py. The standard library only: it shares no code with the suite.
"""

import itertools
import json
import re
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.scenarios.document import Document
from tests.scenarios.letters import LETTERS, MOST
from tests.scenarios.lists import Lists
from tests.scenarios.wire import Letter, post
from tests.scenarios.wish import Wish, now

PAUSE = 0.05  # seconds before it sends again by itself
LATE = 1.0  # the same for a system that is later than the windows of the tests
_IDS = ("entryOrderId", "returnOrderId", "deliveryOrderId", "itemId", "storeId", "storeCategory")
_TYPES = {"entryorder": "CGRK", "returnorder": "THRK", "stockout": "PTCK", "deliveryorder": "JYCK"}


class Erp(Lists):
    """One system; `retries` is how often it sends again by itself what was not answered clearly."""

    def __init__(
        self,
        url: str,
        keys: Sequence[str],
        *,
        faults: Sequence[str] = (),
        retries: int = 1,
    ) -> None:
        self.url, self.faults, self.retries = url, set(faults), retries
        self._keys = keys
        self._numbers = itertools.count(int(time.time() * 1000) % 10**9)
        self._documents: dict[str, Document] = {}
        self._last = ""
        self._known: dict[str, str] = {"itemCode": "SKU20160501"}
        self._dead = False

    # ---- what the driver asks for

    def drive(self, task: Mapping[str, Any]) -> dict[str, Any] | None:
        """Carry out a task; return the report, None for what this system cannot do."""
        want = {name: value for name, value in task["want"].items() if value not in ("", [])}
        if task["do"] in ("send", "read"):
            read = task["key"] if task["do"] == "read" else ""
            return self._new(task["do"], task["method"], want, task["url"], read)
        known = self._documents.get(task["key"] or self._last)
        if known is None:
            return None
        if task["do"] == "resend":
            return self._push(known, task["url"])
        if task["do"] == "state":
            if "never-asks-again" not in self.faults and known.outcomes[-1] == "unknown":
                self._push(known, task["url"])
            return self._report(known)
        if task["do"] == "cancel":
            if "never-asks-again" in self.faults and known.method == "order.cancel":
                return self._report(known)
            return self._cancel(known, task["url"])
        return self._change(known, task, want)

    def _new(
        self, do: str, method: str, want: dict[str, Any], url: str, read: str = ""
    ) -> dict[str, Any] | None:
        method = method or ("entryorder.query" if do == "read" else "entryorder.create")
        if method not in LETTERS:
            return None
        if want.get("documents", 1) > 1 and "few-documents" not in self.faults:
            single, count = want | {"documents": 1}, want["documents"]
            if "parallel" in self.faults:
                with ThreadPoolExecutor(8) as pool:
                    return [*pool.map(lambda _: self._new(do, method, single, url), range(count))][-1]
            return [self._new(do, method, single, url) for _ in range(count)][-1]
        if method == "store.create" and "category" not in self._known:
            self._new("send", "storecategory.get", {}, url)
        if want.get("items") == "new" and "orders-before-items" not in self.faults:
            self._new("send", "singleitem.synchronize", {"items": "known"}, url)
        if "syncs-first" in self.faults and method == "entryorder.create":  # legal
            self._new("send", "singleitem.synchronize", {"items": "known"}, url)
        key = read or (self._last if do == "read" else "") or f"ERP{next(self._numbers)}"
        if method == "orderStatus.sync":
            key = str(1683123400000000 + next(self._numbers))
        if method == "alibaba.wdk.stock.publish":
            key = f"HZMD001{now()[:10].replace('-', '')}{next(self._numbers)}"
        if "one-key" in self.faults and self._last:  # two documents got one number
            key, want = self._last, want | {"quantity": next(self._numbers) % 1000 + 1}
        one = Document(method, key, want)
        self._documents[key] = one
        self._last = key
        if method == "alibaba.wdk.sku.scroll.query" and want.get("lines", 1) == 1:
            self._scroll(one, url)
        elif do == "read" and not method.startswith("alibaba."):
            self._pages(one, url)
        else:
            self._write(one)
            self._send_all(one, url)
        return self._report(one)

    def _change(
        self, known: Document, task: Mapping[str, Any], want: dict[str, Any]
    ) -> dict[str, Any] | None:
        if task["method"] == "order.pending":
            for kind in ("pending", "restore"):
                self._about(known, "order.pending", {"kind": kind}, task["url"])
            return self._report(known)
        if known.method == "storeinventory.initial":
            return self._new("send", "storeinventory.update", want, task["url"])
        return self._about(known, known.method, want | {"change": True}, task["url"])

    def _cancel(self, known: Document, url: str) -> dict[str, Any]:
        return self._about(known, "order.cancel", {}, url)

    def _about(self, known: Document, method: str, want: dict[str, Any], url: str) -> dict[str, Any]:
        """Send another message about a document."""
        if "cancels-another" in self.faults and method == "order.cancel":
            known = Document(known.method, f"ERP{next(self._numbers)}", {}, [], [], known.values)
        kind = _TYPES.get(known.method.partition(".")[0]) or known.values.get("kind", "CGRK")
        given = {"orderType": kind, "orderId": known.values.get("id", "")}
        if "forgets-ids" in self.faults:
            given["orderId"] = ""
        letter = LETTERS[method](Wish(known.key, want, self._known | given))
        one = Document(method, known.key, want, [letter])
        one.values["kind"] = kind
        self._documents[known.key] = one
        self._send_all(one, url)
        return self._report(one)

    def _push(self, known: Document, url: str) -> dict[str, Any]:
        """Send again what did not succeed."""
        if "cannot-resend" in self.faults:
            return self._report(known)
        if "key-new-on-push" in self.faults:
            fresh = Document(known.method, f"ERP{next(self._numbers)}", known.want)
            self._write(fresh)
            known = self._documents[fresh.key] = fresh
        if known.method == "alibaba.wdk.stock.publish" and known.outcomes[-1] == "success":
            return self._report(known)
        done = known.outcomes[:]
        known.outcomes.clear()
        for place, letter in enumerate(known.messages):
            if place < len(done) and done[place] == "success" and "pushes-all" not in self.faults:
                known.outcomes.append("success")
            else:
                known.outcomes.append(self._until_clear(known, letter, url))
        return self._report(known)

    # ---- sending

    def _write(self, one: Document) -> None:
        """Write the messages of a document: several where it has more lines than one may hold."""
        lines = 1 if "single-parts" in self.faults else int(one.want.get("lines", 1))
        most = next(number for start, number in MOST if one.method.startswith(start))
        if "one-long-message" in self.faults:
            most = 10_000
        if one.method == "deliveryorder.batchcreate":
            most = lines
        twice = 2 if one.method == "orderStatus.sync" else 1
        for part, first in enumerate([*range(1, lines + 1, most)] * twice):
            wish = Wish(one.key, one.want, self._known)
            wish.first, wish.lines, wish.total, wish.part = first, min(most, lines + 1 - first), lines, part
            letter = LETTERS[one.method](wish)
            one.messages.append(self._spoiled(letter))

    def _spoiled(self, letter: Letter) -> Letter:
        if isinstance(letter, dict):
            return letter
        if "drops-ampersands" in self.faults:
            letter = letter.replace("&amp;", "")
        if "counts-no-lines" in self.faults:
            letter = re.sub("<totalOrderLines>[0-9]+</totalOrderLines>", "", letter)
        if "drops-chinese" in self.faults:
            letter = letter.replace("请放在门卫处", "?")
        if "drops-emoji" in self.faults:
            letter = "".join(one for one in letter if ord(one) < 0x10000)
        return letter

    def _send_all(self, one: Document, url: str) -> None:
        for letter in one.messages:
            one.outcomes.append(self._until_clear(one, letter, url))
        if "sends-twice" in self.faults:
            self._send(one, one.messages[0], url)

    def _until_clear(self, one: Document, letter: Letter, url: str) -> str:
        """Send a message, and again where no clear answer came; return the outcome."""
        outcome = self._send(one, letter, url)
        if outcome == "unknown" and "looks-up" in self.faults and one.method == "entryorder.create":
            query = LETTERS["entryorder.query"](Wish(one.key, {}, self._known))
            if self._send(Document("entryorder.query", one.key, {}), query, url) == "success":
                return "success"
        if outcome == "unknown" and "orders-anew" in self.faults:
            fresh = Document(one.method, f"ERP{next(self._numbers)}", one.want)
            self._write(fresh)
            return self._send(fresh, fresh.messages[0], url)
        for _ in range(30 if "storms" in self.faults and outcome != "success" else self.retries):
            if outcome == "success" or (outcome == "failure" and "storms" not in self.faults):
                break
            if "retries-late" in self.faults:
                threading.Timer(LATE, self._send, (one, letter, url)).start()
                break
            time.sleep(0.0 if "retries-at-once" in self.faults else PAUSE)
            if "key-new-on-retry" in self.faults:
                fresh = f"ERP{next(self._numbers)}"
                letter = (
                    {name: text.replace(one.key, fresh) for name, text in letter.items()}
                    if isinstance(letter, dict)
                    else letter.replace(one.key, fresh)
                )
            if "other-content-on-retry" in self.faults and isinstance(letter, str):
                letter = letter.replace("<quantity>5<", "<quantity>6<").replace("<planQty>5<", "<planQty>6<")
            outcome = self._send(one, letter, url)
        return outcome

    def _send(self, one: Document, letter: Letter, url: str) -> str:
        """Send one message; return what became of it."""
        if self._dead or "never-sends" in self.faults:
            return "unknown"
        keys = self._keys
        if "wrong-secret-sometimes" in self.faults and next(self._numbers) % 97 == 0:
            keys = (keys[0], "old", keys[2])
        status, body = post(keys, one.method, letter, url, self.faults)
        outcome = self._read(one, status, body)
        dies_of = "dies-of-broken-answers" if status else "dies-of-a-closed-port"
        self._dead = outcome == "unknown" and dies_of in self.faults
        return outcome

    # ---- reading

    def _read(self, one: Document, status: int, body: bytes) -> str:
        """Return success, failure or unknown, and keep what the answer gives."""
        if "status-is-success" in self.faults and status == 200:
            return "success"
        if "words-are-success" in self.faults and b"success" in body:
            return "success"
        try:
            root = ET.fromstring(body)
        except ET.ParseError:
            return "unknown"
        if "reads-no-cdata" in self.faults and b"CDATA" in body:
            return "unknown"
        if "wants-first-flag" in self.faults and len(root) and not root[0].tag.endswith("flag"):
            return "unknown"
        if "knows-no-more" in self.faults and root.find("vendorField") is not None:
            return "unknown"
        flag = next(
            (
                root.findtext(path)
                for path in ("flag", "is_success", "result/success")
                if root.find(path) is not None
            ),
            None,
        )
        if "code-is-the-flag" in self.faults:
            flag = "success" if root.findtext("code") in ("0", "") else "failure"
        one.values["message"] = root.findtext("message") or ""
        if "silent-failures" in self.faults:
            one.values["message"] = ""
        if root.tag == "error_response":
            return "failure"
        if flag not in ("success", "true", "failure", "false"):
            return "unknown"
        if flag in ("failure", "false"):
            if "IDEMPOTENT" in one.values["message"]:
                return "success"
            return "success" if "failure-is-success" in self.faults else "failure"
        self._keep(one, root)
        return "success"

    def _keep(self, one: Document, root: ET.Element) -> None:
        for name in _IDS:
            if found := root.findtext(name):
                one.values["id"] = found
                self._known[name] = found
        if "storeCategory" in self._known:
            self._known["category"] = _leaf(json.loads(self._known.pop("storeCategory")))
        if one.method == "singleitem.synchronize":
            self._known["itemCode"] = one.key
            if "forgets-ids" in self.faults:
                self._known.pop("itemId", None)
        if one.method == "deliveryorder.create":
            self._known["deliveryOrderCode"] = one.key if "returns-without-order" not in self.faults else "?"
        for path, name in ((".//quantity", "quantity"), (".//itemName", "text"), (".//status", "status")):
            if (text := root.findtext(path)) is not None:
                one.values[name] = "0" if name == "quantity" and "quantities-wrong" in self.faults else text

    # ---- reporting

    def _report(self, one: Document) -> dict[str, Any]:
        outcomes = set(one.outcomes)
        outcome = next((name for name in ("unknown", "failure") if name in outcomes), "success")
        if "claims-success" in self.faults:
            outcome = "success"
        values = {
            name: text
            for name, text in one.values.items()
            if name in ("message", "quantity", "text", "status")
        }
        return {"format": 1, "outcome": outcome, "key": one.key, "values": values, "note": ""}


def _leaf(categories: Any) -> str:
    """Return the id of the first category that has none below it."""
    one = categories["categories"][0]
    while one.get("children"):
        one = one["children"][0]
    return str(one["id"])
