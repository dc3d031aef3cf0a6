"""Ordinary files, opened to be read: a folder may hold a pipe, which blocks, or a device without end."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from pytest_qimen.errors import NoFile


def opened(path: Path) -> BinaryIO:
    """Open a file to read its bytes; NoFile for what is none, another OSError where it cannot be opened."""
    return open(path, "rb", opener=_ordinary)


def _ordinary(path: str, flags: int) -> int:
    """Open without waiting for whoever writes into a pipe."""
    found = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(found).st_mode) and not stat.S_ISDIR(os.fstat(found).st_mode):
        os.close(found)
        raise NoFile(path)
    return found
