"""Example messages hold what they should, and every bundled one is legal."""

import pytest

from pytest_qimen import rules, schema, spec, xml
from pytest_qimen.messages import samples
from tests.support.apis import api, may, must

API = api(
    must("order", "group"),
    must("order.code", example="A1"),
    may("order.note", example="n"),
    may("order.sender", "group", usual=True),
    must("order.sender.name", example="s"),
    may("order.sender.zip", example="z"),
    may("lines", "group"),
    may("lines.line[]", "group"),
    must("lines.line[].item", example="i"),
    may("extendProps", "map"),
    may("tagged", "map"),
    may("tagged.colour", example="red"),
)


def text(root: xml.Element) -> str:
    return xml.write(root, declaration=False).decode()


def test_the_smallest_message_has_what_is_demanded_and_usual() -> None:
    assert text(samples.minimal(API.request)) == (
        "<request><order><code>A1</code><sender><name>s</name></sender></order></request>"
    )


def test_the_whole_message_has_every_field_once() -> None:
    assert text(samples.full(API.request)) == (
        "<request><order><code>A1</code><note>n</note><sender><name>s</name><zip>z</zip></sender></order>"
        "<lines><line><item>i</item></line></lines><extendProps><key1>value1</key1></extendProps>"
        "<tagged><colour>red</colour></tagged></request>"
    )


def test_another_root() -> None:
    assert text(samples.minimal(API.response, "answer")) == (
        "<answer><flag>success</flag><code>0</code><message>ok</message></answer>"
    )
    assert xml.name(samples.full(API.response)) == "response"


def test_a_group_is_filled_with_what_it_must_hold() -> None:
    root = xml.new("line")
    samples.fill(root, API.request, "lines.line[]")
    assert text(root) == "<line><item>i</item></line>"


@pytest.mark.parametrize("direction", spec.DIRECTIONS)
@pytest.mark.parametrize("name", spec.methods())
def test_every_bundled_example_is_legal(name: str, direction: str) -> None:
    one = spec.load_api(name)
    message = one.request if direction == "request" else one.response
    for make in (samples.minimal, samples.full):
        root = make(message, one.root if direction == "response" else "")
        assert schema.problems(one, direction, root) == ()
        assert schema.undeclared(one, direction, root) == ()
    assert [broken.rule.id for broken in rules.broken(one, direction, root)] == []
    assert {path.replace("[]", "") for path, _ in xml.walk(root)} >= {
        row.path.replace("[]", "") for row in message.fields
    }


def test_the_bare_message_has_nothing_but_what_is_demanded() -> None:
    cancel = spec.load_api("order.cancel").request
    assert {xml.name(child) for child in samples.bare(cancel)} == {"warehouseCode", "orderCode"}
