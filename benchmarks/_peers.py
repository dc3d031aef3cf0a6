"""Messages in, the command with which another tool's user sends them out; None where it is not installed."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

from _common import environment

from pytest_qimen.client.request import XML_TYPE
from pytest_qimen.report import postman

Rows: TypeAlias = Sequence[Mapping[str, Any]]  # method, signed url, body, flag of the answer
PLACE = Path(tempfile.gettempdir())
NODE = PLACE / "qimen-bench-newman"
WANTED = {
    "schemathesis": ["schemathesis"],
    "tavern": ["tavern", "pytest<9"],
}  # tavern 3.7 does not start with 9

PLAIN = """
import hashlib, json, os, time
from pathlib import Path
from xml.etree import ElementTree
import httpx, pytest

ROWS = json.loads(Path(__file__).with_name("rows.json").read_text())
SECRET = os.environ["QIMEN_SECRET"]
client = httpx.Client()

@pytest.mark.parametrize("row", ROWS)
def test_row(row):
    params = {
        "method": row["method"],
        "timestamp": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 28800)),
        "format": "xml", "app_key": os.environ["QIMEN_APP_KEY"], "v": "2.0", "sign_method": "md5",
        "customerId": os.environ["QIMEN_CUSTOMER_ID"],
    }
    text = SECRET + "".join(key + params[key] for key in sorted(params)) + row["body"] + SECRET
    params["sign"] = hashlib.md5(text.encode()).hexdigest().upper()
    answer = client.post(URL, params=params, content=row["body"].encode(),
                         headers={"Content-Type": "text/xml;charset=utf-8"})
    assert answer.status_code == 200
    assert ElementTree.fromstring(answer.content).findtext("flag") == row["flag"]
"""

TAVERN = """
test_name: messages
marks:
  - parametrize:
      key: [address, body]
      vals: {rows}
stages:
  - name: send
    request:
      url: "{{address}}"
      method: POST
      headers: {{Content-Type: "text/xml;charset=utf-8"}}
      data: "{{body}}"
    response:
      status_code: 200
"""

NEWMAN = """
pm.test("flag", () => pm.expect(pm.response.text()).to.include("<flag>" + pm.iterationData.get("flag")))
"""

TOOLS = ("schemathesis", "tavern", "newman")


def install() -> None:
    """Put the peers beside, not into, the project's environment, once; without a network nothing happens."""
    for tool, packages in WANTED.items():
        if not _in(tool).exists():
            subprocess.run([sys.executable, "-m", "venv", _in(tool).parent], check=True)
            pip = [str(_in(tool) / "pip"), "install", "--quiet", *packages]
            subprocess.run(pip, check=False, capture_output=True)
    if not NODE.exists():
        NODE.mkdir()
        npm = f"cd {NODE} && npm install --silent newman"
        subprocess.run(npm, shell=True, check=False, capture_output=True)


def _in(tool: str) -> Path:
    return PLACE / f"qimen-bench-{tool}" / "bin"


def version(tool: str) -> str:
    """The installed version; empty where there is none."""
    if tool == "newman":
        file = NODE / "node_modules" / "newman" / "package.json"
        return str(json.loads(file.read_text())["version"]) if file.exists() else ""
    show = [str(_in(tool) / "pip"), "show", tool]
    found = subprocess.run(show, capture_output=True, text=True, check=False, env=environment())
    line = re.search(r"^Version: (.*)$", found.stdout, re.MULTILINE)
    return line[1] if line else ""


def plain(folder: Path, url: str, rows: Rows) -> list[str]:
    """pytest and httpx: one parametrized test, a client for the module."""
    (folder / "rows.json").write_text(json.dumps(rows))
    (folder / "test_plain.py").write_text(PLAIN.replace("URL,", f"{url!r},"))
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:qimen", "-p", "no:cacheprovider", "test_plain.py"]


def tavern(folder: Path, rows: Rows) -> list[str] | None:
    """Tavern: one parametrized test of one stage."""
    texts = json.dumps([[row["url"], row["body"]] for row in rows], ensure_ascii=False)
    (folder / "test_rows.tavern.yaml").write_text(TAVERN.format(rows=texts))
    command = [
        _in("tavern") / "python",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "test_rows.tavern.yaml",
    ]
    return [str(word) for word in command] if version("tavern") else None


def newman(folder: Path, rows: Rows) -> list[str] | None:
    """newman: a collection of one request, its iteration data."""
    test = {"listen": "test", "script": {"exec": NEWMAN.strip().split("\n")}}
    send = postman.request("send", "{{url}}", postman.raw("{{body}}"), XML_TYPE, [test])
    (folder / "collection.json").write_text(json.dumps(postman.written("messages", [send])))
    (folder / "data.json").write_text(json.dumps(rows))
    command = [
        NODE / "node_modules" / ".bin" / "newman",
        "run",
        "collection.json",
        "-d",
        "data.json",
        "-r",
        "json",
    ]
    return [str(word) for word in command] if version("newman") else None


def schemathesis(folder: Path, url: str, fields: Sequence[str], examples: int) -> list[str] | None:
    """schemathesis: an OpenAPI schema whose XML body has these fields, legal examples only."""
    leaf = {"type": "string", "minLength": 1, "maxLength": 50}
    body = {
        "type": "object",
        "xml": {"name": "request"},
        "required": list(fields[:5]),
        "properties": dict.fromkeys(fields, leaf),
    }
    path = "/" + url.rpartition("/")[2] + "?method=entryorder.create"
    operation = {
        "requestBody": {"required": True, "content": {"text/xml": {"schema": body}}},
        "responses": {"200": {"description": "an answer"}},
    }
    api = {"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {path: {"post": operation}}}
    (folder / "openapi.json").write_text(json.dumps(api))
    command = [_in("schemathesis") / "schemathesis", "run", "openapi.json", "--url", url.rpartition("/")[0]]
    command += ["--phases", "fuzzing", "--mode", "positive", "--max-examples", str(examples)]
    command += ["--checks", "not_a_server_error", "--no-color"]
    return [str(word) for word in command] if version("schemathesis") else None


def counted(pattern: str, text: str) -> int:
    """The number that the first group of the pattern finds in what a tool printed."""
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"no {pattern!r} in\n{text[-3000:]}")
    return int(found[1].replace(",", ""))


def flag(answer: bytes) -> str:
    """The flag of an answer."""
    return ElementTree.fromstring(answer).findtext("flag") or ""
