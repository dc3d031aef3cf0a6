"""Scenarios of callers in, Cases out."""

from collections.abc import Mapping
from functools import cache

from pytest_qimen.cases.model import Case, Kind
from pytest_qimen.cases.scenario import Scenario, Wait
from pytest_qimen.cases.scenario_read import load_scenarios
from pytest_qimen.spec import load_all
from pytest_qimen.target.caller import CallerProfile

ROLE = "caller"


def scenario_case(scenario: Scenario) -> Case:
    """Return the case of a scenario; it has no steps, as the other side sends."""
    stem = scenario.id.split("/")[1]
    return Case(
        id=scenario.id,
        file=scenario.file,
        role=ROLE,
        method=stem,
        level=scenario.level,
        family=stem,
        title=scenario.title,
        clause=scenario.clause,
        requirements=(*scenario.requirements, *scenario.observes),
        steps=(),
        kind=Kind.SCENARIO,
        alone=scenario.is_alone,
    )


def unclaimed(scenario: Scenario, profile: CallerProfile) -> tuple[str, ...]:
    """Return what a scenario needs and the system is said not to send; nothing where it can be played."""
    if scenario.side not in ("any", *profile.sides):
        return scenario.opens or (scenario.side,)
    claimed = [api for api in load_all() if profile.claims(api)]
    for beat in scenario.beats:
        if isinstance(beat, Wait) and not beat.again and not any(map(beat.names, claimed)):
            return beat.methods
    return ()


@cache
def bundled_scenarios() -> Mapping[str, Case]:
    """Return the case of every bundled scenario by its id."""
    return {identity: scenario_case(one) for identity, one in load_scenarios().items()}
