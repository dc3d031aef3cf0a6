"""Parsing refuses what could do harm, writing gives back what was read, paths say which element is meant."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen import xml
from tests.support.servers import raw

REFUSED = {
    "nothing": (b"", "Document is empty"),
    "blanks": (b" \n", "line 2, column 1"),
    "text": (b"flag=success", "Start tag expected"),
    "two roots": (b"<a/><b/>", "Extra content at the end of the document"),
    "unclosed": (b"<a><b></a>", "mismatch"),
    "a line before the declaration": (
        b'\n<?xml version="1.0"?><a/>',
        "declaration allowed only at the start",
    ),
    "not the declared encoding": (b'<?xml version="1.0" encoding="utf-8"?><a>\xb1\xb1</a>', "line 1"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="utf-9"?><a/>', "nsupported encoding"),
    "a control character": (b"<a>\x07</a>", "line 1"),
    "a bare ampersand": (b"<a>b & c</a>", "line 1"),
    "an unknown entity": (b"<a>&nbsp;</a>", "nbsp"),
    "a DOCTYPE": (b"<!DOCTYPE a><a/>", "the document carries a DOCTYPE"),
    "an entity of its own": (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "the document carries a DOCTYPE"),
    "a file": (
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        "the document carries a DOCTYPE",
    ),
    "too deep": (b"<a>" * 300 + b"</a>" * 300, "depth"),
}


@pytest.mark.parametrize("data", [data for data, _ in REFUSED.values()], ids=REFUSED)
def test_a_refusal_is_told_in_chinese_with_the_words_of_the_parser(data: bytes) -> None:
    with pytest.raises(xml.XmlError) as caught:
        xml.parse(data)
    words, chinese = caught.value.text(), caught.value.text("zh")
    assert chinese.endswith(f"（{words}）")
    assert re.search("[\u4e00-\u9fff]", chinese.removesuffix(f"（{words}）"))


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(xml.XmlError) as caught:
        xml.parse(data)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_is_fetched() -> None:
    connections = []
    with raw(lambda peer: connections.append(peer.request())) as url:
        for document in (
            f'<!DOCTYPE a SYSTEM "{url}"><a/>',
            f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{url}"> %p;]><a/>',
            f'<!DOCTYPE a [<!ENTITY e SYSTEM "{url}">]><a>&e;</a>',
        ):
            with pytest.raises(xml.XmlError):
                xml.parse(document.encode())
        include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{url}"/>'
        xml.parse(f"<a>{include}</a>".encode())
    assert connections == []


READ = {  # what XML allows, and the text of the element `a` below the root
    "plain": (b"<r><a>x</a></r>", "x"),
    "a byte order mark": (b"\xef\xbb\xbf<r><a>x</a></r>", "x"),
    "a declaration": (b'<?xml version="1.0" encoding="GBK"?><r><a>\xb2\xe2</a></r>', "测"),
    "UTF-16": ('<?xml version="1.0" encoding="utf-16"?><r><a>测</a></r>'.encode("utf-16"), "测"),
    "CDATA": (b"<r><a><![CDATA[<&>]]></a></r>", "<&>"),
    "CDATA in two": (b"<r><a>1<![CDATA[2]]>3<![CDATA[4]]></a></r>", "1234"),
    "references": (b"<r><a>&lt;&#27979;&#x1F600;</a></r>", "<测😀"),
    "a comment within": (b"<r><!-- n --><a>1<!-- n -->2</a></r>", "12"),
    "an instruction within": (b"<?n?><r><a>1<?n m?>2</a></r>", "12"),
    "a default namespace": (b'<r xmlns="urn:x"><a>x</a></r>', "x"),
    "a prefix": (b'<p:r xmlns:p="urn:x"><p:a>x</p:a></p:r>', "x"),
    "attributes": (b'<r q="1"><a q="2">x</a></r>\n', "x"),
    "empty": (b"<r><a></a></r>", None),
    "absent": (b"<r/>", None),
    "blanks": (b"<r><a> </a></r>", " "),
}


@pytest.mark.parametrize(("data", "text"), READ.values(), ids=READ)
def test_read(data: bytes, text: str | None) -> None:
    root = xml.parse(data)
    assert xml.name(root) == "r"
    assert xml.get(root, "a") == text


def test_large_documents_are_read_on_demand() -> None:
    deep = b"<a>" * 300 + b"</a>" * 300
    assert sum(1 for _ in xml.parse(deep, huge=True).iter()) == 300
    assert (
        len(xml.get(xml.parse(b"<r><a>%s</a></r>" % (b"x" * 11_000_000), huge=True), "a") or "") == 11_000_000
    )


LINES = b"<r><o>1</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/></r>"
FOUND = {
    "": ["r"],
    "o": ["1"],
    "l": ["l"],
    "l[]": ["l", "l", "l"],
    "l.n": ["a"],
    "l.n[]": ["a", "b"],
    "l[].n": ["a", "c"],
    "l[].n[]": ["a", "b", "c"],
    "l[2].n": ["c"],
    "l[1].n[2]": ["b"],
    "l[3].n": [],
    "l[4]": [],
    "o.n": [],
    "x": [],
}


@pytest.mark.parametrize(("path", "texts"), FOUND.items())
def test_find(path: str, texts: list[str]) -> None:
    root = xml.parse(LINES)
    assert [xml.text(one) or xml.name(one) for one in xml.find(root, path)] == texts


STEPS = {
    "a": [("a", 1)],
    "a[]": [("a", None)],
    "a[3]": [("a", 3)],
    "a.b[].c[12]": [("a", 1), ("b", None), ("c", 12)],
}


@pytest.mark.parametrize(("path", "steps"), STEPS.items())
def test_steps(path: str, steps: list[tuple[str, int | None]]) -> None:
    assert xml.steps(path) == steps


def test_get_skips_the_empty_and_values_keeps_them() -> None:
    root = xml.parse(b"<r><l><n/></l><l><n>x</n></l></r>")
    assert xml.get(root, "l[].n") == "x"
    assert xml.values(root, "l[].n") == ["", "x"]
    assert xml.get(root, "l.n") is None


def edited(edit: Callable[[xml.Element], object], before: bytes = LINES) -> str:
    root = xml.parse(before)
    edit(root)
    return xml.write(root, declaration=False).decode()


EDITS: dict[str, tuple[Callable[[xml.Element], object], str]] = {
    "put there": (
        lambda r: xml.put(r, "o", "<2>"),
        "<o>&lt;2&gt;</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/>",
    ),
    "put everywhere": (
        lambda r: xml.put(r, "l[].n[]", "z"),
        "<o>1</o><l><n>z</n><n>z</n></l><l><n>z</n></l><l/>",
    ),
    "put new": (
        lambda r: xml.put(r, "p.q[].s", "z"),
        "<o>1</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/><p><q><s>z</s></q></p>",
    ),
    "put a second one": (
        lambda r: xml.put(r, "o[2]", "z"),
        "<o>1</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/><o>z</o>",
    ),
    "ensure what is there": (
        lambda r: xml.ensure(r, "l[2].n"),
        "<o>1</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/>",
    ),
    "drop the first": (lambda r: xml.drop(r, "l"), "<o>1</o><l><n>c</n></l><l/>"),
    "drop all": (lambda r: xml.drop(r, "l[]"), "<o>1</o>"),
    "drop nothing": (lambda r: xml.drop(r, "x.y"), "<o>1</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/>"),
    "drop the root": (lambda r: xml.drop(r, ""), "<o>1</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/>"),
    "repeat less": (lambda r: xml.repeat(r, "l[]", 1), "<o>1</o><l><n>a</n><n>b</n></l>"),
    "repeat more": (
        lambda r: xml.repeat(r, "l[2].n[]", 3),
        "<o>1</o><l><n>a</n><n>b</n></l><l><n>c</n><n>c</n><n>c</n></l><l/>",
    ),
    "repeat none": (lambda r: xml.repeat(r, "l[]", 0), "<o>1</o>"),
    "repeat new": (
        lambda r: xml.repeat(r, "p.q[]", 2),
        "<o>1</o><l><n>a</n><n>b</n></l><l><n>c</n></l><l/><p><q/><q/></p>",
    ),
    "clear": (lambda r: xml.clear(xml.find(r, "l")[0]), "<o>1</o><l/><l><n>c</n></l><l/>"),
    "clear open": (lambda r: xml.clear(xml.find(r, "l")[0], ""), "<o>1</o><l></l><l><n>c</n></l><l/>"),
    "reorder": (
        lambda r: xml.reorder(r, lambda names: sorted(names)),
        "<l><n>a</n><n>b</n></l><l><n>c</n></l><l/><o>1</o>",
    ),
}


@pytest.mark.parametrize(("edit", "inside"), EDITS.values(), ids=EDITS)
def test_edits(edit: Callable[[xml.Element], object], inside: str) -> None:
    assert edited(edit) == f"<r>{inside}</r>"


def test_a_copy_shares_nothing() -> None:
    root = xml.parse(LINES)
    twin = xml.copy(root)
    xml.drop(twin, "l[]")
    assert xml.write(root, declaration=False) == LINES


def test_walk_and_place() -> None:
    root = xml.parse(LINES)
    assert [path for path, _ in xml.walk(root)] == ["o", "l[]", "l[].n[]", "l[].n[]", "l[]", "l[].n", "l[]"]
    places = [xml.place(element) for _, element in xml.walk(root)]
    assert places == ["o", "l[1]", "l[1].n[1]", "l[1].n[2]", "l[2]", "l[2].n", "l[3]"]
    assert xml.place(root) == ""
    assert xml.schematic("l[12].n[2].o") == "l[].n[].o"


def test_write() -> None:
    root = xml.new("request")
    xml.put(root, "a", "测 & <😀>\r\n")
    text = "<request><a>测 &amp; &lt;😀&gt;&#13;\n</a></request>"
    assert xml.write(root).decode() == f'<?xml version="1.0" encoding="utf-8"?>\n{text}'
    assert xml.write(root, declaration=False).decode() == text
    pretty = "<request>\n  <a>测 &amp; &lt;😀&gt;&#13;\n</a>\n</request>\n"
    assert xml.write(root, declaration=False, pretty=True).decode() == pretty


@given(st.text(st.characters(codec="utf-8")))
def test_what_xml_can_carry_comes_back(text: str) -> None:
    root = xml.new("r")
    if xml.is_legal_text(text):
        xml.put(root, "a", text)
        assert xml.values(xml.parse(xml.write(root)), "a") == [text]
    else:
        with pytest.raises(ValueError, match="XML compatible"):
            xml.put(root, "a", text)


@pytest.mark.parametrize("text", ["\t\n\r", "\x85\u2028", "😀", "\ufffd", ""])
def test_legal_text(text: str) -> None:
    assert xml.is_legal_text(text)


@pytest.mark.parametrize("text", ["\0", "a\x0b", "\x1f", "\ufffe", "\ud800", "\x07😀"])
def test_illegal_text(text: str) -> None:
    assert not xml.is_legal_text(text)


NAMES = st.sampled_from(["a", "b", "c"])
TREES = st.recursive(
    st.builds(xml.new, NAMES),
    lambda inner: st.builds(lambda name, kids: _tree(name, kids), NAMES, st.lists(inner, max_size=4)),
    max_leaves=15,
)


def _tree(name: str, kids: list[xml.Element]) -> xml.Element:
    root = xml.new(name)
    for kid in kids:
        root.append(xml.copy(kid))
    return root


@given(TREES)
def test_the_place_of_an_element_finds_it_and_its_path_covers_it(root: xml.Element) -> None:
    for path, element in xml.walk(root):
        assert xml.find(root, xml.place(element)) == [element]
        assert element in xml.find(root, path)
        assert element in xml.find(root, xml.schematic(xml.place(element)))


@given(TREES)
def test_reordering_reaches_every_group_and_loses_nothing(root: xml.Element) -> None:
    count, names = sum(1 for _ in root.iter()), sorted(xml.name(one) for one in root.iter())
    xml.reorder(root, lambda names: sorted(names, reverse=True))
    for element in root.iter():
        order = [xml.name(child) for child in element]
        assert order == sorted(order, reverse=True)
    assert (sum(1 for _ in root.iter()), sorted(xml.name(one) for one in root.iter())) == (count, names)
