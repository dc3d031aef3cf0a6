"""The exception tree: what every other module raises and only the plugin and the command turn into text."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from os import PathLike
from typing import Final

LONGEST = 200  # characters of a misspelt word that are compared
FARTHER = 0.05  # less alike than the nearest name by so much is not worth naming


class QimenError(Exception):
    """Anything this package raises on purpose; a broken requirement is a Finding, never an exception."""


class UsageError(QimenError):
    """The caller asked for something that does not exist; the text names the legal values."""


class TransportError(QimenError):
    """No answer could be had for a request, or only part of one."""


class DataError(QimenError):
    """A data file says something illegal: `cases/wms/x.toml: request.fields[3].max: expected a whole number`.

    An empty key means the file as a whole (unreadable, not TOML) and is left out of the text.
    """

    file: Final[str]
    key: Final[str]
    reason: Final[str]

    def __init__(self, file: str | PathLike[str], key: str, reason: str) -> None:
        super().__init__(file, key, reason)  # all three, or pickling (xdist) loses them
        self.file, self.key, self.reason = str(file), key, reason

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.reason) if part)


def unwritable(option: str, error: OSError) -> UsageError:
    """Return the error for a place that an option names and in which nothing can be written."""
    place = f"{error.filename}: " if error.filename else ""
    why = "is no folder" if isinstance(error, FileExistsError) else error.strerror
    return UsageError(f"{option}: {place}{why}: name a place where files can be written")


def closest(word: str, names: Iterable[str]) -> str:
    """Return `; did you mean a, b or c?` with the one to three names like `word`; empty without one."""
    bare = {name.lower(): name for name in names}
    sought = word.lower()[:LONGEST]
    found = [
        (SequenceMatcher(None, name, sought).ratio(), name) for name in get_close_matches(sought, bare, 3)
    ]
    near = [bare[name] for likeness, name in found if likeness > found[0][0] - FARTHER]
    if not near:
        return ""
    return f"; did you mean {' or '.join(filter(None, (', '.join(near[:-1]), near[-1])))}?"
