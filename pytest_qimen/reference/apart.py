"""The embedded endpoint in a process of its own, so that a long run and its endpoint share no interpreter.

`python -P -m pytest_qimen.reference.apart` prints its URL and ends when its standard input does.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_qimen.reference.serve import serve

PATIENCE = 10.0  # seconds that the process may take to end


@contextmanager
def serve_apart() -> Iterator[str]:
    """Run the embedded endpoint for as long as the block runs; yield its URL.

    It runs in this process where no other can be started.
    """
    command = [sys.executable, "-P", "-m", __name__]
    modules = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env=modules, start_new_session=True
    ) as process:
        assert process.stdin and process.stdout
        url = process.stdout.readline().strip()
        if not url:
            with serve() as url:
                yield url
            return
        try:
            yield url
        finally:
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    with serve() as address:
        print(address, flush=True)
        sys.stdin.read()
