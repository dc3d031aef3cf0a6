"""A session with a simulated system before it, for tests: what scenarios and all calls end as."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_qimen.cases.scenario_read import scenario_files
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.runner import Outcome
from pytest_qimen.scenarios.session import ScenarioSession
from pytest_qimen.target.caller import CallerProfile, DriverProfile
from pytest_qimen.target.model import Target
from tests.scenarios.drive import driven

KEYS = ("erp_app_key", "erp-secret-1", "cust")
WINDOWS = CallerProfile(sides=("erp", "oms"), ask=2.0, retry=0.5, quiet=0.3)


def led(
    *identities: str, faults: Sequence[str] = (), retries: int = 1, **profile: Any
) -> tuple[Mapping[str, Outcome], Mapping[str, CaseRecord]]:
    """Return how these scenarios end, and the cases of all calls together, each by its id."""
    with driven(KEYS, faults, retries) as url:
        windows = replace(WINDOWS, driver=DriverProfile(url=url), **profile)
        named = ("wms", "store", "wdk")
        target = Target("", *KEYS, name="simulated ERP", prefixed=named, caller=windows)
        session = ScenarioSession(target)
        try:
            cases = {case.id: case for path in scenario_files() for case in session.add(path)}
            found = {identity: session.outcome(cases[identity]) for identity in identities}
            return found, {one.id: one for one in session.records()}
        finally:
            session.close()
