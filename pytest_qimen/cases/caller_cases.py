"""Scenarios and requirements of callers in, Cases out: one for each of them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pytest_qimen import spec
from pytest_qimen.cases.callers import UNSEEN, CallerRequirement, load_caller_requirements
from pytest_qimen.cases.model import Case, Kind
from pytest_qimen.cases.scenario import Scenario
from pytest_qimen.cases.scenario_read import NOT_SCENARIOS, load_scenarios, scenarios_of

ROLE = "caller"
OBSERVED = "callers/requirements/"  # how the id of a case of one requirement begins


@cache
def caller_files() -> tuple[Path, ...]:
    """Return every bundled file of callers; the requirements, which are judged over all calls, last."""
    folder = spec.data_dir("cases") / "callers"
    found = sorted(folder.glob("*.toml"), key=lambda path: (path.name in NOT_SCENARIOS, path.name))
    return tuple(found)


def caller_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file of callers, bundled or the user's own; DataError for what is illegal."""
    if path.name in NOT_SCENARIOS:
        return tuple(map(requirement_case, observed()))
    return tuple(map(scenario_case, scenarios_of(path)))


def observed() -> list[CallerRequirement]:
    """Return the requirements that show in calls and are judged."""
    every = load_caller_requirements().values()
    return [one for one in every if one.seen not in UNSEEN and one.untested is None]


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
    )


def requirement_case(one: CallerRequirement) -> Case:
    """Return the case that says whether any call broke a requirement."""
    return Case(
        id=f"{OBSERVED}{one.id}",
        file="cases/callers/requirements.toml",
        role=ROLE,
        method="requirements",
        level=one.level,
        family=one.id.split(".")[1],
        title=one.text,
        clause=f"{one.document} {one.section}",
        requirements=(one.id,),
        steps=(),
        kind=Kind.OBSERVED,
    )


@cache
def _bundled() -> Mapping[str, Case]:
    return {case.id: case for path in caller_files() for case in caller_cases(path)}


def bundled_caller_case(identity: str) -> Case | None:
    """Return the bundled case of a caller with this id; None where there is none."""
    return _bundled().get(identity)


__all__ = ["OBSERVED", "ROLE", "bundled_caller_case", "caller_cases", "caller_files", "load_scenarios"]
