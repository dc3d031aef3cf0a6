"""`--qimen-postman`: what the collection sends is signed and accepted; its script runs in V8."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from py_mini_racer import JSEvalException, MiniRacer

from pytest_qimen import xml
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve
from pytest_qimen.report.postman import collection, save
from pytest_qimen.spec import load_all, load_api
from pytest_qimen.target.model import Target
from pytest_qimen.wire.signature import sign

DATA = {"inventorycheck.query:checkOrderCode": ("PD201605010001",)}


def target(url: str = "http://127.0.0.1:9/qimen", **more: Any) -> Target:
    made: dict[str, Any] = {"app_key": APP_KEY, "secret": SECRET, "customer_id": CUSTOMER_ID, "data": DATA}
    return Target(url=url, **made | more)


def requests(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for folder in found["item"]:
        yield from folder["item"]


def filled(text: str, known: dict[str, str]) -> str:
    """The text with the variables of Postman in it."""
    return re.sub(r"\{\{([^}]+)\}\}", lambda name: known[name[1]], text)


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

        for item in requests(found):
            sent = item["request"]
            params = {row["key"]: filled(row["value"], known) for row in sent["url"]["query"]}
            params = {key: value for key, value in params.items() if value} | {
                "timestamp": "2026-11-28 12:00:00"
            }
            form = {row["key"]: filled(row["value"], known) for row in sent["body"].get("urlencoded", ())}
            body = None if form else filled(sent["body"].get("raw", ""), known)
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


PM = """
const hashed = [];
const require = () => ({MD5: (text) => { hashed.push(text); return {toString: () => "digest"}; }});
const table = (rows) => ({
  all: () => rows.slice(),
  remove: (key) => { rows = rows.filter((row) => row.key !== key); },
  upsert: ({key, value}) => { rows = [...rows.filter((row) => row.key !== key), {key, value}]; },
});
const filled = (text) => text.replace(/\\{\\{([^}]+)\\}\\}/g, (_, name) => known[name]);
const pm = {
  variables: {get: (name) => known[name], replaceIn: filled},
  collectionVariables: {set: (name, value) => { known[name] = value; }},
  request: {
    url: {query: table(sent.url.query)},
    body: {...sent.body, urlencoded: table(sent.body.urlencoded || [])},
  },
};
"""


def prepared(made: dict[str, Any], item: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """What the script of the collection makes of a request in V8, with as much of Postman as it uses."""
    (event,) = made["event"]
    given = f"const known = {json.dumps(known)}; const sent = {json.dumps(item['request'])};"
    told = "JSON.stringify({query: pm.request.url.query.all(), hashed, known})"
    script = "\n".join([given, PM, "(() => {", *event["script"]["exec"], "})();", told])
    found: dict[str, Any] = json.loads(MiniRacer().eval(script))
    return found


@pytest.mark.parametrize("customer", [CUSTOMER_ID, "a b&c+d%e=货主"])
@pytest.mark.parametrize("method", ["wms/entryorder.create", "erp/stockchange.report", "store/store.create"])
def test_the_script_signs_what_is_sent(method: str, customer: str) -> None:
    with serve() as url, httpx.Client() as client:
        made = collection(target(url), [load_api(method)], "en")
        known = {row["key"]: row["value"] for row in made["variable"]}
        known |= {"secret": SECRET, "customer_id": customer}
        for item in requests(made):
            found = prepared(made, item, known)
            (text,) = found["hashed"]
            digest = hashlib.md5(text.encode()).hexdigest().upper()
            query = "&".join(f"{row['key']}={row['value']}" for row in found["query"])
            assert query.endswith("&sign=DIGEST")
            body = filled(item["request"]["body"]["raw"], found["known"])
            headers = {row["key"]: row["value"] for row in item["request"]["header"]}
            answer = client.post(f"{url}?{query[:-6]}{digest}", content=body.encode(), headers=headers).text
            assert "sign" not in answer, answer
            assert ("<flag>success</flag>" in answer) == (customer == CUSTOMER_ID), answer
            known = found["known"]


def test_the_script_signs_forms_with_their_fields() -> None:
    api = next(api for api in load_all() if api.protocol == "top")
    made = collection(target(session="s"), [api], "en")
    *_, item = requests(made)
    known = {row["key"]: row["value"] for row in made["variable"]}
    known |= {"secret": SECRET, "session": "s", "run": "QTEST10"}
    found = prepared(made, item, known)
    form = item["request"]["body"]["urlencoded"]
    fields = {row["key"]: filled(row["value"], known) for row in form}
    params = {row["key"]: unquote(row["value"]) for row in found["query"] if row["key"] != "sign"}
    (text,) = found["hashed"]
    assert hashlib.md5(text.encode()).hexdigest().upper() == sign(params | fields, None, SECRET)


def test_without_a_secret_the_script_says_what_is_missing() -> None:
    made = collection(target(), [load_api("wms/service.heartbeat")], "en")
    (item,) = requests(made)
    known = {row["key"]: row["value"] for row in made["variable"]}
    with pytest.raises(JSEvalException, match="the variable secret is empty"):
        prepared(made, item, known)
