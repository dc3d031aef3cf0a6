"""Message files in, the verdict of `qimen check` on each out: every fault with its path, words and clause."""

import argparse
import codecs
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pytest_qimen import rules, schema, xml
from pytest_qimen.commands.identify import by_name, identify
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.errors import UsageError, closest
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Api, Field, load_all, load_api

LIMIT = 16 * 1024 * 1024  # bytes of a message; a real one has some kilobytes
EXPLAINED = 128 * 1024  # bytes up to which xmlschema, 50 times slower than lxml, is asked for its reasons
ELEMENTS, LIST = 50_000, 3000  # of a message that is checked at all, and of one list in it
SHOWN = 50  # faults, and notes, that are printed for one file

_STRUCTURE = ("need", "duplicate", "limit")


@dataclass(slots=True)
class Report:
    """What was found in one message: `faults` make it fail, `notes` do not; each is a block of lines."""

    name: str
    what: str = "unknown method"
    faults: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def check_main(files: list[str], method: str | None, out: TextIO) -> int:
    """Check files, folders (all their *.xml) and `-` for standard input.

    Returns 0 when everything fits, 1 when a message fails, 2 when a file, folder or method cannot be found or
    a message fits several methods; the worst of them.
    """
    worst = 0
    try:
        apis = [load_api(method)] if method else None
        if not files:
            raise UsageError("name a message file, a folder, or - for standard input")
    except UsageError as error:
        print(f"error: {error}", file=out)
        return 2
    for name in [one for given in files for one in _inside(given)]:
        try:
            report = _report(name, apis)
            worst = max(worst, 1 if report.faults else 0)
            _print(report, out)
        except (UsageError, OSError) as error:
            worst = 2
            print(f"error: {error}", file=out)
    return worst


def _inside(name: str) -> list[str]:
    """Return the messages in a folder; the name itself for anything else."""
    found = sorted(Path(name).rglob("*.xml")) if name != "-" and Path(name).is_dir() else []
    return [str(file) for file in found] or [name]


def _report(name: str, apis: list[Api] | None) -> Report:
    """Return the report on a file, or standard input; UsageError or OSError when there is none."""
    path = Path(name)
    if name == "-":
        return check("standard input", sys.stdin.buffer.read(LIMIT + 1), apis or load_all())
    if path.is_dir():
        raise UsageError(f"{name}: no *.xml file in this folder")
    return check(name, _read(path), apis or by_name(path, load_all()))


def _read(path: Path) -> bytes:
    """Return the file, or one byte more than is allowed of it; UsageError for a pipe or a device."""
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: skipped: is no ordinary file; `-` reads standard input")
    with path.open("rb") as stream:
        return stream.read(LIMIT + 1)


def check(name: str, data: bytes, apis: Iterable[Api]) -> Report:
    """Judge the bytes of one message whose method is among `apis`; UsageError when it fits several."""
    report = Report(name)
    if len(data) > LIMIT:
        report.faults.append([f"too large: more than {LIMIT // 1024**2} MB, no Qimen message is"])
        return report
    try:
        root = xml.parse(data)
    except xml.XmlError as error:
        report.faults.append([f"no message: {error}", "a message is well-formed XML without a DOCTYPE"])
        return report
    report.notes += [[note] for note in _encoding_notes(data, root)]
    if why := _excess(root):
        report.faults.append([f"too large: {why}, no Qimen message is; fields and rules were not checked"])
        return report
    try:
        api, direction = identify(root, list(apis))
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
    report.what = f"{api.name} {direction}"
    _judge(report, api, direction, root, len(data) <= EXPLAINED)
    return report


def _excess(root: xml.Element) -> str:
    """Return what the message has too much of; empty for nothing. libxml2 takes the square of a list."""
    for number, element in enumerate(root.iter(), 1):
        if number > ELEMENTS:
            return f"more than {ELEMENTS} elements"
        if len(element) > LIST:
            return f"more than {LIST} elements in {xml.place(element) or xml.name(root)}"
    return ""


def _encoding_notes(data: bytes, root: xml.Element) -> Iterator[str]:
    if data.startswith(codecs.BOM_UTF8):
        yield "starts with a byte order mark: legal XML, but the official client cannot read it"
    encoding = root.getroottree().docinfo.encoding or "UTF-8"
    if encoding.upper() not in ("UTF-8", "ASCII"):
        yield f"is encoded in {encoding}: Qimen messages are UTF-8"


def _judge(report: Report, api: Api, direction: str, root: xml.Element, explained: bool) -> None:
    if api.protocol == "top" and root.tag == "error_response":
        report.notes.append(["is the gateway's error answer: the documents print no table for it"])
        return
    found = schema.problems(api, direction, root)
    reasons = _reasons(api, direction, root) if found and explained else {}
    if found and not explained:
        report.notes.append([f"xmlschema was not asked for its words: more than {EXPLAINED // 1024} KB"])
    report.faults += [_problem(api, direction, problem, reasons) for problem in found]
    for broken in rules.broken(api, direction, root):
        block = [
            f"rule {broken.path}: expected {broken.expected}, got {broken.actual}",
            f"{broken.rule.text.zh} / {broken.rule.text.en}",
            f"clause: {api.source}, rule {broken.rule.id} ({broken.rule.level})",
        ]
        (report.notes if broken.rule.level == "may" else report.faults).append(block)
    message = api.request if direction == "request" else api.response
    for path in schema.undeclared(api, direction, root):
        leaf = path.rpartition(".")[2]
        near = closest(leaf, {row.path.rpartition(".")[2] for row in message.fields})
        report.notes.append([f"{path}: the documents have no such element here{near}"])


def _reasons(api: Api, direction: str, root: xml.Element) -> dict[str, list[str]]:
    """Return xmlschema's reasons by path; each is taken out when it is printed, so that none stands twice."""
    found: dict[str, list[str]] = {}
    for line in schema.explain(api, direction, root):
        path, _, reason = line.partition(": ")
        found.setdefault(path, []).append(reason)
    return found


def _problem(api: Api, direction: str, problem: Problem, reasons: dict[str, list[str]]) -> list[str]:
    message = api.request if direction == "request" else api.response
    row = message.by_path.get(problem.field, Field(problem.field))
    label = " / ".join(filter(None, (row.label.zh, row.label.en)))
    root = "request" if direction == "request" else api.root
    path = problem.path.rpartition(".")[0] if problem.rule in _STRUCTURE else problem.path
    return [
        f"{problem.rule} {problem.text}",
        *([label] if label else []),
        f"clause: {row.source or api.source}, {direction} {problem.field}".rstrip(),
        *(f"xmlschema: {reason}" for reason in reasons.pop(path or root, [])),
    ]


def _print(report: Report, out: TextIO) -> None:
    count = len(report.faults)
    verdict = f"{count} {'fault' if count == 1 else 'faults'}" if count else "ok"
    print(f"{report.name}: {report.what}: {verdict}", file=out)
    for word, blocks in (("", report.faults), ("note: ", report.notes)):
        for first, *more in blocks[:SHOWN]:
            print(f"  {word}{first}", *more, sep="\n      ", file=out)
        if len(blocks) > SHOWN:
            print(f"  {word}… and {len(blocks) - SHOWN} more", file=out)


def add_parser(commands: Subparsers) -> None:
    """Add `qimen check` to the command line."""
    parser = command(commands, "check", run, "validate messages against their method and its rules")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a message, a folder, or -")
    parser.add_argument("--method", help="the method, where the file's name does not say it")


def run(options: argparse.Namespace) -> int:
    """Check the messages; return the worst exit status of them."""
    return check_main(options.files, options.method, sys.stdout)
