"""A message in, the findings of the suite about it out: as about a caller's request, or about an answer."""

from collections.abc import Iterator

from pytest_qimen import rules, schema, xml
from pytest_qimen.cases import Step
from pytest_qimen.checks import envelope
from pytest_qimen.checks import schema as fields
from pytest_qimen.checks.answer import read
from pytest_qimen.checks.callers.message import requirement
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.spec import Api, Field
from pytest_qimen.verdict import Finding, Level

_NOBODY = SignedRequest("POST", "", (), b"", ())


def findings(api: Api, direction: str, root: xml.Element, data: bytes) -> list[Finding]:
    """Return what the suite says about the message, but for elements that nobody declares."""
    found = _request(api, root) if direction == "request" else _answer(api, data)
    return [one for one in found if one.check != "answer.undeclared"]


def _answer(api: Api, data: bytes) -> Iterator[Finding]:
    exchange = Exchange(_NOBODY, 200, (), data, 0.0)
    evidence = Evidence(exchange, Step(api), read(exchange, api), None)
    yield from envelope.check(evidence)
    yield from fields.check(evidence)


def _request(api: Api, root: xml.Element) -> Iterator[Finding]:
    for problem in schema.problems(api, "request", root):
        row = api.request.by_path.get(problem.field, Field(problem.field))
        yield Finding(
            f"message.{problem.rule}",
            requirement(api, row, problem)[1],
            problem.path,
            problem.expected,
            problem.actual,
            f"{row.source or api.source}, request {problem.field}".rstrip(),
        )
    for broken in rules.broken(api, "request", root):
        clause = f"{api.source}, rule {broken.rule.id}"
        level = Level(broken.rule.level)
        name = f"message.rule.{broken.rule.id}"
        yield Finding(name, level, broken.path, broken.expected, broken.actual, clause)
