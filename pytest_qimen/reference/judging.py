"""Whether a message is refused as a whole, or which lines of a batch fail alone."""

from collections.abc import Iterator

from pytest_qimen import rules, schema, xml
from pytest_qimen.reference.database import Refused
from pytest_qimen.reference.methods.registry import BATCHES
from pytest_qimen.reference.request import Request
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Api

_LARGE = 100_000  # bytes: smaller bodies need not be counted
_MOST = 10_000  # children of one element: libxml2 counts them anew for every error below it


def check(request: Request, root: xml.Element) -> list[tuple[str, str]]:
    """Refuse a broken message; of a batch take the broken lines out and return their keys and reasons."""
    assert request.method is not None
    api = request.method.api
    if len(request.incoming.body) > _LARGE and any(len(parent) > _MOST for parent in root.iter("*")):
        raise Refused(f"more than {_MOST} elements of one parent", "too-many", "isv.invalid-parameter")
    problems = list(schema.problems(api, "request", root)) + _broken(request.method.judged, root)
    for hook in request.hooks.problems:
        problems = hook(request, problems)
    if not problems:
        return []
    failed: list[tuple[str, str]] = []
    if api.method in BATCHES:
        failed, problems = _bad_lines(root, *BATCHES[api.method], problems)
    if problems:
        raise Refused(problems[0].text, problems[0].rule, "isv.invalid-parameter", problems[0].path)
    return failed


def _broken(api: Api, root: xml.Element) -> list[Problem]:
    """Return the rules that the message breaks, told as the schema tells its own."""
    return [
        Problem(
            one.path,
            "",
            "need",
            one.expected,
            one.actual,
            f"{one.path}: expected {one.expected}, got {one.actual}",
        )
        for one in rules.broken(api, "request", root)
    ]


def _bad_lines(
    root: xml.Element, lines: str, key: str, problems: list[Problem]
) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Take the lines that fail alone out of the message.

    Returns the key and the first reason of each, and the problems that remain: they concern no single line,
    or one without a key. Takes time in proportion to lines and problems, for a batch may have thousands of
    each.
    """
    depth = lines.count(".") + 1
    of_line: dict[str, list[Problem]] = {}
    for problem in problems:
        of_line.setdefault(_head(problem.path, depth), []).append(problem)
    failed: list[tuple[str, str]] = []
    taken: set[str] = set()
    for place, line in list(_placed(root, lines)):
        own, name = of_line.get(place), xml.get(line, key)
        if own and name:
            failed.append((name, own[0].text))
            taken.add(place)
            parent = line.getparent()
            assert parent is not None
            parent.remove(line)
    return failed, [problem for problem in problems if _head(problem.path, depth) not in taken]


def _head(path: str, depth: int) -> str:
    """Return the first steps of a path."""
    return ".".join(path.split(".", depth)[:depth])


def _placed(root: xml.Element, path: str) -> Iterator[tuple[str, xml.Element]]:
    """Yield every element at `path` with its place as `xml.place` writes it, counting siblings only once."""
    found = [("", root)]
    for tag, number in xml.steps(path):
        below = []
        for before, parent in found:
            same = xml.find(parent, f"{tag}[]")
            for count, child in enumerate(same, 1):
                if number in (None, count):
                    below.append((f"{before}{tag}[{count}]." if len(same) > 1 else f"{before}{tag}.", child))
        found = below
    return ((place[:-1], element) for place, element in found)
