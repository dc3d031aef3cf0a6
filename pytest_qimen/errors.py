"""The exception tree: what every other module raises and only the plugin and the command turn into text."""

from os import PathLike
from typing import Final


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
