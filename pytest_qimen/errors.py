"""The exception tree: what every other module raises and only the plugin and the command turn into text."""

import codecs
import errno
import os
import stat
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Final

from pytest_qimen.phrases import Phrase, Said, foreign, say, text_of

LONGEST = 200  # characters of a misspelt word that are compared
CUT = 600  # characters of key and reason
FARTHER = 0.05  # less alike than the nearest name by so much is not worth naming


class QimenError(Exception):
    """Anything this package raises on purpose; a broken requirement is a Finding, never an exception."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said: Final = said

    def text(self, language: str = "en") -> str:
        """Return what is wrong, in the language."""
        return text_of(self.said, language)

    def __str__(self) -> str:
        return self.text()


class UsageError(QimenError):
    """The caller asked for something that does not exist; the text names the legal values."""


class TransportError(QimenError):
    """No answer could be had for a request, or only part of one."""


class DataError(QimenError):
    """A data file says something illegal: `cases/wms/x.toml: request.fields[3].max: expected a whole number`.

    An empty key means the file as a whole (unreadable, not TOML) and is left out of the text.
    """

    file: Final[str]
    key: Final[Said]
    reason: Final[Said]

    def __init__(self, file: str | PathLike[str], key: Said, reason: Said) -> None:
        whole = say("told", place=key, why=reason) if key else reason
        super().__init__(say("told", place=str(file), why=whole))
        self.args = (file, key, reason)  # all three, or pickling (xdist) loses them
        self.file, self.key, self.reason = str(file), key, reason

    def text(self, language: str = "en") -> str:
        """Return file, key and reason, in the language; a value of many characters is cut."""
        text = super().text(language)
        return text if len(text) <= len(self.file) + CUT else f"{text[: len(self.file) + CUT]}…"


class Deleted(FileNotFoundError):
    """A file that was deleted while it was written into."""


class NoFile(OSError):
    """A pipe, a socket or a device where a file is wanted."""


_SYSTEM = {
    errno.ENOENT: "system-absent",
    errno.EISDIR: "system-folder",
    errno.ENOTDIR: "system-no-folder",
    errno.EACCES: "system-forbidden",
    errno.EPERM: "system-forbidden",
    errno.EEXIST: "system-exists",
    errno.ENOSPC: "system-full",
    errno.EROFS: "system-readonly",
    errno.ENAMETOOLONG: "system-long-name",
}


def opened(path: Path) -> BinaryIO:
    """Open a file to read its bytes; NoFile for a pipe, which may block, or a device without end."""
    return open(path, "rb", opener=_ordinary)


def _ordinary(path: str, flags: int) -> int:
    """Open without waiting for whoever writes into a pipe."""
    found = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    kind = os.fstat(found).st_mode
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
        return found
    os.close(found)
    raise NoFile(path)


def of_system(error: OSError) -> Said:
    """Return in plain words why a file cannot be used; what is rare, as the system says it."""
    named = {Deleted: "system-deleted", NoFile: "not-a-file"}
    name = named.get(type(error)) or _SYSTEM.get(error.errno or 0)
    return say(name) if name else error.strerror or str(error)


def of_foreign(error: Exception) -> Said:
    """Return what a parser or the network says: in Chinese what is known of it, its own words in brackets."""
    words = str(error) or type(error).__name__
    name = foreign.known(words)
    return say(name, words=words) if name else words


def unusable(option: str, path: str | PathLike[str], error: OSError) -> UsageError:
    """Return the error of a command or an option whose file cannot be used: `verify: x.json: is …`."""
    why = say("told", place=str(path), why=of_system(error))
    return UsageError(say("told", place=option, why=why) if option else why)


def decoded(data: bytes) -> str:
    """Return a file's text without the mark at its start: editors of Windows write one, PowerShell UTF-16."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def of_encoding(error: UnicodeDecodeError) -> Phrase:
    """Return in plain words why a text is not UTF-8, and the remedy."""
    try:
        error.object.decode("gb18030")
    except UnicodeDecodeError:
        return say("no-utf8")
    return say("in-gbk")


def unwritable(option: str, error: OSError) -> UsageError:
    """Return the error for a place that an option names and in which nothing can be written."""
    why = say("no-folder") if isinstance(error, FileExistsError) else of_system(error)
    named = say("told", place=str(error.filename), why=why) if error.filename else why
    return UsageError(say("unwritable", option=option, why=named))


def closest(word: str, names: Iterable[str]) -> Phrase | str:
    """Return `; did you mean a, b or c?` with the one to three names like `word`; empty without one."""
    bare = {name.lower(): name for name in names}
    sought = word.lower()[:LONGEST]
    found = [
        (SequenceMatcher(None, name, sought).ratio(), name) for name in get_close_matches(sought, bare, 3)
    ]
    near = [bare[name] for likeness, name in found if likeness > found[0][0] - FARTHER]
    if not near:
        return ""
    either = tuple(filter(None, (", ".join(near[:-1]), near[-1])))
    return say("did-you-mean", names=either)
