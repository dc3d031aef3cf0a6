"""Message files in, the verdict of `qimen check` on each out: every fault with its path, words and clause."""

import argparse
import codecs
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pytest_qimen import schema, xml
from pytest_qimen.commands.identify import by_name, identify, of_later_edition
from pytest_qimen.commands.likely import both, likely_cause, misplaced
from pytest_qimen.commands.messages import findings
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.errors import UsageError, closest
from pytest_qimen.phrases import LANGUAGES, Phrase, say, text_of
from pytest_qimen.spec import Api, Field, later_element, later_method, load_all, load_api, milder_later
from pytest_qimen.verdict import Finding

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
    verdict: str = "ok"  # of a message without faults
    faults: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def check_main(files: list[str], method: str | None, out: TextIO) -> int:
    """Check files, folders (all their *.xml) and `-` for standard input.

    Returns 0 when everything fits, 1 when a message fails, 2 when a file, folder or method cannot be found or
    a message fits several methods; the worst of them.
    """
    worst = 0
    try:
        later = later_method(method or "")
        apis = [load_api(method)] if method and not later else None
        if not files:
            raise UsageError("name a message file, a folder, or - for standard input")
    except UsageError as error:
        print(f"error: {error}", file=out)
        return 2
    for name in [one for given in files for one in _inside(given)]:
        try:
            report = _report(name, apis, later)
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


def _report(name: str, apis: list[Api] | None, later: Phrase | None) -> Report:
    """Return the report on a file, or standard input; UsageError or OSError when there is none.

    Of a method of a `later` edition, named or called so by its file, no field is checked.
    """
    path = Path(name)
    if name == "-":
        return check("standard input", sys.stdin.buffer.read(LIMIT + 1), apis or load_all(), later)
    if path.is_dir():
        raise UsageError(f"{name}: no *.xml file in this folder")
    later = later or (None if apis else of_later_edition(path))
    return check(name, _read(path), apis or by_name(path, load_all()), later)


def _read(path: Path) -> bytes:
    """Return the file, or one byte more than is allowed of it; UsageError for a pipe or a device."""
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: skipped: is no ordinary file; `-` reads standard input")
    with path.open("rb") as stream:
        return stream.read(LIMIT + 1)


def check(name: str, data: bytes, apis: Iterable[Api], later: Phrase | None = None) -> Report:
    """Judge the bytes of one message whose method is among `apis`; UsageError when it fits several.

    With the sentence about a method of a `later` edition only that it is XML.
    """
    known = list(apis)
    report = Report(name, known[0].name if len(known) == 1 else "unknown method")
    if len(data) > LIMIT:
        report.faults.append([f"too large: more than {LIMIT // 1024**2} MB, no Qimen message is"])
        return report
    try:
        root = xml.parse(data)
    except xml.XmlError as error:
        cause = likely_cause(data)
        told = [both(say("likely-cause", cause=cause))] if cause else []
        why = "a message is well-formed XML without a DOCTYPE"
        report.faults.append([f"must: no message: {error}", *told, why])
        return report
    report.notes += [[note] for note in _encoding_notes(data, root)]
    if why := _excess(root):
        report.faults.append([f"too large: {why}, no Qimen message is; fields and rules were not checked"])
        return report
    if later:
        report.what, report.verdict = "method of a later edition", "not checked"
        report.notes.append([both(later)])
        return report
    try:
        api, direction = identify(root, known)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
    report.what = f"{api.name} {direction}"
    _judge(report, api, direction, root, data)
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


def _judge(report: Report, api: Api, direction: str, root: xml.Element, data: bytes) -> None:
    if api.protocol == "top" and root.tag == "error_response":
        report.notes.append(["is the gateway's error answer: the documents print no table for it"])
        return
    found = findings(api, direction, root, data)
    explained = len(data) <= EXPLAINED
    reasons = _reasons(api, direction, root) if found and explained else {}
    if found and not explained:
        report.notes.append([f"xmlschema was not asked for its words: more than {EXPLAINED // 1024} KB"])
    for finding in found:
        block = _block(api, direction, root, finding, reasons)
        (report.faults if finding.level.is_judged else report.notes).append(block)
    message = api.request if direction == "request" else api.response
    for path in schema.undeclared(api, direction, root):
        if later := later_element(api, path):
            report.notes.append([f"{path}: {both(later.said())}"])
            continue
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


def _block(
    api: Api, direction: str, root: xml.Element, finding: Finding, reasons: dict[str, list[str]]
) -> list[str]:
    """Return the lines about a finding: what is wrong in both languages, the field, a hint, the clause."""
    message = api.request if direction == "request" else api.response
    expected = "request" if direction == "request" else api.root
    row = message.by_path.get(xml.schematic(finding.path)) or message.by_path.get(finding.path)
    row = row or next((one for one in message.fields if _bare(one.path) == _bare(finding.path)), Field(""))
    rule = "rule" if ".rule." in finding.check else finding.check.rpartition(".")[2]
    place = finding.path.rpartition(".")[0] if rule in _STRUCTURE else finding.path
    said = {name: (text_of(finding.expected, name), text_of(finding.actual, name)) for name in LANGUAGES}
    if rule == "root":
        told = say("root-is", actual=xml.name(root), expected=expected)
        first, second = f"{finding.level} {told}", told.text("zh")
    else:
        wanted, got = said["en"]
        first = f"{finding.level} {rule} {finding.path or expected}: expected {wanted}, got {got}"
        second = "应为 {}，实际为 {}".format(*said["zh"])
    hint = misplaced(row, rule, place, root)
    named = finding.check.partition(".rule.")[2]
    text = next((one.text for one in api.rules if one.id == named), row.label)
    milder = milder_later(api, row.path, rule)
    label = " / ".join(filter(None, (text.zh, text.en)))
    return [
        first,
        second,
        *([label] if label else []),
        *([both(say("likely-cause", cause=hint))] if hint else []),
        *([both(milder)] if milder else []),
        f"clause: {finding.clause}",
        *(f"xmlschema: {reason}" for reason in reasons.pop(place or expected, [])),
    ]


def _bare(path: str) -> str:
    return re.sub(r"\[\d*\]", "", path)


def _print(report: Report, out: TextIO) -> None:
    count = len(report.faults)
    verdict = f"{count} {'fault' if count == 1 else 'faults'}" if count else report.verdict
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
