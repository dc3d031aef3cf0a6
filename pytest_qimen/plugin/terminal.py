"""A Run that is over in, what the terminal says of it out, in lines of 80 columns."""

from collections.abc import Iterator

from pytest_qimen.plugin.run import Run, matching_ids
from pytest_qimen.report.summary import folded, lines
from pytest_qimen.report.words import count, say, word


def ending(run: Run, finished: bool) -> Iterator[str]:
    """The summary, what an earlier run forgives, what was left behind, and where the report lies."""
    settings = run.settings
    language = settings.language
    if run.events:
        yield from lines(run.events, settings.level, finished, language)
    if settings.gate and run.events:
        for line in settings.gate.lines(run.head, run.events, finished, language):
            yield from folded(line)
    for glob in _useless(run):
        yield from folded(f"{word('note', language)}: [[known]] {glob!r} {word('covers no case', language)}")
    if run.hunt:
        for line in run.hunt.lines():
            yield from folded(f"{word('fuzz', language)}: {say(line, language)}")
    if run.left:
        yield f"{word('left behind', language)}: {count(len(run.left), 'left', language)}"
    for path in filter(None, (settings.report, settings.har)):
        yield f"{word('report', language)}: {path}"
    if settings.mask_personal and settings.report:
        yield word("private: events.jsonl and found/ keep personal data, for replays", language)


def _useless(run: Run) -> Iterator[str]:
    """Known failures that speak of no case at all, whatever of the suite ran."""
    ran = {event["id"] for event in run.events}
    for waiver in run.settings.target.waivers:
        covered = any(waiver.covers(identity) for identity in (*ran, *run.own))
        if not covered and not any(True for _ in matching_ids(waiver)):
            yield waiver.id
