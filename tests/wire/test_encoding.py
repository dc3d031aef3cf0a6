"""A message goes over the wire as its protocol wants it, and comes back the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen import spec, xml
from pytest_qimen.messages import samples
from pytest_qimen.wire import encoding
from tests.support.apis import api, may, must

FIELDS = (
    must("page", "number", example="1"),
    must("name", example="n"),
    may("whole", "long", example="7"),
    may("batch", "group"),
    may("batch.no", example="B1"),
    may("batch.count", "number", example="3"),
    may("batch.open", "boolean", example="true"),
    may("batch.lines[]", "group"),
    may("batch.lines[].price", "number", example="1.50"),
    may("stores[]", "group"),
    may("stores[].id", "number", example="9"),
)
TOP = api(*FIELDS, protocol="top", method="taobao.thing.create")
QIMEN = api(*FIELDS)

ENCODED = {
    "": {},
    "<page>1</page><name>a&amp;=中</name>": {"page": "1", "name": "a&=中"},
    "<page/>": {"page": ""},
    "<whole>007</whole>": {"whole": "007"},
    "<batch><no>B1</no><count>3</count><open>TRUE</open></batch>": {
        "batch": '{"no":"B1","count":3,"open":true}'
    },
    "<batch><count>-0.5</count></batch>": {"batch": '{"count":-0.5}'},
    "<batch><count>03</count></batch>": {"batch": '{"count":"03"}'},
    "<batch><count>abc</count><open>perhaps</open></batch>": {"batch": '{"count":"abc","open":"perhaps"}'},
    "<batch><count>1e3</count></batch>": {"batch": '{"count":"1e3"}'},
    "<batch><count/></batch>": {"batch": '{"count":""}'},
    "<batch><no>&quot;中\\</no><extra>1</extra></batch>": {"batch": '{"no":"\\"中\\\\","extra":"1"}'},
    "<batch/>": {"batch": "{}"},
    "<batch><lines><price>1</price></lines></batch>": {"batch": '{"lines":[{"price":1}]}'},
    "<batch><lines/><no>B</no><lines/></batch>": {"batch": '{"lines":[{},{}],"no":"B"}'},
    "<stores><id>1</id></stores><stores><id>2</id></stores>": {"stores": '[{"id":1},{"id":2}]'},
    "<stores><id>1</id></stores>": {"stores": '[{"id":1}]'},
}


@pytest.mark.parametrize(("inside", "form"), ENCODED.items())
def test_top(inside: str, form: dict[str, str]) -> None:
    root = xml.parse(f"<request>{inside}</request>".encode())
    assert encoding.encode(TOP, root) == (form, b"")


def test_qimen() -> None:
    root = xml.parse("<request><page>1</page><name>中😀&amp;</name></request>".encode())
    body = '<?xml version="1.0" encoding="utf-8"?>\n<request><page>1</page><name>中😀&amp;</name></request>'
    assert encoding.encode(QIMEN, root) == ({}, body.encode())


def test_numbers_keep_their_digits() -> None:
    for text in ("1.50", "9999999999999999.99", "-0", "12345678901234567890"):
        root = xml.parse(f"<request><batch><count>{text}</count></batch></request>".encode())
        form, _ = encoding.encode(TOP, root)
        assert form["batch"] == f'{{"count":{text}}}'
        assert xml.write(encoding.decode(TOP, form)) == xml.write(root)


def test_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        encoding.decode(TOP, {"batch": "{no}"})


def test_what_json_may_hold() -> None:
    root = encoding.decode(
        TOP, {"batch": '{"no":null,"count":2,"open":false,"lines":[{"price":"1"},{}]}', "more": "1"}
    )
    assert xml.write(root, declaration=False) == (
        b"<request><batch><no/><count>2</count><open>false</open><lines><price>1</price></lines><lines/></batch>"
        b"</request>"
    )


@pytest.mark.parametrize("name", [api.name for api in spec.load_all() if api.protocol == "top"])
def test_every_top_message_comes_back(name: str) -> None:
    one = spec.load_api(name)
    for make in (samples.minimal, samples.full):
        root = make(one.request)
        form, body = encoding.encode(one, root)
        assert body == b""
        assert all(
            row.leaf or json.loads(form[row.name]) for row in one.request.children() if row.name in form
        )
        assert xml.write(encoding.decode(one, form)) == xml.write(root)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).filter(
    xml.is_legal_text
)


@given(no=TEXT, count=st.one_of(TEXT, st.integers().map(str)), lines=st.integers(0, 3))
def test_texts_and_lists_come_back(no: str, count: str, lines: int) -> None:
    root = xml.new("request")
    xml.put(root, "batch.no", no)
    xml.put(root, "batch.count", count)
    for number in range(lines):
        xml.put(root, f"batch.lines[{number + 1}].price", str(number))
    form, _ = encoding.encode(TOP, root)
    assert xml.write(encoding.decode(TOP, form)) == xml.write(root)
