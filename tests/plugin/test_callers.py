"""`--qimen-listen`: a simulated ERP is led through scenarios, an item each; all that it sends is judged."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_qimen.cases.caller_cases import bundled_scenarios
from pytest_qimen.report.again import again
from tests.plugin.plugin_runs import Go, events
from tests.scenarios.drive import driven

KEYS = {"QIMEN_APP_KEY": "erp_app_key", "QIMEN_SECRET": "erp-secret-1", "QIMEN_CUSTOMER_ID": "cust"}
LISTEN = ("--qimen-listen", "0", "--qimen-target", "erp.toml", "--qimen-report", "out")
SENT = ["entryorder.create", "order.cancel", "entryorder.query", "singleitem.synchronize", "storeinventory.*"]


def profile(folder: Path, url: str = "", more: str = "") -> None:
    """Write the target file of a system that is driven at `url`."""
    driver = f'\n[caller.driver]\nurl = "{url}"\nparallel = 4\n' if url else ""
    (folder / "erp.toml").write_text(
        f'name = "simulated ERP"\nprefixed = ["wms", "store", "wdk"]\n[caller]\nside = ["erp", "oms"]\n'
        f"sends = {json.dumps(SENT)}\n"
        f'ask_within = "2s"\nretry_within = "1s"\nquiet = "1s"\n{more}{driver}',
        "utf-8",
    )


def statuses(folder: Path) -> Mapping[str, str]:
    """Return the status of every case of the report."""
    return {one["id"]: one["status"] for one in events(folder / "out") if one["type"] == "case"}


def test_a_good_system_passes_its_scenarios(go: Go, pytester: pytest.Pytester) -> None:
    with driven(tuple(KEYS.values())) as url:
        profile(pytester.path, url)
        ids = ("success", "odd-failure", "failure-then-resend", "form/cdata", "ids-kept/entryorder.create")
        names = (*(f"callers/answers/{name}" for name in ids), "callers/text/chinese")
        found = go(*LISTEN, "-v", "--junitxml", "junit.xml", *names, keys=KEYS)
    ended = statuses(pytester.path)
    assert {ended[f"callers/answers/{name}"] for name in ids} == {ended["callers/text/chinese"]} == {"pass"}
    assert ended["callers/call/signed/wms/entryorder.create"] == "pass"
    assert set(ended.values()) <= {"pass", "info", "untested", "unsupported"}
    assert ended["callers/sent/store/storeinventory.initial"] == "untested"
    assert found.ret == 1  # methods that the profile claims never came
    assert "cases/callers/answers.toml::success PASS (wire)" in "".join(found.outlines)
    assert '<property name="evidence" value="wire"' in (pytester.path / "junit.xml").read_text("utf-8")
    head = next(one for one in events(pytester.path / "out") if one["type"] == "run")
    assert head["side"] == "caller"
    assert "caller simulated ERP (erp, oms) sends to http://127.0.0.1:" in "".join(found.outlines)


def test_a_fault_is_red_with_both_messages(go: Go, pytester: pytest.Pytester) -> None:
    with driven(tuple(KEYS.values()), ["key-new-on-retry"]) as url:
        profile(pytester.path, url)
        found = go(*LISTEN, "callers/faults/lost-increment/storeinventory.update", keys=KEYS)
    assert found.ret == 1
    (case,) = [one for one in events(pytester.path / "out") if one.get("id", "").startswith("callers/faults")]
    assert case["status"] == "fail"
    assert [one["check"] for one in case["findings"]] == ["caller.key.stable"]
    first, again = case["exchanges"]
    assert first["status"] is None
    assert again["status"] == 200
    assert first["request"]["body"] != again["request"]["body"]


def test_without_a_driver_nothing_is_green(go: Go, pytester: pytest.Pytester) -> None:
    profile(pytester.path)
    found = go(*LISTEN, "callers/answers/success", "callers/faults/lost-answer", keys=KEYS)
    assert found.ret == 1
    ended = statuses(pytester.path)
    assert {ended["callers/answers/success"], ended["callers/faults/lost-answer"]} == {"untested"}
    assert "nobody makes the system send" in "\n".join(found.outlines)
    results = json.loads((pytester.path / "out" / "results.json").read_text("utf-8"))
    assert results["verdict"] == "incomplete"


def test_what_the_profile_does_not_claim_is_unsupported(go: Go, pytester: pytest.Pytester) -> None:
    profile(pytester.path)
    go(*LISTEN, "callers/faults/lost-publish", "callers/sequence/confirm", keys=KEYS)
    ended = statuses(pytester.path)
    assert ended["callers/faults/lost-publish"] == ended["callers/sequence/confirm"] == "unsupported"


def test_a_stranger_is_given_no_fault(go: Go, pytester: pytest.Pytester) -> None:
    """Calls under another app key belong to no scenario: they are answered correctly."""
    with driven(("other_app", "other-secret", "cust")) as url:
        profile(pytester.path, url)
        go(*LISTEN, "callers/faults/html-200", keys=KEYS)
    assert statuses(pytester.path)["callers/faults/html-200"] == "untested"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--qimen-listen", "http"), "--qimen-listen: expected 0 to 65535, got 'http'"),
        (("--qimen-listen", "70000"), "--qimen-listen: expected 0 to 65535, got '70000'"),
        (
            ("--qimen-listen", "0", "--qimen-shard", "1/2"),
            "--qimen-listen: one port and one journal: not together with -n or --qimen-shard",
        ),
        (("--qimen-listen", "0"), "--qimen-listen: needs app key and secret: whose calls are to be judged"),
    ],
)
def test_what_cannot_be_meant(go: Go, args: tuple[str, ...], said: str) -> None:
    found = go(*args)
    assert (found.ret, found.errlines[0]) == (4, f"ERROR: {said}")


def test_scenarios_of_your_own(go: Go, pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("mine")
    (folder / "callers").mkdir()
    (folder / "callers" / "ours.toml").write_text(
        """
[[scenario]]
id = "twice"
side = "erp"
title = { zh = "两张", en = "Two" }
tell = { zh = "新建", en = "Create" }
level = "should"
clause = "ours"
requirements = ["caller.read.success"]
step = [{ ask = { do = "send" } }, { call = "entryorder.create" }, { quiet = "1s" }]
""",
        "utf-8",
    )
    with driven(tuple(KEYS.values())) as url:
        profile(pytester.path, url)
        go(*LISTEN, "mine/callers/ours.toml", keys=KEYS)
    assert statuses(pytester.path)["callers/ours/twice"] == "pass"


def test_nothing_of_callers_is_collected_without_the_option(go: Go) -> None:
    found = go("--qimen", "--collect-only", "-q", "callers/answers")
    assert not any("::" in line for line in found.outlines)


def test_a_red_scenario_is_played_again_by_what_is_printed() -> None:
    case = bundled_scenarios()["callers/faults/lost-answer"]
    for own, named in (("", case.id), ("callers/mine.toml", "callers/mine.toml")):
        (said,) = again(case, own, ("--target", "erp.toml"), None)
        assert str(said).endswith(f"pytest --qimen-listen 0 --qimen-target erp.toml {named}")
