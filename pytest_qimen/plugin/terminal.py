"""A Run that is over in, what the terminal says of it out, in lines of 80 columns."""

import shlex
from collections.abc import Iterator

from pytest_qimen.phrases import counted, say
from pytest_qimen.plugin.run import Run
from pytest_qimen.report.notes import notes
from pytest_qimen.report.summary import folded, lines


def ending(run: Run, finished: bool) -> Iterator[str]:
    """Yield the summary, what an earlier run forgives, what was left behind, and where the report lies."""
    settings = run.settings
    language = settings.language
    if run.cases:
        yield from lines(run.cases, settings.level, finished, language, run.head.shards, not run.hunt)
    if settings.gate and run.cases:
        for line in settings.gate.lines(run.head, run.cases, finished, language):
            yield from folded(line)
    if run.hunt:
        for told in run.hunt.lines():
            yield from folded(f"{say('fuzz').text(language)}: {told.text(language)}")
    for name, sure in (("count-left", True), ("count-unsure", False)):
        if count := sum(left.sure is sure for left in run.left):
            yield f"{say('left-behind').text(language)}: {counted(name, count).text(language)}"
    if settings.record and not settings.embedded and (run.lost or not finished):
        said = say("take-back", command=shlex.join(["qimen", "cleanup", str(settings.record), *run.where]))
        yield said.text(language)
    if run.logbook.aside:
        yield say("set-aside", file=str(run.logbook.aside)).text(language)
    for told in notes(settings.target, {*(case.id for case in run.cases), *run.own}):
        yield from folded(f"{say('note').text(language)}: {told.text(language)}")
    for path in filter(None, (settings.report, settings.har, settings.postman)):
        yield f"{say('report').text(language)}: {path}"
    if settings.mask_personal and settings.report:
        yield say("private").text(language)
