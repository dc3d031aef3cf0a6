"""The second reading of the five documents: every printed element as a fact.

python -m tests.audit.read_documents SPECDIR          prints tests/audit/facts.json
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.audit.index_by_row import cell_document, page_document
from tests.audit.index_by_tag import Fact, xml_document


def read_all(folder: Path) -> list[Fact]:
    """The facts of the five documents in `folder`, by document number, in the order of the text."""
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(folder.glob("00*.txt"))}
    return [
        *xml_document("000", texts["000"]),
        *page_document("001", "taobao.qimen.storeinventory.itemupdate", texts["001"]),
        *page_document("002", "singleitem.synchronize", texts["002"]),
        *xml_document("003", texts["003"]),
        *cell_document("004", texts["004"]),
    ]


def render(facts: list[Fact]) -> str:
    """A JSON array with one fact on each line."""
    lines = (json.dumps(asdict(fact), ensure_ascii=False) for fact in facts)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m tests.audit.read_documents SPECDIR", file=sys.stderr)
        return 2
    sys.stdout.write(render(read_all(Path(arguments[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
