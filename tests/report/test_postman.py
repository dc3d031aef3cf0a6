"""`--qimen-postman`: what the collection sends is signed and accepted, by newman and without it."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_qimen import xml
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve
from pytest_qimen.report.postman import collection, save
from pytest_qimen.spec import load_all, load_api
from pytest_qimen.target.model import Target
from pytest_qimen.wire.signature import sign

INSTALLED = Path(tempfile.gettempdir()) / "qimen-bench-newman" / "node_modules" / ".bin" / "newman"
NEWMAN = shutil.which("newman") or (str(INSTALLED) if INSTALLED.exists() else "")
DATA = {"inventorycheck.query:checkOrderCode": ("PD201605010001",)}


def target(url: str = "http://127.0.0.1:9/qimen", **more: Any) -> Target:
    made: dict[str, Any] = {"app_key": APP_KEY, "secret": SECRET, "customer_id": CUSTOMER_ID, "data": DATA}
    return Target(url=url, **made | more)


def requests(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for folder in found["item"]:
        yield from folder["item"]


def constant(item: dict[str, Any], name: str) -> Any:
    """What a script of the item calls by this name."""
    (event,) = item["event"]
    line = next(line for line in event["script"]["exec"] if line.startswith(f"const {name} = "))
    return json.loads(line.removeprefix(f"const {name} = ").rstrip(";"))


def test_every_request_of_the_collection_is_accepted_in_its_order() -> None:
    """What the scripts do, done here: variables, signature, what later requests take of an answer."""
    with serve() as url, httpx.Client() as client:
        found = collection(target(url), load_all(), "en")
        known = {row["key"]: row["value"] for row in found["variable"]} | {"run": "QTEST10"}

        def filled(text: str) -> str:
            return re.sub(r"\{\{([^}]+)\}\}", lambda name: known[name[1]], text)

        for item in requests(found):
            sent = item["request"]
            params = {row["key"]: filled(row["value"]) for row in sent["url"]["query"]}
            params = {key: value for key, value in params.items() if value} | {
                "timestamp": "2026-11-28 12:00:00"
            }
            form = {row["key"]: filled(row["value"]) for row in sent["body"].get("urlencoded", ())}
            body = None if form else filled(sent["body"].get("raw", ""))
            params["sign"] = sign(params | form, body, SECRET)
            headers = {row["key"]: row["value"] for row in sent["header"]}
            content = {"data": form} if form else {"content": (body or "").encode()}
            answer = xml.parse(client.post(url, params=params, headers=headers, **content).content)
            verdict = xml.get(answer, constant(item, "VERDICT"))
            assert verdict in ("success", "true"), (item["name"], xml.write(answer))
            assert xml.name(answer) == constant(item, "ROOT")
            known |= {name: xml.get(answer, path) or "" for name, path in constant(item, "SAVE").items()}


def test_it_has_every_method_and_no_secret() -> None:
    found = collection(target(session="session-1"), load_all(), "zh")
    assert [folder["name"] for folder in found["item"]] == [api.name for api in load_all()]
    assert all(folder["item"][-1]["name"] == folder["name"] for folder in found["item"])
    text = json.dumps(found)
    assert SECRET not in text
    assert "session-1" not in text


def test_a_method_comes_with_what_it_needs_and_ids_of_answers_are_taken_over() -> None:
    (folder,) = collection(target(), [load_api("wms/transferorder.query")], "en")["item"]
    first, last = folder["item"]
    assert constant(first, "SAVE") == {
        "transferorder.create.transferExecuteInfo.transferOrderCode": "transferExecuteInfo.transferOrderCode"
    }
    assert "{{transferorder.create.transferExecuteInfo.transferOrderCode}}" in last["request"]["body"]["raw"]
    assert constant(last, "SAVE") == {}


def test_the_query_of_the_address_is_sent_and_not_signed() -> None:
    made = collection(
        target("http://me:pw@127.0.0.1:9/qimen?shop=1"), [load_api("wms/service.heartbeat")], "en"
    )
    (item,) = requests(made)
    assert constant(made, "UNSIGNED") == ["shop"]
    assert item["request"]["url"]["query"][:2] == [
        {"key": "shop", "value": "1"},
        {"key": "method", "value": "service.heartbeat"},
    ]
    assert {"key": "url", "value": "http://***@127.0.0.1:9/qimen"} in made["variable"]


def test_what_a_profile_leaves_out_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    chosen = [load_api(f"wms/entryorder.{word}") for word in ("create", "query")]
    save(file, target(readonly=True), chosen, "en")
    (folder,) = json.loads(file.read_text("utf-8"))["item"]
    assert [item["name"] for item in folder["item"]] == ["wms/entryorder.query"]


@pytest.mark.skipif(not NEWMAN, reason="newman is not installed")
@pytest.mark.parametrize("customer", [CUSTOMER_ID, "a b&c+d%e=货主"])
def test_newman_signs_and_sends_it(tmp_path: Path, customer: str) -> None:
    file = tmp_path / "c.json"
    with serve() as url:
        save(file, target(url), load_all(), "en")
        command = [
            NEWMAN,
            "run",
            str(file),
            "--reporters",
            "json",
            "--reporter-json-export",
            str(tmp_path / "r"),
        ]
        variables = ["--env-var", f"secret={SECRET}", "--env-var", f"customer_id={customer}"]
        done = subprocess.run([*command, *variables], capture_output=True, text=True)
    run = json.loads((tmp_path / "r").read_text("utf-8"))["run"]
    faults = {failure["error"]["message"] for failure in run["failures"]}
    if customer == CUSTOMER_ID:
        assert (done.returncode, faults) == (0, set())
    else:  # a customer whom the endpoint does not know, though not because of the signature
        assert faults
        assert not any("sign" in fault for fault in faults)
    assert run["stats"]["requests"]["total"] > len(load_all())


@pytest.mark.skipif(not NEWMAN, reason="newman is not installed")
def test_without_a_secret_newman_is_told_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    save(file, target(), [load_api("wms/service.heartbeat")], "en")
    done = subprocess.run([NEWMAN, "run", str(file)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "the variable secret is empty" in done.stdout
