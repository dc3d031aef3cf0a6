"""Method files: what is read, and the error that names each mistake."""

from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.errors import DataError
from pytest_qimen.spec import Field
from pytest_qimen.toml import Text
from tests.support.files import METHOD, SUM, write

FILE = "cases/wms/thing.create.toml"


def load(folder: Path, text: str = METHOD, old: str = "", new: str = "") -> spec.Api:
    return spec.load(write(folder, FILE, text, old, new))


def test_a_whole_file(tmp_path: Path) -> None:
    api = load(tmp_path, METHOD + SUM)
    assert (api.name, api.method, api.role, api.protocol) == (
        "wms/thing.create",
        "thing.create",
        "wms",
        "qimen",
    )
    assert (api.title, api.source, api.file) == (Text("新建", "Create a thing"), "003 thing.create", FILE)
    assert (api.verdict, api.readonly, api.foreign, api.setup, api.cases) == ("flag", False, (), (), ())
    rows = api.request.by_path
    assert list(rows) == [
        "thing",
        "thing.thingCode",
        "thing.kind",
        "thing.quantity",
        "thing.price",
        "lines",
        "lines.line[]",
        "lines.line[].item",
        "lines.line[].quantity",
    ]
    assert rows["thing.thingCode"] == Field(
        "thing.thingCode", need="must", type="string", max=20, key=True, example="T1"
    )
    kind = rows["thing.kind"].codes
    assert kind is not None
    assert (kind.id, kind.codes, kind.labels["Y"]) == ("yes-no", ("Y", "N"), Text("是", "Yes"))
    assert (rows["thing.price"].digits, rows["lines.line[]"].limit) == ((18, 2), 3)
    assert [(rule.id, rule.kind, rule.level, rule.direction, dict(rule.terms)) for rule in api.rules] == [
        (
            "price-needs-kind",
            "required-if",
            "must",
            "request",
            {"scope": "thing", "field": "price", "when": {"kind": "Y"}},
        ),
        (
            "lines-add-up",
            "sum",
            "should",
            "request",
            {"total": "thing.quantity", "parts": "lines.line[].quantity"},
        ),
    ]


def test_a_message_knows_its_tree(tmp_path: Path) -> None:
    request = load(tmp_path).request
    assert [row.path for row in request.children()] == ["thing", "lines"]
    assert [row.path for row in request.children("lines")] == ["lines.line[]"]
    assert [row.name for row in request.below("lines")] == ["line", "item", "quantity"]
    assert list(request.below("line")) == []
    assert [row.name for row in request.leaves] == [
        "thingCode",
        "kind",
        "quantity",
        "price",
        "item",
        "quantity",
    ]
    line = request.by_path["lines.line[]"]
    assert (line.name, line.parent, line.repeated, line.leaf) == ("line", "lines", True, False)
    assert request.by_path["thing"].parent == ""


ROOTS = {
    "wms/order.cancel": "response",
    "wdk/alibaba.wdk.stock.publish": "alibaba_wdk_stock_publish_response",
    "store/taobao.qimen.storeinventory.itemupdate": "qimen_storeinventory_itemupdate_response",
}


@pytest.mark.parametrize(("name", "root"), ROOTS.items())
def test_the_root_of_an_answer(name: str, root: str) -> None:
    assert spec.load_api(name).root == root


METHOD_LINE = 'method = "thing.create"'
ROLE = 'role = "wms"'
TITLE = 'title = { zh = "新建", en = "Create a thing" }'
CODE = 'thingCode", need = "must", type = "string", max = 20, key = true, example = "T1"'
PRICE = "digits = [18, 2]"
LINE = '"lines.line[]", limit = 3'
RULE = 'kind = "required-if"'
FIELD = 'field = "price"'
WHEN = 'when = { kind = "Y" }'


MISTAKES = {
    METHOD_LINE: {
        "": "api.method: is missing",
        "method = 1": "api.method: expected a text, got 1",
        'method = "thing.make"': "api.method: expected 'thing.create' (the file's name), got 'thing.make'",
        'method = "thing.create"\nanswer = 1': "api.answer: is not a key of this table",
        'method = "thing.create"\nprotocol = "soap"': (
            "api.protocol: expected one of qimen, top, got 'soap'"
        ),
        'method = "thing.create"\nreadonly = "yes"': "api.readonly: expected true or false, got 'yes'",
        'method = "thing.create"\nverdict = "flagg"': "api.verdict: the response has no field 'flagg'",
        'method = "thing.create"\nforeign = ["thing.kinds"]': (
            "api.foreign: the request has no field 'thing.kinds'"
        ),
        'method = "thing.create"\nforeign = "thing.kind"': (
            "api.foreign: expected a list of texts, got 'thing.kind'"
        ),
    },
    ROLE: {
        "": "api.role: is missing",
        'role = "oms"': "api.role: expected one of wms, erp, store, wdk, got 'oms'",
    },
    TITLE: {
        'title = "New"': "api.title: expected a table with zh and en, got 'New'",
        'title = { zh = "新" }': "api.title: expected a table with zh and en, got {'zh': '新'}",
        'title = { zh = "新", en = "New", de = "Neu" }': (
            "api.title: expected a table with zh and en, got {'zh': '新', 'en': 'New', 'de': 'Neu'}"
        ),
    },
    'source = "003 thing.create"': {"": "api.source: is missing"},
    "[api]": {
        "[apis]": "api: is missing",
        "api = 3\n[a]": "api: expected a table, got 3",
        "[[case]]\n[extra]\n[api]": "extra: is not a key of this table",
        "case = [3]\n[api]": "case[1]: expected a table, got 3",
    },
    CODE: {
        'thingCode", need = "needed"': (
            "request.fields[2].need: expected one of must, conditional, optional, got 'needed'"
        ),
        'thingCode", type = "text"': (
            "request.fields[2].type: expected one of group, string, int, long, decimal, number, boolean, "
            "map, got 'text'"
        ),
        'thingCode", type = "string", max = "fifty"': (
            "request.fields[2].max: expected a whole number, got 'fifty'"
        ),
        'thingCode", type = "string", max = 5.0': "request.fields[2].max: expected a whole number, got 5.0",
        'thingCode", type = "string", min = true': "request.fields[2].min: expected a whole number, got True",
        'thingCode", type = "string", format = "email"': (
            "request.fields[2].format: expected one of date, datetime, time, alphanumeric, got 'email'"
        ),
        'thingCode", type = "string", codes = "nowhere"': (
            "request.fields[2].codes: codes.toml has no list 'nowhere'"
        ),
        'thingCode", type = "string", key = "yes"': (
            "request.fields[2].key: expected true or false, got 'yes'"
        ),
        'thingCode", type = "string", example = 1': "request.fields[2].example: expected a text, got 1",
        'thingCode", type = "string", label = "Code"': (
            "request.fields[2].label: expected a table with zh and en, got 'Code'"
        ),
        'thingCode", type = "string", length = 3': "request.fields[2].length: is not a key of this table",
        'kind", type = "string"': "request.fields[2].path: 'thing.kind' stands twice",
        'thing.kind", type = "string"': "request.fields[2].path: its group 'thing.thing' has no row",
    },
    '{ path = "thing.kind"': {
        '{ path = "thing.thingCode.kind"': (
            "request.fields[3].path: its group 'thing.thingCode' holds a value"
        ),
        "{ path = 3": "request.fields[3].path: expected a text, got 3",
        '{ place = "thing.kind"': "request.fields[3].path: is missing",
        '3, { path = "thing.kind"': "request.fields[3]: expected a table, got 3",
    },
    PRICE: {
        "digits = 18": "request.fields[5].digits: expected two whole numbers, got 18",
        "digits = [18]": "request.fields[5].digits: expected two whole numbers, got [18]",
        'digits = [18, "2"]': "request.fields[5].digits: expected two whole numbers, got [18, '2']",
        "digits = [18, true]": "request.fields[5].digits: expected two whole numbers, got [18, True]",
    },
    LINE: {'"lines.line[]", limit = "x"': "request.fields[7].limit: expected a whole number, got 'x'"},
    "[request]": {
        "[requests]": "request: is missing",
        "[request]\nroot = 1": "request.root: is not a key of this table",
    },
    "[response]": {"[answer]": "response: is missing"},
    RULE: {
        "": "rule[1].kind: is missing",
        'kind = "formula"': (
            "rule[1].kind: expected one of required-if, codes-if, sum, equation, order, not-above, "
            "same-if-alone, failed-are-sent, got 'formula'"
        ),
        'kind = "sum"': "rule[1].total: is missing",
        'kind = "equation"': "rule[1].total: is missing",
        'kind = "required-if"\ndirection = "answer"': (
            "rule[1].direction: expected one of request, response, got 'answer'"
        ),
        'kind = "required-if"\ndirection = "response"': "rule[1].scope: the response has no field 'thing'",
        'kind = "required-if"\nunless = "x"': (
            "rule[1].unless: a rule of kind 'required-if' knows only scope, field, when"
        ),
    },
    'level = "must"\ntext': {
        "text": "rule[1].level: is missing",
        'level = "high"\ntext': "rule[1].level: expected one of must, should, may, got 'high'",
    },
    'scope = "thing"': {
        "": "rule[1].field: the request has no field 'price'",
        'scope = "lines"': "rule[1].field: the request has no field 'lines.price'",
        'scope = "nowhere"': "rule[1].scope: the request has no field 'nowhere'",
        "scope = 3": "rule[1].scope: expected a path, got 3",
    },
    FIELD: {
        "": "rule[1].field: is missing",
        "field = 3": "rule[1].field: expected a path, got 3",
        'field = "cost"': "rule[1].field: the request has no field 'thing.cost'",
    },
    WHEN: {
        "": "rule[1].when: is missing",
        'when = "kind"': "rule[1].when: expected a table of path = value, got 'kind'",
        "when = { kind = 3 }": "rule[1].when.kind: expected a text or a list of texts, got 3",
        'when = { kind = ["Y", 3] }': "rule[1].when.kind: expected a text or a list of texts, got ['Y', 3]",
        "when = { kind = [] }": "rule[1].when.kind: expected a text or a list of texts, got []",
        'when = { colour = "red" }': "rule[1].when: the request has no field 'thing.colour'",
    },
    'text = { zh = "有", en = "A kind has a price" }': {"": "rule[1].text: is missing"},
}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [(old, new, complaint) for old, table in MISTAKES.items() for new, complaint in table.items()],
)
def test_mistakes(old: str, new: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(tmp_path, METHOD, old, new)
    assert str(caught.value) == f"{FILE}: {complaint}"


SETUP = """
[[setup]]
method = "order.cancel"
shared = true
give = { "thing.kind" = "response:x" }
"""


SETUP_MISTAKES = {
    'method = "order.cancel"': {
        "": "setup[1].method: is missing",
        "method = 1": "setup[1].method: expected a text, got 1",
        'method = "x"\nafter = 1': "setup[1].after: is not a key of this table",
    },
    "shared = true": {"shared = 1": "setup[1].shared: expected true or false, got 1"},
    'give = { "thing.kind" = "response:x" }': {
        "": "setup[1].give: is missing",
        'give = "x"': "setup[1].give: expected a table of path = place, got 'x'",
        'give = { "thing.colour" = "request:x" }': "setup[1].give: the request has no field 'thing.colour'",
        'give = { "thing.kind" = "x" }': (
            "setup[1].give.thing.kind: expected request:path or response:path, got 'x'"
        ),
        'give = { "thing.kind" = 3 }': (
            "setup[1].give.thing.kind: expected request:path or response:path, got 3"
        ),
    },
}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [(old, new, complaint) for old, table in SETUP_MISTAKES.items() for new, complaint in table.items()],
)
def test_mistakes_in_a_setup(old: str, new: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(tmp_path, METHOD + SETUP, old, new)
    assert str(caught.value) == f"{FILE}: {complaint}"


EQUATION = """
[[rule]]
id = "sum"
kind = "equation"
level = "may"
text = { zh = "和", en = "Sum" }
total = "thing.quantity"
plus = ["thing.price"]
minus = []
"""
PLUS = 'plus = ["thing.price"]'


EQUATIONS = {
    (PLUS, 'plus = "thing.price"'): "plus: expected a list of paths, got 'thing.price'",
    (PLUS, "plus = [3]"): "plus: the request has no field 3",
    (PLUS, 'plus = ["price"]'): "plus: the request has no field 'price'",
    (PLUS, ""): "plus: is missing",
    ("minus = []", ""): "minus: is missing",
}


@pytest.mark.parametrize(("edit", "complaint"), EQUATIONS.items())
def test_mistakes_in_an_equation(edit: tuple[str, str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(tmp_path, METHOD + EQUATION, *edit)
    assert str(caught.value) == f"{FILE}: rule[2].{complaint}"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        spec.load(tmp_path / FILE)
    assert str(caught.value) == f"{FILE}: file: no such file or folder"
