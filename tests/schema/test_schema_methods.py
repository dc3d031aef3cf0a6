"""Every method's XSD compiles everywhere, takes the examples, and refuses each constraint broken alone."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from pytest_qimen import schema, spec, xml
from pytest_qimen.messages import samples

DATA = Path(__file__).parents[1] / "data"
EVERYTHING = spec.load(DATA / "cases" / "wms" / "everything.check.toml")
APIS = [EVERYTHING, *spec.load_all()]
MESSAGES = [(api, direction) for api in APIS for direction in spec.DIRECTIONS]

each_api = pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
each_message = pytest.mark.parametrize(
    ("api", "direction"), MESSAGES, ids=[f"{api.name}-{direction}" for api, direction in MESSAGES]
)


def message_of(api: spec.Api, direction: str) -> spec.Message:
    return api.request if direction == "request" else api.response


def root_of(api: spec.Api, direction: str) -> str:
    return "request" if direction == "request" else api.root


def full(api: spec.Api, direction: str) -> xml.Element:
    return samples.full(message_of(api, direction), root_of(api, direction))


def minimal(api: spec.Api, direction: str) -> xml.Element:
    return samples.minimal(message_of(api, direction), root_of(api, direction))


@each_api
def test_xsd_compiles_and_knows_its_roots(api: spec.Api) -> None:
    text = schema.xsd(api)
    etree.XMLSchema(etree.fromstring(text.encode()))
    roots = {"request", "response"} if api.protocol == "qimen" else {api.root}
    assert set(xmlschema.XMLSchema10(text).elements) == roots
    assert text == schema.xsd(api)


def test_xsd_is_documented() -> None:
    found = etree.fromstring(schema.xsd(EVERYTHING).encode()).findall(".//{*}documentation")
    words = {(each.get("{http://www.w3.org/XML/1998/namespace}lang"), each.text) for each in found}
    assert {("zh", "是否"), ("en", "Yes or no"), ("zh", "是"), ("en", "A bit & of <everything>")} < words
    assert (None, EVERYTHING.source) in words


@each_message
@pytest.mark.parametrize("build", [full, minimal])
def test_examples_are_legal(
    api: spec.Api, direction: str, build: Callable[[spec.Api, str], xml.Element]
) -> None:
    root = build(api, direction)
    before = xml.write(root)
    assert schema.compiled(api, direction)(root)  # as it is, not only normalised
    assert schema.problems(api, direction, root) == ()
    assert schema.explain(api, direction, root) == ()
    assert schema.undeclared(api, direction, root) == ()
    assert xml.write(root) == before


def faults(row: spec.Field) -> Iterator[tuple[str, str]]:
    """(rule, value that breaks it) for each constraint of the row's value."""
    numeric = row.type in ("int", "long", "decimal", "number")
    if numeric:
        yield "type", "1x"
    if row.type in ("int", "long"):
        yield "type", str(2 ** (31 if row.type == "int" else 63))
    if row.type == "boolean":
        yield "type", "maybe"
    if row.doubt:
        return
    if row.format == "alphanumeric":
        yield "format", "汉" * (row.max or 18)
    elif row.format:
        yield "format", "2015-02-29" if row.format == "date" else row.example[:-2] + "61"
        return
    if row.codes:
        yield "codes", "987654321" if numeric else "no such code"
        return
    if row.max:
        yield "length", ("9" if row.format else "长") * (row.max + 1)
    if row.min:
        yield "length", "9" * (row.min - 1)
    if row.digits:
        yield "digits", "1." + "1" * (row.digits[1] + 1)
        yield "digits", "1" * (row.digits[0] + 1)
    if row.least is not None:
        yield "range", str(row.least - 1)
    if row.most is not None:
        yield "range", str(row.most + 1)


def broken_messages(api: spec.Api, direction: str) -> Iterator[tuple[str, str, xml.Element]]:
    """(rule, schematic path, message) for each constraint, broken alone in the full example."""
    base = full(api, direction)
    rows = message_of(api, direction).by_path
    for row in rows.values():
        if row.parent and rows[row.parent].type == "map":
            continue  # open: whatever is printed in extendProps is but one of its keys
        optional = direction == "response" and not row.parent and row.name not in ("flag", "code", "message")
        last = len(xml.find(base, row.parent)[0]) == 1  # without it the group is empty, and so absent
        if row.need == "must" and not optional and not last:
            root = xml.copy(base)
            xml.drop(root, row.path)
            yield "need", row.path, root
        if row.repeated and row.limit:
            root = xml.copy(base)
            xml.repeat(root, row.path, row.limit + 1)
            yield "limit", row.path, root
        for rule, value in faults(row) if row.leaf else ():
            root = xml.copy(base)
            xml.put(root, row.path, value)
            yield rule, row.path, root


@each_message
def test_each_constraint_broken_alone_is_one_problem(api: spec.Api, direction: str) -> None:
    for rule, path, root in broken_messages(api, direction):
        (found,) = schema.problems(api, direction, root)
        assert (found.rule, found.field) == (rule, path)
        assert re.sub(r"\[\d+\]", "", found.path) == path.replace("[]", "")


def one_per_rule(api: spec.Api, direction: str) -> list[xml.Element]:
    return list({rule: root for rule, _, root in broken_messages(api, direction)}.values())


@each_message
def test_xmlschema_agrees_on_what_is_broken(api: spec.Api, direction: str) -> None:
    for root in one_per_rule(api, direction):
        assert schema.explain(api, direction, root)


# --- the JDK --------------------------------------------------------------------------------------


# Without it the JDK counts an emoji as two characters (UTF-16), against XSD and the documents.
CODE_POINTS = "com.sun.org.apache.xerces.internal.impl.dv.xs.useCodePointCountForStringLength"


def verdicts(pairs: list[tuple[Path, Path]]) -> list[bool]:
    """Xerces's verdict on each (schema, message), or xmlschema's where the machine has no `java`."""
    java = shutil.which("java")
    if java is None:
        schemas = {file: xmlschema.XMLSchema10(file) for file in {file for file, _ in pairs}}
        return [schemas[file].is_valid(message) for file, message in pairs]
    lines = "".join(f"{file}\t{message}\n" for file, message in pairs)
    command = [java, f"-D{CODE_POINTS}=true", str(DATA / "Xerces.java")]
    run = subprocess.run(command, input=lines.encode(), capture_output=True)
    assert run.returncode == 0, run.stderr.decode()
    return [line.startswith("valid") for line in run.stdout.decode().splitlines()]


def test_the_jdk_reads_every_schema_and_judges_alike(tmp_path: Path) -> None:
    pairs: list[tuple[Path, Path]] = []
    expected: list[bool] = []
    for api, direction in MESSAGES:
        if api.protocol == "top" and direction == "request":
            continue  # has no schema in a file
        file = tmp_path / f"{api.role}-{api.method}.xsd"
        file.write_text(schema.xsd(api), "utf-8")
        legal = [full(api, direction), minimal(api, direction)]
        if api is EVERYTHING:
            xml.put(legal[0], "code", "😀" * 5)
        for root in [*legal, *one_per_rule(api, direction)]:
            message = tmp_path / f"{len(pairs)}.xml"
            message.write_bytes(xml.write(root))
            pairs.append((file, message))
            expected.append(root in legal)
    assert verdicts(pairs) == expected
    assert len(expected) > 500
