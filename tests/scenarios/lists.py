"""How the simulated systems read lists: page by page, and by cursor."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from tests.scenarios.document import Document
from tests.scenarios.letters import LETTERS
from tests.scenarios.wire import Letter, post
from tests.scenarios.wish import Wish

_ASKED = {"orderCode": ("deliveryOrderCode", "returnOrderCode")}  # where an answer calls it otherwise


def is_about_another(letter: Letter, root: ET.Element) -> bool:
    """Return True for an answer that names another key than the question: a careful system refuses it."""
    asked = ET.fromstring(f"<r>{letter}</r>") if isinstance(letter, str) else ET.Element("r")
    for leaf in asked.iter():
        for name in (leaf.tag, *_ASKED.get(leaf.tag, ())):
            told = {found.text for found in root.iter(name)} if name.endswith(("Code", "Id")) else set()
            if told - {leaf.text}:
                return True
    return False


def _identity(line: ET.Element) -> str:
    return " ".join(line.findtext(name) or "" for name in ("itemCode", "batchCode", "orderCode"))


class Lists:
    """The half of a system that reads lists; the other half reads single answers."""

    faults: set[str]
    _keys: Sequence[str]
    _known: dict[str, str]

    def _read(self, one: Document, status: int, body: bytes) -> str:
        raise NotImplementedError

    def _pages(self, one: Document, url: str) -> None:
        """Read every page of a list."""
        if "never-sends" in self.faults:
            return
        page, seen, total = (0 if "pages-from-zero" in self.faults else 1), 0, 1
        while (seen < total or "follows-for-ever" in self.faults) and page <= 200:
            wish = Wish(one.key, one.want | {"page": page}, self._known)
            letter = LETTERS[one.method](wish)
            status, body = self._ask_again(one, letter, url)
            outcome = self._read(one, status, body)
            one.outcomes = [outcome]
            if outcome != "success" and page > 1 and "skips-failed-page" in self.faults:
                page += 1
                continue
            if outcome != "success":
                return
            root = ET.fromstring(body)
            if is_about_another(letter, root):
                one.outcomes = ["unknown"]
                return
            lines = [element for element in root.iter() if element.tag in ("orderLine", "item", "order")]
            total = int(root.findtext("totalLines") or root.findtext("totalCount") or 0)
            if (pages := root.findtext("totalPage")) is not None:
                total = int(pages) * 20 if page < int(pages) else 0
            seen += len(lines) if "totalPage" not in {one.tag for one in root} else 20
            if not lines and "follows-for-ever" not in self.faults:
                return
            repeated = {*map(_identity, lines)} <= self._seen(one, lines)
            if (repeated and "follows-for-ever" not in self.faults) or "first-page-only" in self.faults:
                return
            page += 2 if "skips-pages" in self.faults else 1

    def _seen(self, one: Document, lines: list[ET.Element]) -> set[str | None]:
        """Return the goods of the pages before, and add those of this one."""
        known: set[str | None] = set(one.values.get("seen", "\n").split("\n"))
        one.values["seen"] = "\n".join([*map(str, known), *map(_identity, lines)])
        return known

    def _ask_again(self, one: Document, letter: Letter, url: str) -> tuple[int, bytes]:
        """Ask for a page; once more where it failed."""
        status, body = post(self._keys, one.method, letter, url, self.faults)
        gives_up = not self.faults.isdisjoint(("gives-up-pages", "skips-failed-page"))
        if b"failure" in body and "try again" in body.decode() and not gives_up:
            return post(self._keys, one.method, letter, url, self.faults)
        return status, body

    def _scroll(self, one: Document, url: str) -> None:
        cursor, seen, total = "", 0, 0 if "never-sends" in self.faults else 1
        while seen < total:
            letter = LETTERS[one.method](Wish(one.key, {"cursor": cursor}, self._known))
            status, body = post(self._keys, one.method, letter, url, self.faults)
            if status != 200 or b"<success>true" not in body:
                status, body = post(self._keys, one.method, letter, url, self.faults)
            one.outcomes = [self._read(one, status, body)]
            if one.outcomes[0] != "success":
                return
            root = ET.fromstring(body)
            rows = len(root.findall(".//model_list/model_list"))
            seen, total = seen + rows, int(root.findtext(".//total") or 0)
            if not rows:
                return
            if not cursor or "keeps-first-cursor" not in self.faults:
                cursor = root.findtext(".//scroll_id") or ""
