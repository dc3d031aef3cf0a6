"""The embedded endpoint in a process of its own: prints its URL, ends when standard input does.

python benchmarks/_endpoint.py [SECONDS]        SECONDS is how long it waits before each answer
"""

import sys

from pytest_qimen.reference.app import Endpoint
from pytest_qimen.reference.hooks import Plug
from pytest_qimen.reference.request import Request
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.wire.http import Reply


def late(seconds: float) -> Plug:
    """Every answer so much later."""

    def wait(_: Request, reply: Reply) -> None:
        reply.delay = seconds

    return Plug("reply", wait)


if __name__ == "__main__":
    plugs = [late(float(word)) for word in sys.argv[1:]]
    endpoint = Endpoint(app_key=APP_KEY, secret=SECRET, customer_id=CUSTOMER_ID, plugs=plugs)
    print(endpoint.url, flush=True)
    sys.stdin.read()
    endpoint.stop()
