"""The suite is a caller, too: its legal messages raise nothing, its illegal ones are named at the field."""

import pytest

from pytest_qimen import xml
from pytest_qimen.calls.call import Call
from pytest_qimen.calls.journal import Journal
from pytest_qimen.cases import Case, Kind, bundled_cases
from pytest_qimen.checks.callers.judging import judge
from pytest_qimen.runner.compose import Keys
from pytest_qimen.spec import methods
from pytest_qimen.verdict import Finding
from tests.support.heard import CALLER, heard_step

METHODS = list(methods())[::7]  # a sample; each file has some hundred messages
EMPTY = "/two"  # boundaries that send a list of two empty elements on purpose


def judged(case: Case, keys: Keys) -> list[Finding]:
    journal = Journal()
    try:
        found = judge(Call(heard_step(case.steps[0], keys)), CALLER, journal)
    finally:
        journal.close()
    return [one for one in found if one.level.is_judged]


@pytest.mark.parametrize("method", METHODS)
def test_own_messages(method: str) -> None:
    keys, legal, illegal = Keys(), 0, 0
    for case in bundled_cases(methods()[method]):
        if case.kind not in (Kind.BOUNDARY, Kind.MINIMAL, Kind.TYPICAL) or len(case.steps) != 1:
            continue
        found = judged(case, keys)
        if case.steps[0].expect == "success":
            legal += 1
            empty = {"caller.message.empty-lists"} if case.id.endswith(EMPTY) else set()
            assert {one.check for one in found} <= empty, (case.id, found)
        elif case.steps[0].expect == "failure":
            illegal += 1
            changed = {plain(change.path) for change in case.steps[0].changes}
            assert any(near(plain(one.path), changed) for one in found), (case.id, found)
    assert legal > 3
    assert illegal > 0 or method in ("wms/service.heartbeat",)


def plain(path: str) -> str:
    return xml.schematic(path).replace("[]", "")


def near(path: str, changed: set[str]) -> bool:
    """Return True where a finding stands at a changed field, or at the group or list around it or below."""
    return any(path == one or one.startswith(f"{path}.") or path.startswith(f"{one}.") for one in changed)
