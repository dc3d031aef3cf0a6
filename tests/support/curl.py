"""A curl command of ours in, its answer out: by sh and curl where there is one, and without them."""

import contextlib
import http.client
import shlex
import shutil
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit


def by_hand(command: str) -> bytes:
    """What comes back when the words of the command are understood as curl does."""
    words = iter(shlex.split(command))
    assert next(words) == "curl"
    verb, url, body, headers = "GET", "", b"", []
    for word in words:
        if word == "-X":
            verb = next(words)
        elif word == "-H":
            headers.append(next(words))
        elif word == "--data-raw":
            body = next(words).encode()
        elif not word.startswith("-"):
            url = word
        else:
            assert word in ("-sS", "-g"), word
    parts = urlsplit(url)
    client = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    client.putrequest(verb, f"{parts.path}?{parts.query}", skip_accept_encoding=True)
    for header in headers:
        name, _, value = header.partition(":")
        if value or header.endswith(";"):
            client.putheader(name.rstrip(";"), value.strip())
    client.putheader("Content-Length", str(len(body)))
    client.endheaders(body)
    with contextlib.closing(client):
        return client.getresponse().read()


def by_shell(command: str) -> bytes:
    """What comes back when sh runs the command."""
    return subprocess.run(["sh", "-c", command], capture_output=True, check=True, timeout=60).stdout


WAYS: list[Callable[[str], bytes]] = [by_hand, *([by_shell] if shutil.which("curl") else [])]
