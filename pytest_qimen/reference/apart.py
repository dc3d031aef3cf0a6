"""The embedded endpoint in a process of its own, so that a long run and its endpoint share no interpreter.

`python -P -m pytest_qimen.reference.apart` prints its URL and ends when its standard input does.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_qimen.reference.serve import serve
from pytest_qimen.wire.cores import settle_on

PATIENCE = 10.0  # seconds that the process may take to end


@contextmanager
def serve_apart() -> Iterator[str]:
    """Run the embedded endpoint for as long as the block runs; yield its URL.

    It ends with this process, too, however that ends. It runs in it where no other can be started.
    """
    process = _started()
    url = process.stdout.readline().strip() if process and process.stdout else ""
    try:
        if url:
            yield url
        else:
            with serve() as url:
                yield url
    finally:
        if process:
            _end(process)


def _started() -> "subprocess.Popen[str] | None":
    """Start the process with the modules that this one sees; Ctrl-C in a terminal is not for it."""
    modules = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=modules,
            start_new_session=True,
        )
    except OSError:
        return None


def _end(process: "subprocess.Popen[str]") -> None:
    with process:
        assert process.stdin
        process.stdin.close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    settle_on(os.getppid() + 1)  # not where the connections of the run are
    with serve() as address:
        print(address, flush=True)
        sys.stdin.read()
