"""The name of a file that an option gives in, the path, which can be written when the run is over, out."""

from pathlib import Path

from pytest_qimen.errors import unusable


def writable(name: str, option: str) -> Path | None:
    """Return the path; None without a name, UsageError where nothing can be written."""
    if not name:
        return None
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).open("ab").close()
    except OSError as error:
        raise unusable(option, name, error) from None
    return Path(name)
