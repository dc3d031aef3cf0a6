"""`qimen serve` says where it is, who reaches it, and what to copy; the pages show just that."""

import re
import shlex
import signal
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pytest_qimen import xml
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.runner.embedded import DATA
from tests.reference.endpoint_client import query
from tests.support.certificates import make_certificate
from tests.support.console import matches

DOCS = Path(__file__).parents[2]
KEYS = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
BAD = {
    "method": "service.heartbeat",
    "timestamp": "2026-11-28 10:00:00",
    "format": "xml",
    "app_key": APP_KEY,
    "v": "2.0",
    "sign_method": "md5",
    "customerId": CUSTOMER_ID,
    "sign": "0" * 32,
}


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """What `qimen serve` says before it waits."""
    command = [sys.executable, "-m", "pytest_qimen", "serve", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield "".join(iter(process.stdout.readline, "Ctrl-C ends it\n")) + "Ctrl-C ends it\n"
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def test_what_it_says_can_be_copied() -> None:
    with serving() as said:
        pass
    lines = said.splitlines()
    shell = [line for line in lines if line.startswith("export ")]
    power = [line for line in lines if line.startswith("$env:")]
    echo = "; ".join([*shell, *(f'echo "${name}"' for name in KEYS)])
    done = subprocess.run(["bash", "-c", echo], capture_output=True, text=True, check=True)
    assert done.stdout.split() == list(KEYS.values())
    assert power == [f"$env:{name} = '{value}'" for name, value in KEYS.items()]
    data = said[said.index("[data]") : said.index("Ctrl-C")]
    assert tomllib.loads(data)["data"] == {key: values[0] for key, values in DATA.items()}


def test_an_interrupt_ends_it_as_a_job_of_a_script() -> None:
    """A shell starts what a script puts into the background with SIGINT ignored."""
    command = [sys.executable, "-m", "pytest_qimen", "serve"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    ) as process:
        assert process.stdout
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("host", "reach"),
    [
        ("127.0.0.1", "only this machine reaches it"),
        ("localhost", "only this machine reaches it"),
        ("0.0.0.0", "every machine that reaches this one can use it(, as http://[0-9.]+:[0-9]+/qimen)?"),
    ],
)
def test_who_reaches_it(host: str, reach: str) -> None:
    with serving("--host", host) as said:
        found = re.fullmatch(rf"(\S+) is the embedded endpoint; {reach}", said.splitlines()[0])
        assert found
        assert answer(HTTPConnection, found[1]).status == 200


@pytest.mark.parametrize("page", ["docs/certify.md", "README.md", "README.zh-CN.md"])
def test_the_pages_show_what_it_says(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    blocks = re.findall(r"^\$ (qimen serve .*)\n((?:(?!\$ |```).*\n)+)", text, re.MULTILINE)
    assert blocks
    for line, shown in blocks:
        options = shlex.split(line)[2:]
        options[options.index("--port") + 1] = "0"
        with serving(*options) as said:
            assert matches(shown, re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8080", said)), said


def answer(kind: type[HTTPConnection], url: str, **settings: ssl.SSLContext) -> xml.Element:
    parts = urlsplit(url)
    assert parts.hostname
    connection = kind(parts.hostname, parts.port, timeout=10, **settings)
    connection.request("POST", f"{parts.path}?{query(BAD, '')}", b"<request/>")
    response = connection.getresponse()
    body = response.read()
    connection.close()
    found = xml.parse(body)
    assert xml.get(found, "flag") == "failure"
    return response if not settings else found


def test_https(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    with serving("--tls", str(certificate), str(key), "--host", "localhost") as said:
        url = said.split()[0]
        assert url.startswith("https://localhost:")
        context = ssl.create_default_context(cafile=str(certificate))
        assert xml.get(answer(HTTPSConnection, url, context=context), "code") == "sign-check-failure"
