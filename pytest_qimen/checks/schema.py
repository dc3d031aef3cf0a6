"""The fields of an answer against its spec: presence, type, length, codes, rules between them."""

from collections.abc import Iterator

from pytest_qimen import rules, schema, xml
from pytest_qimen.checks.answer import ERROR_ROOT
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.phrases import say
from pytest_qimen.spec import Api, Field, later_element
from pytest_qimen.verdict import Finding, Level

ENVELOPE = frozenset(("flag", "code", "message", "qimen_code"))
MOST = 50  # kinds of undeclared elements that are named
LARGE = 8_000  # bytes: below that no list is longer than what is judged
PLATFORM = ("sub_code", "sub_message")  # the platform's own rule for refusals (field-notes.md)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield the problems of declared fields in a success, and in every answer the broken rules."""
    answer, api, request = evidence.answer, evidence.step.api, evidence.message
    root = answer.root
    if root is None or xml.name(root) == ERROR_ROOT:
        return
    for problem in schema.problems(api, "response", root) if answer.verdict == "success" else ():
        if problem.path in ENVELOPE or problem.rule == "root":
            continue
        row = api.response.by_path.get(problem.field)
        level = Level.SHOULD
        if row is not None and problem.rule == "need":
            level = Level(api.response.demand(row))
        if row is not None and row.doubt:
            level = Level.MAY
        yield Finding(
            f"answer.{problem.rule}",
            level,
            problem.path,
            problem.expected,
            problem.actual,
            f"{api.source} response.{problem.field}",
        )
    if answer.verdict == "success":
        yield from _missing(root, api)
    for broken in rules.broken(api, "response", root, request):
        yield Finding(
            f"answer.rule.{broken.rule.id}",
            Level(broken.rule.level),
            broken.path,
            broken.expected,
            broken.actual,
            api.source,
        )
    if len(evidence.exchange.body) > LARGE and (most := schema.left_out(root)):
        wanted, told = say("so-many-judged", most=most), say("more-elements")
        yield Finding("answer.more", Level.MAY, "", wanted, told, api.source)
    yield from _undeclared(root, api, answer.verdict or "")


def _undeclared(root: xml.Element, api: Api, verdict: str) -> Iterator[Finding]:
    """Yield elements that the document does not have, those of one name at one place as one."""
    found, more = schema.undeclared_kinds(api, "response", root, MOST)
    if found and verdict == "success":
        yield from _misplaced(root, api)
    for path, count in found:
        if path in PLATFORM and verdict == "failure":
            continue
        later = later_element(api, path)
        told = later.said() if later else say("another")
        told = say("and-alike", actual=told, number=count - 1) if count > 1 else told
        yield Finding("answer.undeclared", Level.MAY, path, say("declared"), told, api.source)
    if more:
        told = say("more-names", number=more)
        yield Finding("answer.undeclared", Level.MAY, "", say("declared"), told, api.source)


def _misplaced(root: xml.Element, api: Api) -> Iterator[Finding]:
    """Yield groups that an answer lacks while what they hold stands in their place: a wrapper left out.

    One leaf may be a vendor's own that has the same name; two, or a group of the group, are not.
    """
    for group in api.response.fields:
        within = _held(api, group)
        beside = {row.name for row in api.response.children(group.parent)}
        for parent in xml.find(root, group.parent) if group.parent else [root]:
            names = {xml.name(child) for child in parent.iterchildren("*")}
            found = (names & within.keys()) - beside
            if group.name not in names and (len(found) > 1 or any(not within[name].leaf for name in found)):
                clause = f"{api.source} response.{group.path}"
                wanted, told = say("within", group=group.name), say("without", names=", ".join(sorted(found)))
                yield Finding("answer.misplaced", Level.SHOULD, group.path, wanted, told, clause)
                break


def _held(api: Api, group: Field) -> dict[str, Field]:
    """Return what a group holds, by name, and where that is one list also what each of its elements holds."""
    rows = api.response.children(group.path)
    found = {row.name: row for row in rows}
    return found | _held(api, rows[0]) if len(rows) == 1 and not rows[0].leaf else found


def _missing(root: xml.Element, api: Api) -> Iterator[Finding]:
    """Yield demanded fields that an answer lacks, if it holds anything beside flag, code and message."""
    if ENVELOPE.issuperset(map(xml.name, root.iterchildren("*"))):
        return
    rows = [row for row in api.response.children() if row.name not in ENVELOPE]
    if any(xml.find(root, row.path) for row in rows):
        for row in rows:
            if row.need == "must" and not any(xml.values(root, row.path)):
                clause, level = f"{api.source} response.{row.path}", Level(api.response.demand(row))
                yield Finding(
                    "answer.need", level, row.path, say("element-with-value"), say("nothing"), clause
                )
