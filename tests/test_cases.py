"""Case files become Cases with ids that last; every mistake in them is told as file, key and reason."""

import re
from collections import Counter
from pathlib import Path

import pytest
from support.files import CASE, FLOW, METHOD, SUM, write

from pytest_qimen import spec
from pytest_qimen.cases import Case, Check, Step, bundled_cases, bundled_files, find_case, load_cases
from pytest_qimen.cases.model import CHECKS, smoke_id
from pytest_qimen.client.tampers import AFTER, BEFORE
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.messages.edits import OPERATIONS, Edit
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level

PROTOCOL = """\
[probe.wms]
method = "order.cancel"
text = "cancelReason"

[probe.wdk]
method = "alibaba.wdk.stock.publish"

[[case]]
id = "emoji"
level = "must"
expect = "success"
title = { zh = "表情", en = "Accepts emoji" }
requirements = ["encoding.text"]
clause = "000 section 2.1"
protocols = ["qimen"]
judges = "safety"
set = { "@text" = "😀" }

[[case]]
id = "plain"
level = "may"
expect = "any"
title = { zh = "普通", en = "Plain" }
requirements = ["encoding.text"]
clause = "000 section 2.1"
"""
FILES = {
    "case": ("cases/wms/thing.create.toml", METHOD + SUM + CASE),
    "flow": ("cases/flows/mine.toml", FLOW),
    "protocol": ("cases/protocol/mine.toml", PROTOCOL),
}


def loaded(folder: Path, kind: str, old: str = "", new: str = "") -> list[Case]:
    name, text = FILES[kind]
    return load_cases(write(folder, name, text, old, new))


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
            'base = "full"': "case[1].base: expected one of minimal, typical, none, got 'full'",
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
                "case[1].check[1].when: is not a key of this table"
            ),
            TWIN: "wms/thing.create/case/two-lines: two cases have this id",
        },
        "[[case]]": {"[case]": "case: expected a list of tables, got {'id': 'two-lines', 'level': 'must', "},
    },
    "flow": {
        'id = "create-and-cancel"': {"": "flow[1].id: is missing"},
        "[[flow]]": {"[[flows]]\n[[flow]]": "flows: is not a key of this table"},
        'clause = "003 order.cancel"': {
            "": "flow[1].clause: is missing",
            'clause = "x"\nlet = "y"': "flow[1].let: expected a table of name = value, got 'y'",
            'clause = "x"\nwho = "y"': "flow[1].who: is not a key of this table",
        },
        'method = "entryorder.create"\n': {
            "": "flow[1].step[1].method: is missing",
            'method = "entryorder.creat"\n': "flow[1].step[1].method: unknown method 'entryorder.creat'",
        },
        ORDER: {
            'set = { "entryOrder.code" = "x" }': (
                "flow[1].step[1].set: entryorder.create has no field 'entryOrder.code'"
            ),
            'save = { code = "request:code" }': (
                "flow[1].step[1].save.code: the request of entryorder.create has no field 'code'"
            ),
            "agian = true": "flow[1].step[1].agian: is not a key of this table",
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
            'method = "order.cancle"': "probe.wms.method: unknown method 'order.cancle'",
            'method = "order.cancel"\nname = "x"': "probe.wms.name: is not a key of this table",
        },
        "[probe.wms]": {
            "[probes.wms]": "probes: is not a key of this table",
            "[[probe.wms]]": "probe.wms: expected a table, got [{'method': 'order.cancel', ",
        },
        'text = "cancelReason"': {
            'text = "cancelResaon"': "case[1].set: order.cancel has no field 'cancelResaon'",
        },
        'judges = "safety"': {
            'judges = "speed"': "case[1].judges: expected one of verdict, answer, safety, got 'speed'",
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


def test_protocol_cases_stand_once_for_every_probe(tmp_path: Path) -> None:
    cases = loaded(tmp_path, "protocol")
    assert [(case.id, case.level, case.judges) for case in cases] == [
        ("protocol/mine/wms/emoji", "must", "safety"),
        ("protocol/mine/wms/plain", "may", "verdict"),
        ("protocol/mine/wdk/plain", "may", "verdict"),
    ]
    assert cases[0].steps[0].changes == (
        Edit("put", "cancelReason", "probe"),
        Edit("put", "cancelReason", "😀"),
    )
    assert cases[2].steps[0].changes == ()
    assert cases[0].requires == ("wms/order.cancel/request/minimal",)
    assert {case.family for case in cases} == {"mine"}


def test_smoke_needs_nothing(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, "cases/protocol/smoke.toml", PROTOCOL))
    assert {case.requires for case in cases} == {()}
    assert all(case.is_foundation for case in cases)


FOUNDATION = {
    "request/minimal": ("accept", "must", ("protocol/smoke/wms/answers",)),
    "request/typical": ("accept", "must", ("wms/thing.create/request/minimal",)),
    "answer/success": ("answer", "must", ("wms/thing.create/request/minimal",)),
    "answer/failure": ("answer", "must", ("wms/thing.create/request/minimal",)),
    "signature/tampered-body": (
        "signature",
        "must",
        ("wms/thing.create/request/minimal", "protocol/signature/wms/tampered-body"),
    ),
}


def test_the_foundation_of_a_method(tmp_path: Path) -> None:
    cases = {case.id.removeprefix("wms/thing.create/"): case for case in loaded(tmp_path, "case")}
    assert list(cases)[:5] == list(FOUNDATION)
    assert {
        name: (cases[name].family, cases[name].level, cases[name].requires) for name in FOUNDATION
    } == FOUNDATION
    assert [name for name, case in cases.items() if case.is_foundation] == ["request/minimal"]
    assert [name for name, case in cases.items() if case.judges == "answer"] == [
        "answer/success",
        "answer/failure",
    ]
    refused = cases["answer/failure"].steps[0]
    assert (refused.changes, refused.expect) == ((Edit("drop", "thing.thingCode"),), "any")


def test_derived_cases_are_named_after_the_place_and_the_scenario(tmp_path: Path) -> None:
    cases = {case.id: case for case in loaded(tmp_path, "case")}
    case = cases["wms/thing.create/request/lines.line.quantity/not-a-number"]
    assert case.clause == "003 thing.create request.lines.line.quantity"
    assert (case.level, case.family, case.requirements) == (Level.SHOULD, "type", ("request.type",))
    assert case.title == Text(
        "应拒绝 lines.line[].quantity：not-a-number", "refuses lines.line[].quantity: not-a-number"
    )
    assert len(cases["wms/thing.create/request/thing.kind/every-code"].steps) == 2


EVERY = [case for path in bundled_files() for case in bundled_cases(path)]


def test_bundled_ids_are_unique_paths() -> None:
    assert [name for name, count in Counter(case.id for case in EVERY).items() if count > 1] == []
    odd = [case.id for case in EVERY if not re.fullmatch(r"[a-z]+(/[\w.-]+){2,}", case.id, re.ASCII)]
    assert odd == []
    hand = [case.id for case in EVERY if "/case/" in case.id or case.id.startswith("flows/")]
    assert [name for name in hand if not re.fullmatch(r"[a-zA-Z0-9.-]+", name.rpartition("/")[2])] == []


def test_bundled_cases_begin_as_their_file_is_called() -> None:
    for path in bundled_files():
        start = f"{path.parent.name}/{path.stem}/"
        assert [case.id for case in bundled_cases(path) if not case.id.startswith(start)] == []


def test_every_case_is_found_by_its_id() -> None:
    assert [case.id for case in EVERY[::97] if find_case(case.id) is not case] == []


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        (
            "wms/order.cancel/request/nothing",
            "order.cancel.toml has no case 'wms/order.cancel/request/nothing'",
        ),
        ("wms/order.cancel", "order.cancel.toml has no case 'wms/order.cancel'"),
        ("wms/order.cancle/request/minimal", "no case file for 'wms/order.cancle/request/minimal'"),
        ("wmx/order.cancel/request/minimal", "no case file for 'wmx/order.cancel/request/minimal'"),
        ("../etc/passwd", "no case file for '../etc/passwd'"),
        ("", "no case file for ''"),
    ],
)
def test_unknown_ids(identity: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_case(identity)
    assert str(caught.value) == reason


def test_prerequisites_exist_and_lead_to_a_smoke_check() -> None:
    known = {case.id: case for case in EVERY}
    required = {name for case in EVERY for name in case.requires}
    assert required <= known.keys()
    for name in required:
        chain = [name]
        while known[chain[-1]].requires:
            chain.append(known[chain[-1]].requires[0])
            assert len(chain) < 5
        assert known[chain[-1]].family == "smoke"
    assert {smoke_id(api) for api in spec.load_all()} == {case.id for case in EVERY if case.family == "smoke"}


def test_bundled_tampers_exist() -> None:
    named = {name.partition(":")[0] for case in EVERY for step in case.steps for name in step.tampers}
    assert named <= BEFORE.keys() | AFTER.keys()


def test_steps_that_need_another_have_it() -> None:
    for case in EVERY:
        saved = set(case.let)
        for number, step in enumerate(case.steps):
            assert number or not step.again, case.id
            assert not step.each or step.each in saved, case.id
            saved |= step.save.keys()


def test_bundled_cases_say_what_they_are_about() -> None:
    assert [
        case.id
        for case in EVERY
        if not (case.requirements and case.clause and case.title.zh and case.title.en)
    ] == []
    assert [case.id for case in EVERY if case.level is Level.MAY and case.requirements == ()] == []


def test_what_may_be_either_way_is_not_judged() -> None:
    """A boundary of level may expects nothing; what expects something has a level of its own."""
    derived = [case for case in EVERY if "/request/" in case.id and not case.id.startswith("flows/")]
    assert [case.id for case in derived if (case.level is Level.MAY) != (case.steps[0].expect == "any")] == []
