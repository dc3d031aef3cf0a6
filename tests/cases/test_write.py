"""What cases/write.py writes, load_cases reads back as it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen.cases import (
    Case,
    Check,
    Step,
    bundled_cases,
    bundled_files,
    find_case,
    flow_toml,
    load_cases,
)
from pytest_qimen.errors import UsageError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.spec import load_api
from pytest_qimen.verdict import Level

FLOWS = [path for path in bundled_files() if path.parent.name == "flows"]
SAMPLE = find_case("flows/inbound/cancelled")


def read_back(text: str, folder: Path, topic: str) -> list[Case]:
    path = folder / "cases" / "flows" / f"{topic}.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return load_cases(path)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_bundled_flow(path: Path, tmp_path: Path) -> None:
    cases = bundled_cases(path)
    assert read_back("\n".join(map(flow_toml, cases)), tmp_path, path.stem) == list(cases)


@pytest.mark.parametrize(
    "step",
    [
        Step(
            load_api("entryorder.create"),
            message="<request>\n  <remark a='\"'>\t\x7f\\ “入库单” 😀</remark>\r</request>",
        ),
        Step(
            load_api("entryorder.create"),
            changes=(Edit("drop", "entryOrder.ownerCode"), Edit("put", "entryOrder.remark", "@new")),
        ),
        Step(
            load_api("entryorder.create"),
            changes=(Edit("put", "entryOrder.remark", "a"), Edit("put", "entryOrder.remark", "b")),
        ),
        Step(
            load_api("entryorder.create"),
            changes=(Edit("repeat", "orderLines.orderLine[]", "007"), Edit("as-is")),
        ),
        Step(
            load_api("entryorder.create"),
            changes=(Edit("empty", "entryOrder.remark", "open"),),
            tampers=("bom", "set-param:v=3.0"),
        ),
        Step(
            load_api("entryorder.create"),
            "none",
            expect="any",
            given=True,
            parallel=3,
            times=2,
            each="id",
            again=1,
            abandon=True,
            stop=True,
            walk="cursor",
            wait=2,
        ),
        Step(
            load_api("stock.query"),
            checks=(
                Check(
                    "items.item[].quantity",
                    "is",
                    -12.5,
                    where={"inventoryType": "ZP"},
                    on="any",
                    level=Level.SHOULD,
                ),
                Check("items.item[].quantity", "in", ["1", "@id"]),
                Check("items.item[]", "count", 0),
                Check("message", "present", True),
            ),
            save={"id": "response:message"},
        ),
    ],
    ids=[
        "message",
        "put-after-drop",
        "put-twice",
        "no-plain-number",
        "empty-and-tampers",
        "every-flag",
        "checks",
    ],
)
def test_whatever_a_step_can_say(step: Step, tmp_path: Path) -> None:
    steps, cleanup = (Step(load_api("order.cancel")), step), (replace(step, again=0),)
    [read] = read_back(flow_toml(replace(SAMPLE, steps=steps, cleanup=cleanup)), tmp_path, "inbound")
    assert (read.steps, read.cleanup) == (steps, cleanup)


def test_a_case_that_is_no_flow_becomes_one(tmp_path: Path) -> None:
    case = find_case("wms/entryorder.create/request/minimal")
    [read] = read_back(flow_toml(case), tmp_path, "drawn")
    assert read.id == "flows/drawn/wms-entryorder.create-request-minimal"
    bundled = replace(case.steps[0], api=load_api("entryorder.create"))
    assert (read.steps, read.level, read.title) == ((bundled,), case.level, case.title)


@pytest.mark.parametrize(
    "case",
    [
        replace(SAMPLE, steps=()),
        replace(SAMPLE, control=SAMPLE.steps[0]),
        replace(SAMPLE, judges="answer"),
        replace(SAMPLE, clause="\ud800"),
        replace(SAMPLE, steps=(Step(replace(SAMPLE.steps[0].api, method="no.such")),)),
    ],
    ids=["no-steps", "control", "judges", "half-a-character", "another-method"],
)
def test_what_a_flow_cannot_say(case: Case) -> None:
    with pytest.raises(UsageError):
        flow_toml(case)
