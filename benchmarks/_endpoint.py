"""The embedded endpoint in a process of its own: prints its URL, ends when standard input does."""

import sys

from pytest_qimen.reference.serve import serve

if __name__ == "__main__":
    with serve() as url:
        print(url, flush=True)
        sys.stdin.read()
