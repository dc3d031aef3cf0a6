"""A listener in a process of its own: prints its URL; when standard input ends, how many calls it judged.

python benchmarks/_listener.py listen | bare | forward URL
"""

import sys

from pytest_qimen.calls.call import Caller
from pytest_qimen.listening.forward import Forward
from pytest_qimen.listening.listener import Listener
from pytest_qimen.listening.tally import Tally
from pytest_qimen.reference.app import Core, url_of
from pytest_qimen.reference.serve import APP_KEY, SECRET
from pytest_qimen.wire.http import Reply
from pytest_qimen.wire.server import Server

CALLER = Caller(APP_KEY, SECRET, "", ())
OK = b"<response><flag>success</flag><code>0</code><message>success</message></response>"


def bare() -> None:
    """Answer a constant."""
    server = Server(lambda incoming: Reply(OK))
    print(url_of("127.0.0.1", server.port, False), flush=True)
    sys.stdin.read()
    server.stop()
    print(0)


def judging(listener: Listener) -> None:
    """Answer, judge and count."""
    tally = Tally(CALLER)
    listener.begin(tally.add)
    print(listener.url, flush=True)
    sys.stdin.read()
    listener.stop()
    print(tally.calls)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    elif sys.argv[1] == "forward":
        judging(Listener(Forward(sys.argv[2]).answer, CALLER, forwards=True))
    else:
        judging(Listener(Core(app_key=APP_KEY, secret=SECRET, customer_id="").answer, CALLER))
