"""The entries of a history in, history.html out: one offline page without script, its chart inline SVG."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from pytest_qimen.console import plain
from pytest_qimen.phrases import PHRASES, say
from pytest_qimen.report.history import SHOWN, Change, Entry, changes
from pytest_qimen.verdict import Status

CHANGED = 200  # cases that are listed
HIGH, LEFT, WIDE = 220, 56, 22  # of the chart, in pixels: its columns, its axis, a column with its gap
SIGNS = {"conformant": "✓", "non-conformant": "✗", "incomplete": "?"}
CASE_SIGNS = {"pass": "✓", "fail": "✗", "warn": "!"}


def page(entries: Sequence[Entry], language: str = "en") -> str:
    """Return the whole page; every text of a run is escaped."""
    shown = list(entries[-SHOWN:])
    first = len(entries) - len(shown) + 1
    style = (files("pytest_qimen.report") / "assets" / "history.css").read_text("utf-8")
    policy = f"default-src 'none'; style-src 'sha256-{_digest(style)}'; base-uri 'none'; form-action 'none'"
    body = [
        *_chart(shown, first, language),
        *_table(shown, first, language),
        *_changed(shown, first, language),
    ]
    more = _word("history-shown", language, number=len(shown), all=len(entries))
    return "\n".join(
        (
            f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>',
            '<meta charset="utf-8"/>',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>',
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
            f"<title>{_word('history-title', language)}</title>\n<style>{style}</style>",
            "</head>\n<body>\n<main>",
            f"<h1>{_word('history-title', language)} <small>{more}</small></h1>",
            *body,
            "</main>\n</body>\n</html>\n",
        )
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _word(name: str, language: str, **args: int | str) -> str:
    return escape(plain(say(name, **args).text(language)))


def _status(name: str, language: str) -> str:
    """Return the name of a status as it is, not escaped."""
    return say(f"history-{name}").text(language) if f"history-{name}" in PHRASES else name


def _order(entry: Entry) -> list[tuple[str, int]]:
    """Return the counts of a run, the worst status first; a status of a later version comes last."""
    known = [(status.value, entry.counts[status]) for status in Status if entry.counts.get(status)]
    return known + [
        (name, number) for name, number in entry.counts.items() if name not in list(Status) and number
    ]


def _chart(entries: Sequence[Entry], first: int, language: str) -> Iterator[str]:
    most = max((sum(entry.counts.values()) for entry in entries), default=0) or 1
    width = LEFT + WIDE * max(len(entries), 8) + 8
    label = _word("history-chart", language)
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">'
    yield f'<svg width="{width}" height="{HIGH + 56}" role="group" aria-label="{label}">'
    for part in (0, 0.5, 1):
        y = 24 + HIGH * (1 - part)
        yield f'<line class="axis" x1="{LEFT}" x2="{width}" y1="{y:g}" y2="{y:g}"/>'
        yield f'<text class="tick" x="{LEFT - 8}" y="{y + 4:g}">{round(most * part):,}</text>'
    for place, entry in enumerate(entries):
        yield from _column(entry, first + place, LEFT + WIDE * place + 4, most, language)
    yield "</svg></div>"


def _column(entry: Entry, number: int, x: int, most: int, language: str) -> Iterator[str]:
    """Yield a run: its verdict's sign above its counts, one on the other; a link to its row."""
    counts = _order(entry)
    told = ", ".join(f"{_status(name, language)} {count:,}" for name, count in counts)
    verdict = say(entry.verdict).text(language)
    label = _word(
        "history-column", language, number=number, started=entry.started[:16], verdict=verdict, counts=told
    )
    yield f'<a href="#run-{number}" aria-label="{label}"><title>{label}</title>'
    yield f'<text class="sign {entry.verdict}" x="{x + 7}" y="14">{SIGNS[entry.verdict]}</text>'
    base = 24.0 + HIGH
    for name, count in reversed(counts):
        high = HIGH * count / most
        base -= high
        kind = name if name in list(Status) else "other"
        yield f'<rect class="{kind}" x="{x}" y="{base:.2f}" width="14" height="{high:.2f}"/>'
    yield f'<text class="number" x="{x + 7}" y="{HIGH + 42}">{number}</text></a>'


def _table(entries: Sequence[Entry], first: int, language: str) -> Iterator[str]:
    names = [status.value for status in Status if any(entry.counts.get(status) for entry in entries)]
    heads = ["", *(_word(f"history-{name}", language) for name in ("started", "verdict"))]
    heads += [escape(_status(name, language)) for name in names]
    heads += [_word(f"history-{name}", language) for name in ("target", "suite", "methods")]
    yield f'<h2>{_word("history-runs", language)}</h2>\n<div class="scroll" tabindex="0"><table><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for number, entry in reversed(list(enumerate(entries, first))):
        said = _word(entry.verdict, language)
        off = "" if entry.ended else f" ({_word('history-broke-off', language)})"
        began = escape(entry.started[:19].replace("T", " "))
        yield (
            f'<tr id="run-{number}"><th scope="row">{number}</th><td>{began}</td>'
            f'<td class="{entry.verdict}">{SIGNS[entry.verdict]} {said}{off}</td>'
            + "".join(f'<td class="count {name}">{_number(entry, name)}</td>' for name in names)
            + f"<td>{escape(plain(entry.target))}</td><td>{escape(plain(str(entry.suite)))}</td>"
            f'<td class="count">{len(entry.methods)}</td></tr>'
        )
    yield "</tbody></table></div>"


def _number(entry: Entry, status: str) -> str:
    return f"{entry.counts[status]:,}" if entry.counts.get(status) else "·"


def _changed(entries: Sequence[Entry], first: int, language: str) -> Iterator[str]:
    found = changes(entries)
    help_ = _word("history-changed-help", language)
    yield f"<h2>{_word('history-changed', language)} <small>{help_}</small></h2>"
    if not found:
        yield f"<p>{_word('history-none', language)}</p>"
        return
    heads = (_word("history-case", language), "", _word("history-statuses", language))
    yield '<div class="scroll" tabindex="0"><table class="changed"><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    yield from (_change(one, first, language) for one in found[:CHANGED])
    yield "</tbody></table></div>"
    if len(found) > CHANGED:
        yield f"<p>{_word('history-more', language, number=len(found) - CHANGED)}</p>"


def _change(one: Change, first: int, language: str) -> str:
    signs = " ".join(
        f'<a class="{status}" href="#run-{first + run}" title="{first + run}: {_status(status, language)}" '
        f'aria-label="{first + run}: {_status(status, language)}">{CASE_SIGNS[status]}</a>'
        for run, status in zip(one.runs, one.statuses, strict=True)
    )
    mark = f'<b class="flaky">{_word("history-flaky", language)}</b>' if one.is_flaky else ""
    return (
        f'<tr><th scope="row"><code>{escape(plain(one.id))}</code></th><td>{mark}</td><td>{signs}</td></tr>'
    )
