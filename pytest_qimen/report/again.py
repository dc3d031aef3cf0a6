"""A case and where it was tried in, the commands that run it again out."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_qimen.cases import Case, Kind
from pytest_qimen.phrases import Phrase, say


def again(case: Case, own: str, where: Sequence[str], report: Path | None) -> Iterator[Phrase]:
    """Yield what replays the case, by its file where it is the user's `own`, and what makes a signed curl.

    `where` names the endpoint as options: none for the embedded one, for which nobody signs. A scenario is
    played again: no request is ours to replay.
    """
    if case.kind is Kind.SCENARIO:
        target = ("--qimen-target", where[1]) if where[:1] == ("--target",) else ()
        words = ["pytest", "--qimen-listen", "0", *target, own or case.id]
        yield say("replay", command=shlex.join(words))
        return
    if not case.steps and not report:
        return  # a case that draws its messages needs those that were recorded
    place = where if case.steps else ("--report", str(report))
    yield say("replay", command=shlex.join(["qimen", "replay", own or case.id, *place]))
    if case.steps and where and not own:
        yield say("sign-curl", command=shlex.join(["qimen", "sign", "--curl", case.id, *where]))
