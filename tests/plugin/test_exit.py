"""Exit status, known failures, workers, secrets."""

import json
import re
from pathlib import Path
from typing import Any

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from tests.plugin.plugin_runs import (
    ALWAYS,
    HEARTBEAT,
    KEYS,
    SHOP,
    Go,
    events,
    faulty,
    own,
    results,
    statuses,
    verdict,
)
from tests.support.servers import endpoint, free_port, response

ENDS = {
    "conformant": ((), (), 0, "conformant (every must that was tested holds)"),
    "a should that is broken": (
        ("codes-not-checked",),
        (),
        0,
        "conformant (every must that was tested holds)",
    ),
    "a should that counts": (
        ("codes-not-checked",),
        ("--qimen-level", "should"),
        1,
        "non-conformant (4 cases are red)",
    ),
    "a must that is broken": (("need-not-checked",), (), 1, "non-conformant"),
}


@pytest.mark.parametrize(("faults", "args", "status", "told"), ENDS.values(), ids=ENDS)
def test_exit_status(faults: tuple[str, ...], args: tuple[str, ...], status: int, told: str, go: Go) -> None:
    with faulty(*faults) as url:
        result = go(
            "--qimen-url", url, SHOP, "-m", "qimen(family='codes') or qimen(family='need')", *args, keys=KEYS
        )
    assert (verdict(result).startswith(f"verdict: {told}"), result.ret) == (True, status)


def test_a_dead_endpoint_is_one_red_line_and_incomplete(go: Go, pytester: pytest.Pytester) -> None:
    url = f"http://127.0.0.1:{free_port()}/qimen"
    args = (
        "cases/protocol/smoke.toml",
        HEARTBEAT,
        "cases/erp/entryorder.confirm.toml",
        "--qimen-report",
        "out",
    )
    result = go("--qimen-url", url, *args, keys=KEYS)
    assert result.ret == 1
    assert "verdict: incomplete" in verdict(result)
    found = statuses(pytester.path / "out")
    assert {name for name, status in found.items() if status == "error"} == {"protocol/smoke/wms/answers"}
    assert set(found.values()) == {"error", "blocked"}
    assert f"{len(found) - 1} cases blocked by protocol/smoke/wms/answers" in result.outlines
    assert results(pytester.path / "out")["verdict"] == "incomplete"
    (line,) = [line for line in result.outlines if line.startswith("   ERROR ")]
    assert line.startswith("   ERROR protocol/smoke/wms/answers: ")


def test_known_failures(go: Go, pytester: pytest.Pytester) -> None:
    known = "".join(
        f'[[known]]\nid = "wms/shop.synchronize/request/{name}"\nreason = "ticket"\nsince = 2026-01-01\n'
        f"expires = {expires}\n"
        for name, expires in (
            ("actionType/not-in-code-list", "2999-01-01"),
            ("shop.sourcePlatformCode/not-in-code-list", "2026-01-01"),
            ("actionType/absent", "2999-01-01"),
        )
    )
    with faulty("codes-not-checked") as url:
        own(pytester, "mine.toml", f'url = "{url}"\n{known}')
        result = go(
            "--qimen-target",
            "mine.toml",
            SHOP,
            "-k",
            "/not-in or /absent",
            "--qimen-report",
            "out",
            keys=KEYS,
        )
    found = statuses(pytester.path / "out")
    assert found["wms/shop.synchronize/request/actionType/not-in-code-list"] == "waived"
    assert found["wms/shop.synchronize/request/shop.sourcePlatformCode/not-in-code-list"] == "stale"
    assert found["wms/shop.synchronize/request/actionType/absent"] == "stale"
    assert result.ret == 1
    assert "the waiver expired on 2026-01-01" in result.stdout.str()
    assert "passes, but is known as failing: ticket" in result.stdout.str()


def comparable(folder: Path) -> dict[str, Any]:
    """results.json but for times and what is drawn anew for every run."""
    found = results(folder)
    for key in ("seed", "started", "ended", "target", "suite"):
        del found[key]
    for case in found["cases"]:
        del case["seconds"]
        case["cause"] = case["cause"].replace(f"{folder.name}/", "")
        case["findings"] = [
            {key: value for key, value in one.items() if key != "actual"} for one in case["findings"]
        ]
    return found


def test_two_workers_find_what_one_finds(
    pytester: pytest.Pytester, go: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ("cases/protocol/answer.toml", HEARTBEAT, SHOP, "cases/flows/inbound.toml")
    with faulty("code-missing", "codes-not-checked") as url:
        one = go("--qimen-url", url, *args, "--qimen-report", "one", keys=KEYS)
        two = pytester.runpytest_subprocess(
            *(*ALWAYS, "-n", "2"),
            *("--qimen-url", url, *args, "--qimen-report", "two"),
        )
    assert one.ret == two.ret == 1
    assert comparable(pytester.path / "one") == comparable(pytester.path / "two")
    found = events(pytester.path / "two")
    assert [event["type"] for event in (found[0], found[-1])] == ["run", "end"]
    created = [event for event in found if event["type"] == "created"]
    assert created
    keys = {text for event in created for text in event["keys"].values() if re.match("Q.{10}", text)}
    assert {text[:6] for text in keys} == {results(pytester.path / "two")["seed"][:6]}


def test_a_worker_that_crashes_is_an_error(pytester: pytest.Pytester, go: Go) -> None:
    pytester.makepyfile(
        breaking="""
        import os

        def pytest_runtest_call(item):
            if item.name == "request/typical":
                os._exit(3)
        """
    )
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess(
        *(*ALWAYS, "-p", "breaking", "-n", "1", "--qimen", HEARTBEAT, "-k", "minimal or typical"),
        *("--qimen-report", "out"),
    )
    assert result.ret == 1
    assert statuses(pytester.path / "out") == {
        "wms/service.heartbeat/request/minimal": "pass",
        "wms/service.heartbeat/request/typical": "error",
    }
    assert results(pytester.path / "out")["verdict"] == "incomplete"


def test_no_secret_is_in_any_output(go: Go, pytester: pytest.Pytester) -> None:
    secret, session = "a<&>b.*[c]\"d'e\\f$1", "s3ss<&>ion.*"
    told = f"<![CDATA[expected {secret}, session {session}]]>"

    def gossip(request: Any) -> str:
        return response(
            "failure", message=told, more=f"<body>{secret.replace('&', '&amp;').replace('<', '&lt;')}</body>"
        )

    login = "user:pass-word-1"
    with endpoint(gossip) as server:
        url = server.url.replace("http://", f"http://{login}@")
        args = ("cases/protocol/answer.toml", "cases/protocol/signature.toml", HEARTBEAT)
        result = go(
            *("--qimen-url", url, *args, "-k", "wms or wdk", "-vv", "--qimen-report", "out"),
            *("--junitxml", "out/junit.xml"),
            keys=KEYS | {"QIMEN_SECRET": secret, "QIMEN_SESSION": session},
        )
        assert server.requests
    written = {path.name: path.read_text("utf-8") for path in (pytester.path / "out").iterdir()}
    assert {"events.jsonl", "results.json", "junit.xml"} <= written.keys()
    bodies = "\n".join(_decoded(event) for event in events(pytester.path / "out"))
    written |= {"stdout": result.stdout.str(), "stderr": result.stderr.str(), "bodies": bodies}
    for name, text in written.items():
        for hidden in (secret, session, "pass-word-1"):
            for spelled in (hidden, _escaped(hidden), json.dumps(hidden)[1:-1]):
                assert spelled not in text, f"{spelled!r} is in {name}"
    assert "message=expected ***, session ***" in written["results.json"]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _decoded(event: dict[str, Any]) -> str:
    import base64

    return "\n".join(
        base64.b64decode(part).decode("utf-8", "replace")
        for exchange in event.get("exchanges", [])
        for part in (exchange["body"], exchange["request"]["body"])
    )


SUMMARY = """\
================================ what is wrong =================================
1. the answer has no code (2 cases are red)
   FAIL protocol/answer/wms/success: code: no code, expected a code
   FAIL protocol/answer/wms/failure: code: no code, expected a code
==================================== qimen =====================================
4 cases blocked by protocol/answer/wms/success
                                    pass  fail  warn  info block
wms                                    3     2     ·     1     4
  service.heartbeat                    1     2     ·     1     2
  shop.synchronize                     2     ·     ·     ·     2
all                                    3     2     ·     1     4
verdict: non-conformant (2 cases are red), 10 requests
"""


def test_the_summary_of_a_run_with_one_fault(go: Go) -> None:
    files = ("cases/protocol/answer.toml", HEARTBEAT, SHOP)
    chosen = "(answer and wms) or minimal or typical"
    with faulty("code-missing") as url:
        result = go("--qimen-url", url, *files, "-k", chosen, keys=KEYS)
    told = result.stdout.str()
    told = told[told.index(SUMMARY[:40]) :]
    assert told.rpartition("\n=")[0] + "\n" == SUMMARY
    assert result.outlines[-1].strip("= ").startswith("2 failed, 4 passed, ")
