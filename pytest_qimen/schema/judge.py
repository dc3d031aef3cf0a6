"""A message and its Api in, Problems out: lxml decides, xmlschema explains."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, cast

from lxml import etree

from pytest_qimen import xml
from pytest_qimen.phrases import Said, say
from pytest_qimen.schema import tree
from pytest_qimen.schema.shape import Part, message_of, root_name, shape
from pytest_qimen.schema.text import schema_text, xsd
from pytest_qimen.schema.words import actual_words, expected_words
from pytest_qimen.spec import Api, Field

if TYPE_CHECKING:
    from xmlschema import XMLSchema

ProblemRule = Literal[
    "need", "length", "type", "digits", "format", "codes", "limit", "range", "duplicate", "root"
]
_ROOT = Field("")
_FEW = 4  # elements whose places are sooner found one by one than all places of the message


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a message.

    `path` is concrete, written as `xml.place` does (`orderLines.orderLine[2].itemCode`, empty for the root);
    `field` is the row's path as in the spec, empty where it has no row. `text` is the whole sentence.
    """

    path: str
    field: str
    rule: ProblemRule
    expected: Said
    actual: Said
    text: str


class _Judge:
    """What is prepared once for every message of one Api and direction."""

    def __init__(self, api: Api, direction: str) -> None:
        self.api = api  # kept, so that its id stays its own
        self.rows = message_of(api, direction).by_path
        self.root = root_name(api, direction)
        self.answers = direction == "response"
        self.group = shape(api, direction)
        self.lock = Lock()
        internal = api.protocol == "top" and direction == "request"
        self.text = (schema_text(api, ("request",)) if internal else xsd(api)).encode()

    @cached_property
    def lxml(self) -> etree.XMLSchema:
        return etree.XMLSchema(xml.parse(self.text))

    @cached_property
    def xmlschema(self) -> "XMLSchema":
        from xmlschema import XMLSchema  # slow to import, and only a failing message needs it

        return XMLSchema(self.text)

    def errors(self, root: xml.Element) -> list[etree._LogEntry]:
        """Return libxml2's errors, of long lists those of the first elements; `root` is cut to these.

        The log belongs to the schema, hence the lock.
        """
        tree.trim(root)
        with self.lock:
            return [] if self.lxml(root) else list(self.lxml.error_log)

    def name(self, root: xml.Element) -> str:
        """Return the name of the root: that of an answer may be in a namespace, design.md 6.4."""
        return xml.name(root) if self.answers else str(root.tag)

    def normalise(self, copy: xml.Element) -> xml.Element:
        return tree.normalise(copy, self.root, self.group)


_JUDGES: dict[tuple[int, str], _Judge] = {}


def _judge(api: Api, direction: str) -> _Judge:
    """Return what is prepared for a method, kept by identity: an Api cannot be hashed."""
    key = id(api), direction
    return _JUDGES.get(key) or _JUDGES.setdefault(key, _Judge(api, direction))


def compiled(api: Api, direction: str) -> etree.XMLSchema:
    """Return lxml's schema of the method, compiled once; threads may share its verdict, not its error_log."""
    return _judge(api, direction).lxml


def problems(api: Api, direction: str, root: xml.Element) -> tuple[Problem, ...]:
    """Return every fault of the message in document order of discovery: structure first, then values.

    One Problem per fault; every missing field is named. The message itself is not changed. Safe in threads.
    """
    judge = _judge(api, direction)
    if judge.name(root) == judge.root and not judge.errors(judge.normalise(xml.copy(root))):
        return ()
    return tuple(_Faults(judge, root).found())


def left_out(root: xml.Element) -> int:
    """Return how many elements of a list are judged where the message has a longer one, else 0."""
    return tree.MOST if tree.is_trimmed(root) else 0


def undeclared(api: Api, direction: str, root: xml.Element) -> tuple[str, ...]:
    """Return the concrete paths of elements that the documents do not print for this message (design.md 3).

    remark and extendProps below non-leaves are declared (6.6), and whatever extendProps holds.
    """
    return tuple(tree.places_of(element for _, element in tree.foreign(root, _judge(api, direction).group)))


def undeclared_kinds(
    api: Api, direction: str, root: xml.Element, most: int
) -> tuple[list[tuple[str, int]], int]:
    """Return the path of the first undeclared element of each kind with their number, `most` kinds at most.

    The other value is how many kinds there are beyond that.
    """
    kinds, more = tree.foreign_kinds(root, _judge(api, direction).group, most)
    paths = tree.places_of(element for element, _ in kinds)
    return [*zip(paths, (count for _, count in kinds), strict=True)], more


def explain(api: Api, direction: str, root: xml.Element) -> tuple[str, ...]:
    """Return xmlschema's `path: reason` for each error; the path of the root is its name."""
    judge = _judge(api, direction)
    copy = xml.copy(root)
    original, place = dict(zip(copy.iter(), root.iter(), strict=True)), tree.places(root)
    judge.normalise(copy)
    with judge.lock:
        errors: list[Any] = list(judge.xmlschema.iter_errors(cast(Any, copy)))  # its stubs know no lxml
    return tuple(f"{place[original[error.elem]] or judge.root}: {error.reason}" for error in errors)


class _Faults:
    """The slow way, taken by a message that is known to be wrong."""

    def __init__(self, judge: _Judge, root: xml.Element) -> None:
        self.judge, self.root = judge, root
        self.copy = xml.copy(root)
        self.original = dict(zip(self.copy.iter(), root.iter(), strict=True))
        self.place = tree.places(root)
        judge.normalise(self.copy)
        self.problems: list[Problem] = []

    def found(self) -> list[Problem]:
        if self.judge.name(self.root) != self.judge.root:
            self.add("root", _ROOT, "", self.judge.root, self.judge.name(self.root))
            if not len(self.copy):
                return self.problems
        tree.mend(self.copy, self.judge.group, self.structure)
        errors = self.judge.errors(self.copy)
        for element, row, codes in self.values(errors):
            for rule in _rules(row, codes, element):
                self.add(
                    rule,
                    row,
                    self.place[self.original[element]],
                    expected_words(rule, row),
                    actual_words(rule, row, element),
                )
        if not self.problems and errors:  # the verdict is lxml's, even where we cannot say it better
            self.add("type", _ROOT, "", say("fits-schema"), errors[0].message)
        return self.problems

    def structure(self, rule: str, part: Part, where: xml.Element, count: int) -> None:
        place = self.place[self.original[where]]
        path = tree.join(place, part.row.name) if rule == "need" else place
        actual: Said = str(count) if count else say("nothing")
        self.add(rule, part.row, path, expected_words(rule, part.row), actual)  # type: ignore[arg-type]

    def values(self, errors: list[etree._LogEntry]) -> Iterator[tuple[xml.Element, Field, list[str]]]:
        """Yield each faulty element with its row and the names of what libxml2 found broken."""
        broken: dict[str, list[str]] = {}
        for error in errors:
            broken.setdefault(error.path or "", []).append(error.type_name)
        at = self.elements(broken)
        for path, codes in broken.items():
            for element in at.get(path, ()):
                if element in self.original:  # not a stand-in
                    yield element, self.row(element), codes

    def elements(self, paths: Mapping[str, object]) -> Mapping[str, list[xml.Element]]:
        """Return the elements of the copy at libxml2's paths: a few are looked up, many found in one walk."""
        if len(paths) <= _FEW:
            return {path: self.copy.xpath(path) for path in paths if path}
        start = f"/{self.judge.root}"
        return {
            f"{start}/{place.replace('.', '/')}" if place else start: [element]
            for element, place in tree.places(self.copy).items()
        }

    def row(self, element: xml.Element) -> Field:
        names = [step.tag for step in (element, *element.iterancestors())][-2::-1]
        group, row = self.judge.group, _ROOT
        for name in names:
            part = group.parts[name]
            row, group = part.row, part.group or group
        return row

    def add(self, rule: ProblemRule, row: Field, path: str, expected: Said, actual: Said) -> None:
        field = row.path if row.path in self.judge.rows else ""
        text = f"{path or self.judge.root}: expected {expected}, got {actual}"
        self.problems.append(Problem(path, field, rule, expected, actual, text))


_FACETS: dict[str, ProblemRule] = {
    "MINLENGTH": "length",
    "MAXLENGTH": "length",
    "TOTALDIGITS": "digits",
    "FRACTIONDIGITS": "digits",
    "MININCLUSIVE": "range",
    "MAXINCLUSIVE": "range",
    "ENUMERATION": "codes",
}


def _rules(row: Field, type_names: list[str], element: xml.Element) -> list[ProblemRule]:
    """Return the rules that libxml2's errors about an element break; `type` where no facet says more."""
    found: list[ProblemRule] = []
    for name in type_names:
        facet = name.removeprefix("SCHEMAV_CVC_").removesuffix("_VALID")
        rule = _pattern_rule(row, element) if facet == "PATTERN" else _FACETS.get(facet)
        if rule and rule not in found:
            found.append(rule)
    structural = not row.leaf and not any(name.startswith("SCHEMAV_CVC_COMPLEX") for name in type_names)
    return found or ([] if structural else ["type"])


def _pattern_rule(row: Field, element: xml.Element) -> ProblemRule:
    if row.format:
        return "format"
    if row.limit and row.separator and xml.text(element).count(row.separator) >= row.limit:
        return "limit"
    return "codes" if row.codes else "type"
