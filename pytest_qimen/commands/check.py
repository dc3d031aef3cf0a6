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
from pytest_qimen.errors import UsageError, closest, unusable
from pytest_qimen.phrases import Phrase, Said, counted, say, text_of
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
    what: Said
    verdict: Said = "ok"  # of a message without faults
    faults: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def check_main(files: list[str], method: str | None, out: TextIO, language: str = "en") -> int:
    """Check files, folders (all their *.xml) and `-` for standard input.

    Returns 0 when everything fits, 1 when a message fails, 2 when a file, folder or method cannot be found or
    a message fits several methods; the worst of them.
    """
    worst = 0
    try:
        later = later_method(method or "")
        apis = [load_api(method)] if method and not later else None
        if not files:
            raise UsageError(say("check-nothing"))
    except UsageError as error:
        print(say("check-error", why=error.said).text(language), file=out)
        return 2
    for name in [one for given in files for one in _inside(given)]:
        try:
            report = _report(name, apis, later, language)
            worst = max(worst, 1 if report.faults else 0)
            _print(report, out, language)
        except UsageError as error:
            worst = 2
            print(say("check-error", why=error.said).text(language), file=out)
    return worst


def _inside(name: str) -> list[str]:
    """Return the messages in a folder; the name itself for anything else."""
    found = sorted(Path(name).rglob("*.xml")) if name != "-" and Path(name).is_dir() else []
    return [str(file) for file in found] or [name]


def _report(name: str, apis: list[Api] | None, later: Phrase | None, language: str) -> Report:
    """Return the report on a file, or standard input; UsageError when there is none.

    Of a method of a `later` edition, named or called so by its file, no field is checked.
    """
    path = Path(name)
    if name == "-":
        name = say("standard-input").text(language)
        return check(name, sys.stdin.buffer.read(LIMIT + 1), apis or load_all(), later, language)
    if path.is_dir():
        raise UsageError(say("folder-no-xml", name=name))
    later = later or (None if apis else of_later_edition(path))
    return check(name, _read(path), apis or by_name(path, load_all()), later, language)


def _read(path: Path) -> bytes:
    """Return the file, or one byte more than is allowed of it; UsageError where that cannot be."""
    if path.exists() and not path.is_file():
        raise UsageError(say("no-ordinary-file", path=str(path)))
    try:
        with path.open("rb") as stream:
            return stream.read(LIMIT + 1)
    except OSError as error:
        raise unusable("", path, error) from None


def check(
    name: str, data: bytes, apis: Iterable[Api], later: Phrase | None = None, language: str = "en"
) -> Report:
    """Judge the bytes of one message whose method is among `apis`; UsageError when it fits several.

    With the sentence about a method of a `later` edition only that it is XML.
    """
    known = list(apis)
    report = Report(name, known[0].name if len(known) == 1 else say("method-unknown"))
    if len(data) > LIMIT:
        report.faults.append([say("check-large", most=LIMIT // 1024**2).text(language)])
        return report
    try:
        root = xml.parse(data)
    except xml.XmlError as error:
        cause = likely_cause(data)
        told = [_spoken(say("likely-cause", cause=cause), language)] if cause else []
        lines = (say("check-no-message", why=error.said), say("check-well-formed"))
        first, last = (line.text(language) for line in lines)
        report.faults.append([first, *told, last])
        return report
    report.notes += [[note.text(language)] for note in _encoding_notes(data, root)]
    if why := _excess(root):
        report.faults.append([say("check-excess", why=why).text(language)])
        return report
    if later:
        report.what, report.verdict = say("method-later"), say("not-checked")
        report.notes.append([_spoken(later, language)])
        return report
    try:
        api, direction = identify(root, known)
    except UsageError as error:
        raise UsageError(say("told", place=name, why=error.said)) from None
    report.what = say("check-what", method=api.name, direction=say(f"way-{direction}"))
    _judge(report, api, direction, root, data, language)
    return report


def _excess(root: xml.Element) -> Phrase | None:
    """Return what the message has too much of; None for nothing. libxml2 takes the square of a list."""
    for number, element in enumerate(root.iter(), 1):
        if number > ELEMENTS:
            return say("check-elements", most=ELEMENTS)
        if len(element) > LIST:
            return say("check-list", most=LIST, place=xml.place(element) or xml.name(root))
    return None


def _encoding_notes(data: bytes, root: xml.Element) -> Iterator[Phrase]:
    if data.startswith(codecs.BOM_UTF8):
        yield say("check-bom")
    encoding = root.getroottree().docinfo.encoding or "UTF-8"
    if encoding.upper() not in ("UTF-8", "ASCII"):
        yield say("check-encoding", encoding=encoding)


def _judge(report: Report, api: Api, direction: str, root: xml.Element, data: bytes, language: str) -> None:
    if api.protocol == "top" and root.tag == "error_response":
        report.notes.append([say("check-gateway").text(language)])
        return
    found = findings(api, direction, root, data)
    explained = len(data) <= EXPLAINED
    reasons = _reasons(api, direction, root) if found and explained else {}
    if found and not explained:
        report.notes.append([say("check-xmlschema", most=EXPLAINED // 1024).text(language)])
    for finding in found:
        block = _block(api, direction, root, finding, reasons, language)
        (report.faults if finding.level.is_judged else report.notes).append(block)
    message = api.request if direction == "request" else api.response
    for path in schema.undeclared(api, direction, root):
        if later := later_element(api, path):
            report.notes.append([f"{path}: {_spoken(later.said(), language)}"])
            continue
        leaf = path.rpartition(".")[2]
        near = closest(leaf, {row.path.rpartition(".")[2] for row in message.fields})
        report.notes.append([say("check-undeclared", path=path, near=near).text(language)])


def _reasons(api: Api, direction: str, root: xml.Element) -> dict[str, list[str]]:
    """Return xmlschema's reasons by path; each is taken out when it is printed, so that none stands twice."""
    found: dict[str, list[str]] = {}
    for line in schema.explain(api, direction, root):
        path, _, reason = line.partition(": ")
        found.setdefault(path, []).append(reason)
    return found


def _block(
    api: Api,
    direction: str,
    root: xml.Element,
    finding: Finding,
    reasons: dict[str, list[str]],
    language: str,
) -> list[str]:
    """Return the lines about a finding: what is wrong, the field, a hint, the clause.

    English output says the first three in Chinese, too: the sender may not read English.
    """
    message = api.request if direction == "request" else api.response
    expected = "request" if direction == "request" else api.root
    row = message.by_path.get(xml.schematic(finding.path)) or message.by_path.get(finding.path)
    row = row or next((one for one in message.fields if _bare(one.path) == _bare(finding.path)), Field(""))
    rule = "rule" if ".rule." in finding.check else finding.check.rpartition(".")[2]
    place = finding.path.rpartition(".")[0] if rule in _STRUCTURE else finding.path
    told = say("expected-got", expected=finding.expected, actual=finding.actual)
    head = f"{finding.level} {rule} {finding.path or expected}:"
    if rule == "root":
        told = say("root-is", actual=xml.name(root), expected=expected)
        head = finding.level
    hint = misplaced(row, rule, place, root)
    named = finding.check.partition(".rule.")[2]
    text = next((one.text for one in api.rules if one.id == named), row.label)
    label = text.zh if language == "zh" else " / ".join(filter(None, (text.zh, text.en)))
    milder = milder_later(api, row.path, rule)
    return [
        f"{head} {told.text(language)}",
        *([told.text("zh")] if language == "en" else []),
        *([label] if label else []),
        *([_spoken(say("likely-cause", cause=hint), language)] if hint else []),
        *([_spoken(milder, language)] if milder else []),
        f"{say('clause').text(language)}: {finding.clause}",
        *(f"xmlschema: {reason}" for reason in reasons.pop(place or expected, [])),
    ]


def _spoken(phrase: Phrase, language: str) -> str:
    return phrase.text("zh") if language == "zh" else both(phrase)


def _bare(path: str) -> str:
    return re.sub(r"\[\d*\]", "", path)


def _print(report: Report, out: TextIO, language: str) -> None:
    count = len(report.faults)
    verdict = counted("count-faults", count) if count else report.verdict
    print(f"{report.name}: {text_of(report.what, language)}: {text_of(verdict, language)}", file=out)
    note = f"{say('note').text(language)}: "
    for word, blocks in (("", report.faults), (note, report.notes)):
        for first, *more in blocks[:SHOWN]:
            print(f"  {word}{first}", *more, sep="\n      ", file=out)
        if len(blocks) > SHOWN:
            print(f"  {word}{say('and-more', number=len(blocks) - SHOWN).text(language)}", file=out)


def add_parser(commands: Subparsers) -> None:
    """Add `qimen check` to the command line."""
    parser = command(commands, "check", run, say("help-check"))
    parser.add_argument("files", nargs="+", metavar="FILE", help=say("help-check-files"))
    parser.add_argument("--method", help=say("help-check-method"))


def run(options: argparse.Namespace) -> int:
    """Check the messages; return the worst exit status of them."""
    return check_main(options.files, options.method, sys.stdout, options.language)
