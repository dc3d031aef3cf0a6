"""cases/callers/requirements.toml in, the requirements that a caller is judged by out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_qimen.phrases import say
from pytest_qimen.spec import LEVELS, data_dir
from pytest_qimen.toml import Reader, Text, read_toml
from pytest_qimen.verdict import Level

DOCUMENTS = ("000", "001", "002", "003", "004", "design", "field-notes", "RFC 9112")
SIDES = ("any", "erp", "wms", "oms")
UNSEEN = {  # where a requirement shows -> why calls alone cannot show it
    "reaction": Text(
        "需要预设的应答或故障（场景）才能看到",
        "Shows only as a reaction to a scripted answer or fault (scenarios)",
    ),
    "driver": Text(
        "需要驱动程序报告系统得知了什么", "Needs a driver that reports what the system made of it"
    ),
    "attest": Text("只有人能确认", "Only a person can attest it"),
}
SEEN = ("call", "thread", "journal", *UNSEEN)


@dataclass(frozen=True, slots=True)
class CallerRequirement:
    """A sentence about what is sent: `seen` says where it shows, `untested` why nothing judges it.

    `milder` is why calls that nobody asked for are judged below its level, `optional` why a system may
    rightly never send what it is about.
    """

    id: str
    level: Level
    text: Text
    document: str
    section: str
    seen: str
    side: str
    untested: Text | None = None
    milder: Text | None = None
    optional: Text | None = None


@cache
def load_caller_requirements(path: Path | None = None) -> Mapping[str, CallerRequirement]:
    """Return every requirement by its id; DataError, with file, key and reason, for what is illegal."""
    path = path or data_dir("cases") / "callers" / "requirements.toml"
    top = Reader(f"cases/callers/{path.name}", "", read_toml(path))
    tables = top.take("requirement", dict, "a table of requirements")
    top.done()
    return {identity: _requirement(top, identity, table) for identity, table in tables.items()}


def _requirement(top: Reader, identity: str, table: object) -> CallerRequirement:
    reader = Reader(top.file, f"requirement.{identity}", table)
    if not identity.startswith("caller."):
        raise reader.fail("id", say("caller-id", identity=identity))
    seen = reader.choice("seen", SEEN)
    found = CallerRequirement(
        identity,
        Level(reader.choice("level", LEVELS)),
        reader.text("text"),
        reader.choice("document", DOCUMENTS),
        reader.string("section"),
        seen,
        reader.choice("side", SIDES),
        reader.text("untested", UNSEEN.get(seen)),
        reader.text("milder", None),
        reader.text("optional", None),
    )
    reader.done()
    return found
