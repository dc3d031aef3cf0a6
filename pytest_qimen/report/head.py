"""The first line of a run: what is judged, how it is chosen, and what people read of it."""

from collections.abc import Sequence

from pytest_qimen.client import clock
from pytest_qimen.client.request import mask_query
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.caller_record import CallerRecord
from pytest_qimen.report.record import Profile, RunRecord
from pytest_qimen.report.results import suite
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Level


def run_head(
    target: Target,
    *,
    level: str,
    roles: Sequence[str],
    methods: Sequence[str],
    shard: tuple[int, int],
    seed: str,
    embedded: bool,
    answers: bool,
    heard: str = "",
    person: bool = False,
) -> RunRecord:
    """Return the record of a run that begins now.

    `answers` says that an endpoint is judged, `heard` is where a caller is listened to, empty for none;
    `person` that somebody is asked.
    """
    return RunRecord(
        suite=suite(),
        target=target.name or mask_query(target.url),
        url=mask_query(target.url if answers or not heard else heard),
        level=Level(level),
        roles=tuple(roles),
        methods=tuple(methods),
        shards=("{}/{}".format(*shard),),
        seed=seed,
        embedded=embedded,
        profile=Profile.of(target),
        started=clock.stamp(),
        side="caller" if not answers else "both" if heard else "endpoint",
        caller=CallerRecord.of(target.caller, mask_query(heard), person=person) if heard else None,
    )


def header(head: RunRecord, target: Target) -> Phrase:
    """Return one line: the suite, the target, what is chosen."""
    suite_name, name = str(head.suite), target.name or say("unnamed")
    if head.side == "caller":
        sides = ", ".join(target.caller.sides)
        return say("caller-head", suite=suite_name, caller=name, sides=sides, url=head.url)
    return say("run-head", suite=suite_name, target=name, url=head.url, level=say(head.level), seed=head.seed)
