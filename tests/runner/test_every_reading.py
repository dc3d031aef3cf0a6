"""Every message that expects success is legal under every reading (design.md 4), those of flows included.

`careful.doubts` is the judge: all rules, `may` and `should`, complete batches, numbered lines, no element
twice.
"""

import pytest

from pytest_qimen import schema, spec, xml
from pytest_qimen.boundaries import Boundary, boundaries
from pytest_qimen.cases import Case, Kind, bundled_cases, bundled_files
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from pytest_qimen.reference.variants.careful import doubts
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.spec import Api, rule_paths
from pytest_qimen.strategies import requests_for
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Status
from tests.boundaries.boundary_messages import message
from tests.strategies.draws import drawn

GOOD = frozenset({Status.PASS, Status.INFO, Status.UNSUPPORTED})
METHODS = spec.methods()


def leaves(root: xml.Element) -> dict[str, str]:
    """The values by concrete path; empty elements are absent."""
    return {xml.place(one): xml.text(one) for one in root.iter() if not len(one) and xml.text(one)}


def departures(api: Api, bound: Boundary, base: xml.Element, root: xml.Element) -> list[str]:
    """Return the fields in which a boundary's message differs from the smallest one without need.

    Needed are its own field, fresh keys, what a new group or list must hold, the marks that tell the elements
    of a list apart, and what rules tie to it.
    """
    before, after = leaves(base), leaves(root)
    plain = bound.path.replace("[]", "")
    rows = {row.path.replace("[]", ""): row for row in api.request.leaves}
    tied = {path.replace("[]", "") for rule in api.rules for _, path in rule_paths(rule)}
    found = []
    for path in before.keys() | after.keys():
        place = xml.schematic(path).replace("[]", "")
        row = rows.get(place)
        own = place == plain or place.startswith(f"{plain}.") or not plain
        new_group = row is not None and not xml.find(base, row.parent)
        if before.get(path) == after.get(path) or own or (row and row.key) or place in tied:
            continue
        if not (new_group and row and after.get(path, "").startswith(row.example)):
            found.append(path)
    return found


@pytest.mark.parametrize("name", METHODS)
def test_boundaries_that_expect_success(name: str) -> None:
    api = spec.load_api(name)
    base = message(api)
    for bound in boundaries(api):
        for step in range(len(bound.steps)) if bound.expect == "success" else ():
            root = message(api, bound, step)
            found = list(doubts(api, root))
            assert found == [], f"{bound.path} {bound.scenario}: {xml.write(root).decode()}"
            assert departures(api, bound, base, root) == [], f"{bound.path} {bound.scenario}"


@pytest.mark.parametrize("name", METHODS)
def test_drawn_messages(name: str) -> None:
    api = spec.load_api(name)
    for root in drawn(requests_for(name), 25):
        assert list(doubts(api, root)) == [], xml.write(root).decode()
        assert schema.problems(api, "request", root) == ()


def test_the_judge_sees_what_the_generators_avoid() -> None:
    """Without the repairs a batch has no quantity, and without the marks two lines are one."""
    api = spec.load_api("entryorder.confirm")
    root = message(api)
    line = "orderLines.orderLine[]"
    xml.put(root, f"{line}.batchs.batch[].batchCode", "B1")
    xml.repeat(root, line, 2)
    assert {why for _, why in doubts(api, root)} == {
        "no actualQty",
        "orderLineNo is missing or stands twice",
        "two elements are the same",
    }
    xml.put(root, f"{line}.batchs.batch[].actualQty", "1")
    assert "rule batches-add-up" in {why for _, why in doubts(api, root)}


def others() -> list[Case]:
    """Every case but boundaries and drawn ones: methods' own, protocol, flows."""
    found = [case for path in bundled_files() for case in bundled_cases(path)]
    return [case for case in found if case.kind is not Kind.BOUNDARY and not case.kind.is_drawn]


def test_an_endpoint_that_demands_every_sentence_is_green() -> None:
    with serve(variants=["every-reading-demanded"]) as url:
        transport = Transport()
        session = Session(embedded_target(Target(url="", app_key="", secret=""), url), transport)
        found = [session.outcome(case) for case in others()]
        transport.close()
    assert len(found) > 900
    assert [(one.case.id, str(one.reason), one.findings[:1]) for one in found if one.status not in GOOD] == []
