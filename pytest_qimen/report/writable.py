"""The name of a file that an option gives in, the path, which can be written when the run is over, out."""

from pathlib import Path

from pytest_qimen.errors import unwritable


def writable(name: str, option: str) -> Path | None:
    """Return the path, None without a name; a pipe is not opened, for its reader would see an end."""
    if not name:
        return None
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        if not Path(name).is_fifo():
            Path(name).open("ab").close()
    except OSError as error:
        raise unwritable(option, error) from None
    return Path(name)
