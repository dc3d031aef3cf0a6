"""The simulated ERP behind a URL that a driver of the suite posts to: `python -m tests.scenarios.drive`."""

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.scenarios.erp import Erp


def _handler(erp: Erp) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            task = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            report = erp.drive(task)
            body = json.dumps(report or {"format": 1}).encode()
            self.send_response(200 if report else 501)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Be silent."""

    return Handler


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Yield the address at which a handler answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def driven(keys: Sequence[str], faults: Sequence[str] = (), retries: int = 1) -> Iterator[str]:
    """Yield the URL at which a simulated ERP is driven."""
    with served(_handler(Erp("", keys, faults=faults, retries=retries))) as url:
        yield f"{url}/drive"


if __name__ == "__main__":
    with driven(sys.argv[1:4], sys.argv[4:]) as url:
        print(url, flush=True)
        sys.stdin.read()
