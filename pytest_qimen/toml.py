"""TOML files in, typed values out, with errors that name file, key and reason."""

import tomllib
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError, closest, decoded, of_encoding, of_foreign, of_system
from pytest_qimen.phrases import Said, say

LARGEST = 16 << 20  # bytes of a file
DOTS = 4096  # in one line: tomllib takes the square of the parts of a key
DEEPEST = 16  # tables and lists inside each other
CUT = 500  # characters of a value in a complaint


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in both languages."""

    zh: str
    en: str


def short(path: Path) -> str:
    """Return the file as people name it: from the last folder `cases` on, where it lies in one."""
    parts = path.parts
    return (
        "/".join(parts[len(parts) - 1 - parts[::-1].index("cases") :]) if "cases" in parts[:-1] else str(path)
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Return the file's tables; DataError when it is unreadable, no TOML, too large or too deep."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise DataError(short(path), say("the-file"), say("file-large", largest=LARGEST >> 20))
        found = _parsed(decoded(data))
    except OSError as error:
        raise DataError(short(path), say("the-file"), of_system(error)) from None
    except UnicodeDecodeError as error:
        raise DataError(short(path), say("the-file"), of_encoding(error)) from None
    except ValueError as error:  # also of a number with thousands of digits
        raise DataError(short(path), say("the-file"), say("no-toml", error=of_foreign(error))) from None
    if found is None:
        raise DataError(short(path), say("the-file"), say("too-deep", deepest=DEEPEST))
    return found


def _parsed(text: str) -> dict[str, Any] | None:
    """Return the tables of a text; None where they lie too deep inside each other."""
    if any(line.count(".") > DOTS for line in text.split("\n")):
        return None
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        return None
    level: list[Any] = [tables]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
    return None if level else tables


class Reader:
    """Takes typed values out of one TOML table and says exactly what is wrong with them."""

    def __init__(self, file: str, key: str, table: Any) -> None:
        if not isinstance(table, dict):
            raise DataError(file, key, say("want-table", table=_short(table)))
        self.file, self.key, self.table = file, key, dict(table)
        self._asked: list[str] = []  # the keys that can be there

    def fail(self, key: str, reason: Said) -> DataError:
        """Return the error for `key` of this table."""
        return DataError(self.file, f"{self.key}.{key}" if self.key else key, reason)

    def take(self, key: str, kind: type | tuple[type, ...], words: str, default: Any = MISSING) -> Any:
        """The value of `key`, which must be a `kind`; DataError when it is missing or is something else.

        `words` is the phrase that says what a `kind` is.
        """
        self._asked.append(key)
        if key not in self.table:
            if default is MISSING:
                raise self.fail(key, say("missing"))
            return default
        value = self.table.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fail(key, say("want-got-shown", words=say(words), value=_short(value)))
        return value

    def string(self, key: str, default: Any = MISSING) -> Any:
        """Return a text."""
        return self.take(key, str, "a text", default)

    def number(self, key: str, default: Any = MISSING) -> Any:
        """Return a whole number."""
        return self.take(key, int, "a whole number", default)

    def count(self, key: str, most: int, default: int = 1) -> int:
        """Return a whole number from 1 to `most`."""
        value: int = self.number(key, default)
        if value < 1:
            raise self.fail(key, say("want-least-one", value=value))
        if value > most:
            raise self.fail(key, say("want-most", most=most, value=_short(value)))
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false when absent."""
        return bool(self.take(key, bool, "true or false", False))

    def choice(self, key: str, legal: tuple[str, ...], default: Any = MISSING) -> Any:
        """One of `legal`."""
        value = self.string(key, default)
        if value is not None and value not in legal:
            raise self.fail(key, say("want-one-of", legal=", ".join(legal), value=_short(value)))
        return value

    def text(self, key: str, default: Any = MISSING) -> Any:
        """Return a table with `zh` and `en`."""
        value = self.take(key, dict, "a table with zh and en", default)
        if isinstance(value, dict):
            if set(value) != {"zh", "en"} or not all(isinstance(part, str) for part in value.values()):
                raise self.fail(key, say("want-zh-en", value=_short(value)))
            return Text(**value)
        return value

    def tables(self, key: str) -> list[dict[str, Any]]:
        """Return a list of tables, empty when absent."""
        rows = self.take(key, list, "a list of tables", [])
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise self.fail(f"{key}[{number}]", say("want-table", table=_short(row)))
        return list(rows)

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty when absent."""
        rows = self.take(key, list, "a list of texts", [])
        for number, row in enumerate(rows, 1):
            if not isinstance(row, str):
                raise self.fail(f"{key}[{number}]", say("no-text-shown", row=_short(row)))
        return tuple(rows)

    def done(self) -> None:
        """Refuse what nobody took."""
        for key in self.table:
            raise self.fail(key, say("no-key", near=closest(key, self._asked)))


def _short(value: Any) -> str:
    """Return how a value is written, cut; a number of thousands of digits cannot be."""
    if isinstance(value, int) and value.bit_length() > 256:
        return "a number of many digits"
    return repr(value)[:CUT]
