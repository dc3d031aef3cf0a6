"""cases/later.toml in, what later metadata of the platform knows and the documents do not out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pytest_qimen.errors import closest
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.spec.data import data_dir, methods
from pytest_qimen.spec.model import Api
from pytest_qimen.toml import Reader, Text, read_toml, short

PREFIX = "taobao.qimen."  # a Qimen method may be called with it or without (design.md 6.2)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a later edition: in the groups of these names, of the methods that the globs mean."""

    name: str
    below: tuple[str, ...]
    methods: tuple[str, ...]
    label: Text
    example: str

    def stands_in(self, api: Api, group: str) -> bool:
        """Return True when the element may stand in the group (schematic path) of the method."""
        own = group.rpartition(".")[2].partition("[")[0]
        return own in self.below and any(fnmatchcase(api.method, glob) for glob in self.methods)

    def said(self) -> Phrase:
        """Return the sentence that tells it from a misspelt name."""
        return say("later-element", en=self.label.en, zh=self.label.zh)


@dataclass(frozen=True, slots=True)
class Milder:
    """What a later edition demands less of a method: fields that need not be there, longer texts."""

    optional: tuple[str, ...]
    longer: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Later:
    """The whole file."""

    elements: tuple[Element, ...]
    methods: Mapping[str, Text]
    milder: Mapping[str, Milder]


def load_later(path: Path) -> Later:
    """Return the file's content; DataError names file, key and reason."""
    top = Reader(short(path), "", read_toml(path))
    named = Reader(top.file, "method", top.take("method", dict, "a table"))
    found = Later(
        tuple(_element(top.file, name, row) for name, row in top.take("element", dict, "a table").items()),
        {name: named.text(name) for name in list(named.table)},
        {name: _milder(top.file, name, row) for name, row in top.take("milder", dict, "a table").items()},
    )
    top.done()
    return found


def _element(file: str, name: str, table: object) -> Element:
    reader = Reader(file, f"element.{name}", table)
    row = Element(
        name,
        reader.strings("below"),
        reader.strings("methods"),
        reader.text("label"),
        reader.string("example"),
    )
    for key, value in (("below", row.below), ("methods", row.methods)):
        if not value:
            raise reader.fail(key, say("want-one-text"))
    reader.done()
    return row


def _milder(file: str, name: str, table: object) -> Milder:
    reader = Reader(file, f"milder.{name}", table)
    optional = reader.strings("optional")
    lengths = Reader(file, f"milder.{name}.longer", reader.take("longer", dict, "a table", {}))
    row = Milder(optional, {path: lengths.number(path) for path in list(lengths.table)})
    reader.done()
    return row


@cache
def later() -> Later:
    """Return the bundled cases/later.toml."""
    return load_later(data_dir("cases") / "later.toml")


def later_elements(api: Api, group: str) -> Iterator[Element]:
    """Yield the elements of a later edition that may stand in a group (schematic path) of the method."""
    return (one for one in later().elements if one.stands_in(api, group))


def later_element(api: Api, path: str) -> Element | None:
    """Return the element of a later edition at a concrete or schematic path; None for any other."""
    *_, group, name = ("", *(part.partition("[")[0] for part in path.split(".")))
    return next((one for one in later_elements(api, group) if one.name == name), None)


def later_method(name: str) -> Phrase | None:
    """Return the sentence about a method of a later edition, named with its prefix or without; else None."""
    bare = name.removeprefix(PREFIX)
    label = later().methods.get(bare)
    return say("later-method", name=bare, en=label.en, zh=label.zh) if label else None


def nearest(word: str) -> Phrase | str:
    """Return `; did you mean …?` with the methods whose names are like `word`, or where to find them all.

    Of a method of a later edition it says so.
    """
    wanted = word.removeprefix(PREFIX).rpartition("/")[2]
    if found := next((name for name in later().methods if fnmatchcase(name, wanted)), None):
        return say("and-that", what=later_method(found) or found)
    bare = [name if "/" in word else name.partition("/")[2] for name in methods()]
    return closest(word.removeprefix(PREFIX), bare) or say("qimen-list")


def milder_later(api: Api, path: str, rule: str) -> Phrase | None:
    """Return what a later edition says about a broken `need` or `length` of a field; None for nothing."""
    row = later().milder.get(api.method)
    if row and rule == "need" and path in row.optional:
        return say("later-optional", field=path)
    if row and rule == "length" and path in row.longer:
        return say("later-longer", field=path, most=row.longer[path])
    return None
