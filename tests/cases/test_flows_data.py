"""cases/flows covers every method, names its clauses, leans on nothing made up, and is green on the endpoint.

Also held to their word here: cases/README.md names every key, kind, operation and tamper, and the cases that
method files write themselves.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import Case, Step, bundled_cases, bundled_files
from pytest_qimen.cases.model import BASES, CHECKS, EXPECTATIONS
from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.client import tampers
from pytest_qimen.client.transport import Transport
from pytest_qimen.messages import edits
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Level, Status
from pytest_qimen.xml import schematic

FILES = [path for path in bundled_files() if path.parent.name == "flows"]
PARAMETERS = "sign_method|app_key|customerId"
PROTOCOL = [path for path in bundled_files() if path.parent.name == "protocol"]
FLOWS = [case for path in FILES for case in bundled_cases(path)]
WRITTEN = [case for path in spec.methods().values() for case in bundled_cases(path) if case.family == "case"]
FAMILIES = {"flow", "idempotency", "paging", "batch", "limit", "roundtrip"}
README = (spec.data_dir("cases") / "README.md").read_text("utf-8")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAME = re.compile(r"@(?!@|new|number|now$|today$)([A-Za-z][A-Za-z0-9]*)(?:\+.*)?", re.DOTALL)
GREEN = frozenset({Status.PASS, Status.INFO})

each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id.removeprefix("flows/"))


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with serve() as url:
        transport = Transport(read_timeout=10)
        yield Session(embedded_target(Target(url="", app_key="", secret=""), url), transport)
        transport.close()


def test_every_method_is_in_a_flow() -> None:
    covered = {api.name for flow in FLOWS for api in flow.apis}
    assert set(spec.methods()) - covered == set()
    assert len(FLOWS) >= 70


def test_ids_and_titles_are_unique() -> None:
    for part in (
        [flow.id for flow in FLOWS],
        [flow.title.zh for flow in FLOWS],
        [flow.title.en for flow in FLOWS],
    ):
        assert [text for text, times in Counter(part).items() if times > 1] == []


def test_ids_are_written_as_the_readme_says() -> None:
    methods = "|".join(re.escape(name.partition("/")[2]) for name in spec.methods())
    word = "[a-z0-9]+"
    forms = {
        "flow": rf"flows/[a-z-]+/({methods}|{word})(-({methods}|{word}))*",
        "case": rf"[a-z]+/[^/]+/case/{word}(-{word})*",
        "protocol": rf"protocol/[a-z-]+/[a-z-]+/({PARAMETERS}|{word})(-({PARAMETERS}|{word}))*",
    }
    written = [("flow", flow.id) for flow in FLOWS] + [("case", case.id) for case in WRITTEN]
    written += [("protocol", case.id) for path in PROTOCOL for case in bundled_cases(path)]
    assert [name for kind, name in written if not re.fullmatch(forms[kind], name)] == []


def test_titles_are_in_their_languages() -> None:
    titles = {case.id: case.title for case in (*FLOWS, *WRITTEN)}
    assert [name for name, title in titles.items() if not CHINESE.search(title.zh)] == []
    assert [name for name, title in titles.items() if not title.en or CHINESE.search(title.en)] == []


def test_clauses_name_a_document() -> None:
    assert [flow.id for flow in FLOWS if not re.match(r"00[0-4] \S", flow.clause)] == []


def test_families_are_known() -> None:
    assert {flow.family for flow in FLOWS} == FAMILIES


def test_requirements_are_known_and_no_flow_is_stricter() -> None:
    known = load_requirements()
    strength = [Level.MAY, Level.SHOULD, Level.MUST]
    for case in (*FLOWS, *WRITTEN):
        assert case.requirements, case.id
        assert set(case.requirements) - known.keys() == set(), case.id
        strictest = max(strength.index(known[name].level) for name in case.requirements)
        assert strength.index(case.level) <= strictest, case.id


def texts(step: Step) -> Iterator[str]:
    """Every text of a step that may be a value expression."""
    yield from (one.value for one in step.changes if one.op == "put")
    for check in step.checks:
        values = check.value if isinstance(check.value, list) else [check.value]
        yield from (text for text in (*values, *check.where.values()) if isinstance(text, str))


def names(text: str) -> list[str]:
    """The name that a value expression speaks of, if any."""
    found = NAME.fullmatch(text)
    return [found[1]] if found else []


def unmade(flow: Case) -> Iterator[str]:
    """The names that the flow uses before it makes them, and those that cannot be names."""
    known: set[str] = set()
    for name, text in flow.let.items():
        yield from (one for one in names(text) if one not in known)
        if re.match(r"new|number|now$|today$", name):
            yield name
        known.add(name)
    for step in (*flow.steps, *flow.cleanup):
        here = known | ({"each"} if step.each in known else {step.each})
        changed = {name for one in step.changes if one.op == "put" for name in names(one.value)}
        yield from changed - here
        known |= set(step.save)
        yield from {name for text in texts(step) for name in names(text)} - known - here


def test_every_name_is_made_before_it_is_used() -> None:
    assert {flow.id: found for flow in FLOWS if (found := sorted(unmade(flow)))} == {}


def test_a_step_that_names_its_document_says_its_id() -> None:
    """Or drops it: the setup's message would give the id of another document beside the code of this one.

    A step that may be refused, and then ends the flow, is there to leave the id out.
    """
    for flow in FLOWS:
        for step in (one for one in (*flow.steps, *flow.cleanup) if not one.stop):
            own = {schematic(one.path) for one in step.changes if one.op in ("put", "drop")}
            for setup in step.api.setup if step.api.role == "wms" else ():
                wanted = {path for path in setup["give"] if path.endswith(("Code", "Id"))}
                assert not own & wanted or wanted <= own, (flow.id, step.api.method, sorted(wanted - own))


def test_the_other_side_is_asked_first() -> None:
    """What speaks of a document of the receiver's own may be refused: the first such step only prepares."""
    hasty = []
    for flow in FLOWS:
        seen = set()
        for step in flow.steps:
            first = step.api.role == "erp" and step.api.name not in seen
            if first and not step.given and step.expect != "any":
                hasty.append((flow.id, step.api.method))
            seen.add(step.api.name)
    assert hasty == []


def test_cleanup_judges_nothing() -> None:
    steps = [(flow.id, step) for flow in FLOWS for step in flow.cleanup]
    assert [name for name, step in steps if step.expect != "any" or step.checks or step.given] == []


def test_a_flow_expects_something() -> None:
    """A must or should that every answer would meet is no test, unless it is about the answer itself."""
    answered = {"replay.is-answered", "confirm.is-answered", "replay.order-number", "process.create-is-done"}
    idle = [
        flow.id
        for flow in FLOWS
        if flow.level is not Level.MAY
        and not any(step.checks or (step.expect != "any" and not step.given) for step in flow.steps)
        and not answered & set(flow.requirements)
    ]
    assert idle == []


@each_flow
def test_the_endpoint_passes(flow: Case, session: Session) -> None:
    outcome = session.outcome(flow)
    assert outcome.status in GREEN, (outcome.status, outcome.cause, outcome.findings)


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: case.id)
def test_the_endpoint_passes_what_method_files_write(case: Case, session: Session) -> None:
    outcome = session.outcome(case)
    assert outcome.status in GREEN, (outcome.status, outcome.cause, outcome.findings)


WORDS: Mapping[str, tuple[str, ...]] = {
    "row": tuple(one.name for one in fields(spec.Field)),
    "type": spec.TYPES,
    "format": spec.FORMATS,
    "need": spec.NEEDS,
    "rule": spec.RULES,
    "base": BASES,
    "expect": EXPECTATIONS,
    "check": CHECKS,
    "change": tuple(edits.OPERATIONS),
    "tamper": (*tampers.BEFORE, *tampers.AFTER),
    "step": ("given", "repeat", "save", "times", "each", "parallel", "again", "abandon", "stop", "message"),
    "role": spec.ROLES,
    "family": tuple(sorted(FAMILIES)),
}


@pytest.mark.parametrize("kind", WORDS)
def test_the_readme_names_every(kind: str) -> None:
    words = set(re.findall(r"[\w-]+", README))
    assert [word for word in WORDS[kind] if word not in words] == []
