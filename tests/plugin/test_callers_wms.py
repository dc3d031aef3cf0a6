"""A simulated WMS is made to confirm: the suite creates orders at its endpoint and watches its reports."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.plugin.plugin_runs import Go, events
from tests.scenarios.wms import warehouse

KEYS = {"QIMEN_APP_KEY": "wms_app_key", "QIMEN_SECRET": "wms-secret-1", "QIMEN_CUSTOMER_ID": "cust"}
SCENARIOS = ("callers/sequence/confirm", "callers/sequence/partial/entryorder.confirm")


def run(
    go: Go, folder: Path, faults: Sequence[str], scenarios: Sequence[str]
) -> Mapping[str, dict[str, object]]:
    """Return the cases of the report."""
    with warehouse(tuple(KEYS.values()), faults) as url:
        (folder / "wms.toml").write_text(
            f'name = "simulated WMS"\nurl = "{url}/qimen"\nprefixed = ["erp"]\n[caller]\nside = "wms"\n'
            f'sends = ["entryorder.confirm"]\nask_within = "1s"\nretry_within = "1s"\nquiet = "1s"\n'
            f'[caller.driver]\nurl = "{url}/drive"\n',
            "utf-8",
        )
        args = ("--qimen-listen", "0", "--qimen-target", "wms.toml", "--qimen-report", "out")
        go(*args, *scenarios, keys=KEYS)
    return {one["id"]: one for one in events(folder / "out") if one["type"] == "case"}


def test_a_good_warehouse(go: Go, pytester: pytest.Pytester) -> None:
    found = run(go, pytester.path, (), SCENARIOS)
    assert {name: found[name]["status"] for name in SCENARIOS} == dict.fromkeys(SCENARIOS, "pass")
    assert {one["status"] for one in found.values()} <= {"pass", "info", "unsupported"}


def test_one_receipt_shows_nothing_of_several(go: Go, pytester: pytest.Pytester) -> None:
    """Sums, codes and the last of three receipts: what came at once has none of them."""
    (name,) = SCENARIOS[1:]
    case = run(go, pytester.path, ("confirms-at-once",), (name,))[name]
    assert (case["status"], case["findings"]) == ("untested", [])


FAULTS = [
    ("confirms-another", "confirm", "caller.sequence.confirm-created"),
    ("confirms-totals", "partial/entryorder.confirm", "caller.sequence.increments"),
    ("never-final", "partial/entryorder.confirm", "caller.sequence.final-last"),
    ("one-code", "partial/entryorder.confirm", "caller.key.message-once"),
    ("no-code", "partial/entryorder.confirm", "caller.sequence.confirm-codes"),
]


@pytest.mark.parametrize(("fault", "scenario", "requirement"), FAULTS)
def test_a_fault_is_found_at_its_requirement(
    go: Go, pytester: pytest.Pytester, fault: str, scenario: str, requirement: str
) -> None:
    found = run(go, pytester.path, (fault,), (f"callers/sequence/{scenario}",))
    case = found[f"callers/sequence/{scenario}"]
    assert case["status"] in ("fail", "warn")
    assert requirement in json.dumps(case["findings"])


def test_what_was_created_at_the_warehouse_is_taken_back(go: Go, pytester: pytest.Pytester) -> None:
    run(go, pytester.path, (), SCENARIOS[:1])
    lines = events(pytester.path / "out")
    intents = [one["method"] for one in lines if one["type"] == "intent"]
    assert {"entryorder.create", "order.cancel"} <= set(intents)
    assert not [one for one in lines if one["type"] == "left" and one["method"] == "entryorder.create"]


def test_without_a_url_of_its_own_it_is_untested(go: Go, pytester: pytest.Pytester) -> None:
    with warehouse(tuple(KEYS.values())) as url:
        (pytester.path / "wms.toml").write_text(
            f'[caller]\nside = "wms"\n[caller.driver]\nurl = "{url}/drive"\n', "utf-8"
        )
        found = go("--qimen-listen", "0", "--qimen-target", "wms.toml", SCENARIOS[0], keys=KEYS)
    assert "the target file names no url" in found.stdout.str()
