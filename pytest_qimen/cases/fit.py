"""Cases and a Target in, the cases as its profile wants them out, and why one of them cannot be tried."""

import re
from collections.abc import Sequence
from functools import cache

from pytest_qimen import xml
from pytest_qimen.cases.derive import derived_cases
from pytest_qimen.cases.model import Case, Step
from pytest_qimen.cases.stand_in import suited
from pytest_qimen.messages.edits import Edit
from pytest_qimen.reasons import AboveLimit
from pytest_qimen.spec import Api, Field
from pytest_qimen.target.model import Target
from pytest_qimen.target.profile import LONGEST_REMARK, measure

_NEW = re.compile(r"@(?:new|number):(\d+)(.*)")


def fitted(found: Sequence[Case], target: Target) -> list[Case]:
    """Return the cases of a file; boundaries are made anew within the limits of the target.

    What is too long for the documents stays what is too long; what only the profile forbids is not tried.
    Cases of all methods are made for one that the target supports.
    """
    api = next((case.steps[0].api for case in found if case.steps), None)
    if api is None or not found[0].id.startswith(f"{api.name}/") or target.profile(api) is api:
        return [suited(case, target) for case in found]
    own = {
        case.id: case
        for case in _derived(target.profile(api))
        if case.steps and not (case.family in ("length", "limit") and case.steps[0].expect == "failure")
    }
    known = {case.id for case in found}
    return [own.get(case.id, case) for case in found] + [
        case for id_, case in own.items() if id_ not in known
    ]


@cache
def _derived(api: Api) -> tuple[Case, ...]:
    return tuple(derived_cases(api))


def beyond(case: Case, target: Target) -> AboveLimit | None:
    """Return what of the case the profile forbids although the documents allow it."""
    return next((why for step in case.steps if (why := _beyond(step, target))), None)


def _beyond(step: Step, target: Target) -> AboveLimit | None:
    taken, remark = target.profile(step.api), target.limits.get("remark", LONGEST_REMARK)
    for change in step.changes if step.expect != "failure" else ():
        own = change.path in step.api.request.by_path
        if change.path.endswith("remark") and not own and len(change.value) > remark:
            return AboveLimit(change.path, remark)
        if taken is step.api:
            continue
        row = taken.request.by_path.get(xml.schematic(change.path))
        limit = getattr(row, measure(row)) if row and measure(row) else None
        if (
            row
            and limit is not None
            and row != step.api.request.by_path[row.path]
            and _size(row, change) > limit
        ):
            return AboveLimit(row.path, limit)
    return None


def _size(row: Field, change: Edit) -> int:
    """Return how much of the field's measure the change makes; 0 where only the run will show it."""
    if change.op == "repeat":
        return int(change.value) if row.repeated else 0
    if change.op != "put" or row.repeated:
        return 0
    if made := _NEW.fullmatch(change.value):
        return int(made[1]) + len(made[2])
    if change.value.startswith("@"):
        return 0
    if measure(row) == "most":
        return int(change.value) if change.value.strip().isdecimal() else 0
    return change.value.count(row.separator) + 1 if row.separator else len(change.value)
