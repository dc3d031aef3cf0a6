"""A Run and one of its cases in, the commands that run the case again out."""

import shlex
from collections.abc import Iterator

from pytest_qimen.cases import Case
from pytest_qimen.phrases import say
from pytest_qimen.plugin.run import Run


def again(run: Run, case: Case, own: str) -> Iterator[str]:
    """Yield what replays the case, by its file where it is the user's `own`, and what makes a signed curl."""
    settings = run.settings
    where = ["--target", settings.file] if settings.file else ["--url", run.head.url]
    where = [] if settings.embedded else where
    if not case.steps:
        where = ["--report", str(settings.report)] if settings.report else []
        if not where:
            return
    yield say("replay", command=shlex.join(["qimen", "replay", own or case.id, *where])).text(
        settings.language
    )
    if case.steps and where and not own:
        command = shlex.join(["qimen", "sign", "--curl", case.id, *where])
        yield say("sign-curl", command=command).text(settings.language)
