"""TOML files in, typed values out, with errors that name file, key and reason."""

import tomllib
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any

from pytest_qimen.errors import DataError


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in both languages."""

    zh: str
    en: str


def short(path: Path) -> str:
    """The file as people name it: from the last folder `cases` on, where it lies in one."""
    parts = path.parts
    return (
        "/".join(parts[len(parts) - 1 - parts[::-1].index("cases") :]) if "cases" in parts[:-1] else str(path)
    )


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables; DataError when it is unreadable or no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(short(path), "file", error.strerror or str(error)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(short(path), "file", f"no TOML in UTF-8: {error}") from None


class Reader:
    """Takes typed values out of one TOML table and says exactly what is wrong with them."""

    def __init__(self, file: str, key: str, table: Any) -> None:
        if not isinstance(table, dict):
            raise DataError(file, key, f"expected a table, got {table!r}")
        self.file, self.key, self.table = file, key, dict(table)

    def fail(self, key: str, reason: str) -> DataError:
        """The error for `key` of this table."""
        return DataError(self.file, f"{self.key}.{key}" if self.key else key, reason)

    def take(self, key: str, kind: type | tuple[type, ...], words: str, default: Any = MISSING) -> Any:
        """The value of `key`, which must be a `kind`; DataError when it is missing or is something else."""
        if key not in self.table:
            if default is MISSING:
                raise self.fail(key, "is missing")
            return default
        value = self.table.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fail(key, f"expected {words}, got {value!r}")
        return value

    def string(self, key: str, default: Any = MISSING) -> Any:
        """A text."""
        return self.take(key, str, "a text", default)

    def number(self, key: str, default: Any = MISSING) -> Any:
        """A whole number."""
        return self.take(key, int, "a whole number", default)

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        return bool(self.take(key, bool, "true or false", False))

    def choice(self, key: str, legal: tuple[str, ...], default: Any = MISSING) -> Any:
        """One of `legal`."""
        value = self.string(key, default)
        if value is not None and value not in legal:
            raise self.fail(key, f"expected one of {', '.join(legal)}, got {value!r}")
        return value

    def text(self, key: str, default: Any = MISSING) -> Any:
        """A table with `zh` and `en`."""
        value = self.take(key, dict, "a table with zh and en", default)
        if isinstance(value, dict):
            if set(value) != {"zh", "en"} or not all(isinstance(part, str) for part in value.values()):
                raise self.fail(key, f"expected a table with zh and en, got {value!r}")
            return Text(**value)
        return value

    def tables(self, key: str) -> list[dict[str, Any]]:
        """A list of tables, empty when absent."""
        rows = self.take(key, list, "a list of tables", [])
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise self.fail(f"{key}[{number}]", f"expected a table, got {row!r}")
        return list(rows)

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        rows = self.take(key, list, "a list of texts", [])
        for number, row in enumerate(rows, 1):
            if not isinstance(row, str):
                raise self.fail(f"{key}[{number}]", f"expected a text, got {row!r}")
        return tuple(rows)

    def done(self) -> None:
        """Refuse what nobody took."""
        for key in self.table:
            raise self.fail(key, "is not a key of this table")
