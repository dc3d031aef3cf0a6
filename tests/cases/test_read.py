"""Case files: what is read, and the error that names each mistake."""

from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import Case, Check, Kind, Step, load_cases
from pytest_qimen.cases.model import CHECKS
from pytest_qimen.errors import DataError
from pytest_qimen.messages.edits import OPERATIONS, Edit
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level
from tests.cases.case_files import FILES, loaded
from tests.support.files import CASE, FLOW, write

EXPECT, SET = 'expect = "success"\ntitle', 'set = { "thing.kind" = "N" }'
ORDER = 'save = { code = "request:entryOrder.entryOrderCode" }'
CHECK = 'check = [{ path = "flag", is = "success" }]'
TWIN = f"{SET}\n" + CASE.replace(SET, "")
EMOJI = 'set = { "@text" = "😀" }'


MISTAKES = {
    "case": {
        'id = "two-lines"': {
            "": "case[1].id: is missing",
            "id = 2": "case[1].id: expected a text, got 2",
        },
        'level = "must"\nexpect': {
            "expect": "case[1].level: is missing",
            'level = "high"\nexpect': "case[1].level: expected one of must, should, may, got 'high'",
        },
        EXPECT: {
            "title": "case[1].expect: is missing",
            'expect = "yes"\ntitle': "case[1].expect: expected one of success, failure, any, got 'yes'",
            'method = "order.cancel"\nexpect = "any"\ntitle': "case[1].method: is not a key of this table",
        },
        'title = { zh = "两行", en = "Two lines" }': {"": "case[1].title: is missing"},
        SET: {
            'set = "N"': "case[1].set: expected a table of path = value, got 'N'",
            'set = { "thing.kind" = ["N"] }': (
                "case[1].set: expected a table of path = value, got ['N'] for 'thing.kind'"
            ),
            'set = { "thing.kind" = true }': (
                "case[1].set: expected a table of path = value, got True for 'thing.kind'"
            ),
            'set = { "thing.colour" = "N" }': "case[1].set: thing.create has no field 'thing.colour'",
            'repeat = { "lines.line[]" = "2" }': (
                "case[1].repeat: expected a table of path = count, got '2' for 'lines.line[]'"
            ),
            'repeat = { "lines.row[]" = 2 }': "case[1].repeat: thing.create has no field 'lines.row[]'",
            'drop = "thing.kind"': "case[1].drop: expected a list of texts, got 'thing.kind'",
            'drop = ["thing.colour"]': "case[1].drop: thing.create has no field 'thing.colour'",
            'change = [{ op = "swap" }]': (
                f"case[1].change[1].op: expected one of {', '.join(OPERATIONS)}, got 'swap'"
            ),
            'change = [{ op = "reverse" }, { path = "a" }]': "case[1].change[2].op: is missing",
            'change = [{ op = "empty", path = "thing.colour" }]': (
                "case[1].change: thing.create has no field 'thing.colour'"
            ),
            'change = [{ op = "put", path = "thing.kind", text = "x" }]': (
                "case[1].change[1].text: is not a key of this table"
            ),
            'base = "full"': "case[1].base: expected one of minimal, typical, bare, none, got 'full'",
            'message = "<a>"': (
                "case[1].message: is no XML: Premature end of data in tag a line 1, line 1, column 4 "
                "(<string>, line 1)"
            ),
            'tamper = "gbk"': "case[1].tamper: expected a list of texts, got 'gbk'",
            'tamper = ["gkb"]': "case[1].tamper: unknown tamper 'gkb'; expected one of no-declaration, ",
            'tamper = ["gbk:1"]': "case[1].tamper: the tamper 'gbk' takes no argument, got '1'",
            'given = "yes"': "case[1].given: expected true or false, got 'yes'",
            "times = 0": "case[1].times: expected at least 1, got 0",
            "parallel = -1": "case[1].parallel: expected at least 1, got -1",
            "parallel = 2.5": "case[1].parallel: expected a whole number, got 2.5",
            'save = "x"': "case[1].save: expected a table of name = place, got 'x'",
            'save = { id = "thingId" }': (
                "case[1].save.id: expected request:path or response:path, got 'thingId'"
            ),
            "save = { id = 3 }": "case[1].save.id: expected request:path or response:path, got 3",
            'save = { id = "response:thing" }': (
                "case[1].save.id: the response of thing.create has no field 'thing'"
            ),
            'check = [{ path = "thingId" }]': (
                f"case[1].check[1].path: wants one of {', '.join(CHECKS)} beside it, got none"
            ),
            'check = [{ path = "thingId", is = "1", not = "2" }]': (
                f"case[1].check[1].path: wants one of {', '.join(CHECKS)} beside it, got is, not"
            ),
            'check = [{ path = "code", is = 0 }, { path = "thingID", absent = true }]': (
                "case[1].check[2].path: the response of thing.create has no field 'thingID'"
            ),
            'check = [{ path = "code", is = ["1"] }]': (
                "case[1].check[1].is: expected a text or a number, got ['1']"
            ),
            'check = [{ path = "code", in = "1" }]': "case[1].check[1].in: expected a list, got '1'",
            'check = [{ path = "code", count = "1" }]': (
                "case[1].check[1].count: expected a whole number, got '1'"
            ),
            'check = [{ path = "code", count = true }]': (
                "case[1].check[1].count: expected a whole number, got True"
            ),
            'check = [{ path = "code", present = false }]': (
                "case[1].check[1].present: expected true, got False"
            ),
            'check = [{ path = "code", is = "1", on = "error" }]': (
                "case[1].check[1].on: expected one of success, failure, any, got 'error'"
            ),
            'check = [{ path = "code", is = "1", where = "x" }]': (
                "case[1].check[1].where: expected a table of name = value, got 'x'"
            ),
            'check = [{ path = "code", is = "1", when = "x" }]': (
                "case[1].check[1].when: is not a key of this table; did you mean where?"
            ),
            TWIN: "wms/thing.create/case/two-lines: two cases have this id",
        },
        "[[case]]": {"[case]": "case: expected a list of tables, got {'id': 'two-lines', 'level': 'must', "},
    },
    "flow": {
        'id = "create-and-cancel"': {"": "flow[1].id: is missing"},
        "[[flow]]": {"[[flows]]\n[[flow]]": "flows: is not a key of this table; did you mean flow?"},
        'clause = "003 order.cancel"': {
            "": "flow[1].clause: is missing",
            'clause = "x"\nlet = "y"': "flow[1].let: expected a table of name = value, got 'y'",
            'clause = "x"\nwho = "y"': "flow[1].who: is not a key of this table",
        },
        'method = "entryorder.create"\n': {
            "": "flow[1].step[1].method: is missing",
            'method = "entryorder.creat"\n': "flow[1].step[1].method: unknown method 'entryorder.creat'; "
            "did you mean entryorder.create?",
            'method = "entryorder.create"\nagain = true\n': (
                "flow[1].step[1].again: needs a step before this one, got True"
            ),
            'method = "entryorder.create"\nagain = 1\n': (
                "flow[1].step[1].again: needs a step before this one, got 1"
            ),
            'method = "entryorder.create"\nagain = "1"\n': (
                "flow[1].step[1].again: expected true or the number of an earlier step, got '1'"
            ),
        },
        ORDER: {
            'set = { "entryOrder.code" = "x" }': (
                "flow[1].step[1].set: entryorder.create has no field 'entryOrder.code'"
            ),
            'save = { code = "request:code" }': (
                "flow[1].step[1].save.code: the request of entryorder.create has no field 'code'"
            ),
            "agian = true": "flow[1].step[1].agian: is not a key of this table; did you mean again?",
        },
        CHECK: {
            'check = [{ path = "orderCode", is = "x" }]': (
                "flow[1].step[2].check[1].path: the response of order.cancel has no field 'orderCode'"
            ),
            'check = [{ path = "code", is = "x", given = "later" }]': (
                "flow[1].step[2].check: nothing is saved as 'later' before"
            ),
        },
        'expect = "any"': {
            "": "flow[1].cleanup[1].expect: is missing",
            'expect = "any"\nids = 1': "flow[1].cleanup[1].ids: is not a key of this table",
        },
    },
    "protocol": {
        'method = "order.cancel"': {
            "": "probe.wms.method: is missing",
            'method = "order.cancle"': "probe.wms.method: unknown method 'order.cancle'; "
            "did you mean order.cancel?",
            'method = "order.cancel"\nname = "x"': "probe.wms.name: is not a key of this table",
        },
        "[probe.wms]": {
            "[probes.wms]": "probes: is not a key of this table; did you mean probe?",
            "[[probe.wms]]": "probe.wms: expected a table, got [{'method': 'order.cancel', ",
        },
        'text = "cancelReason"': {
            'text = "cancelResaon"': "case[1].set: order.cancel has no field 'cancelResaon'",
        },
        'judges = "safety"': {
            'judges = "speed"': (
                "case[1].judges: expected one of verdict, answer, refusal, safety, delivery, got 'speed'"
            ),
        },
        'protocols = ["qimen"]': {"protocols = 3": "case[1].protocols: expected a list of texts, got 3"},
        'clause = "000 section 2.1"\nprotocols': {"protocols": "case[1].clause: is missing"},
        EMOJI: {'set = { "@txt" = "x" }': "case[1].set: order.cancel has no field '@txt'"},
    },
}


@pytest.mark.parametrize(
    ("kind", "old", "new", "complaint"),
    [
        (kind, old, new, complaint)
        for kind, table in MISTAKES.items()
        for old, news in table.items()
        for new, complaint in news.items()
    ],
)
def test_mistakes(kind: str, old: str, new: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        loaded(tmp_path, kind, old, new)
    told = str(caught.value).removeprefix(f"{tmp_path}/")  # the file as it was given
    assert told != str(caught.value)
    if complaint.endswith(" "):  # the rest is a whole table
        assert told.startswith(f"{FILES[kind][0]}: {complaint}")
    else:
        assert told == f"{FILES[kind][0]}: {complaint}"


def test_a_flow_without_steps(tmp_path: Path) -> None:
    head = FLOW.partition("[[flow.step]]")[0]
    with pytest.raises(DataError) as caught:
        load_cases(write(tmp_path, "cases/flows/mine.toml", head))
    assert str(caught.value) == f"{tmp_path}/cases/flows/mine.toml: flow[1].step: a flow needs at least one"


def test_a_written_case(tmp_path: Path) -> None:
    cases = loaded(tmp_path, "case")
    api = cases[0].apis[0]
    assert cases[-1] == Case(
        id="wms/thing.create/case/two-lines",
        file="cases/wms/thing.create.toml",
        role="wms",
        method="thing.create",
        level=Level.MUST,
        family="case",
        title=Text("两行", "Two lines"),
        clause="003 thing.create",
        requirements=("request.rule",),
        steps=(Step(api, changes=(Edit("put", "thing.kind", "N"),), expect="success"),),
        requires=("wms/thing.create/request/minimal",),
    )


def test_the_edits_of_a_step_come_in_the_order_of_the_readme(tmp_path: Path) -> None:
    more = """
drop = ["thing.price"]
change = [{ op = "reverse" }, { op = "insert", path = "thing", value = "<x/>" }]
repeat = { "lines.line[]" = 2 }
set = { "thing.kind" = "N", "thing.quantity" = 3 }
"""
    (step,) = loaded(tmp_path, "case", SET, more)[-1].steps
    assert step.changes == (
        Edit("repeat", "lines.line[]", "2"),
        Edit("put", "thing.kind", "N"),
        Edit("put", "thing.quantity", "3"),
        Edit("drop", "thing.price"),
        Edit("reverse"),
        Edit("insert", "thing", "<x/>"),
    )


def test_a_flow(tmp_path: Path) -> None:
    (case,) = loaded(tmp_path, "flow")
    create, cancel = (spec.load_api(name) for name in ("wms/entryorder.create", "wms/order.cancel"))
    edits = (Edit("put", "orderCode", "@code"), Edit("put", "orderType", "CGRK"))
    assert case == Case(
        kind=Kind.FLOW,
        id="flows/mine/create-and-cancel",
        file="cases/flows/mine.toml",
        role="wms",
        method="entryorder.create",
        level=Level.MUST,
        family="flow",
        title=Text("创建后取消", "Create, then cancel"),
        clause="003 order.cancel",
        requirements=("state.cancelled",),
        steps=(
            Step(create, save={"code": "request:entryOrder.entryOrderCode"}),
            Step(cancel, changes=edits, checks=(Check("flag", "is", "success"),)),
        ),
        requires=("wms/entryorder.create/request/minimal", "wms/order.cancel/request/minimal"),
        cleanup=(Step(cancel, changes=edits, expect="any"),),
    )
    assert case.apis == (create, cancel)
