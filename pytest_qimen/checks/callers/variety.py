"""Which fields of a method a caller never sent, over all of its calls."""

from collections.abc import Iterator

from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.phrases import say
from pytest_qimen.spec import load_api
from pytest_qimen.verdict import Finding, Level

JUDGED = ("message.variety",)
NAMED = 20  # fields that are named of one method


def conclude(journal: Journal) -> Iterator[Late]:
    """Note for each method that was sent the fields that never were."""
    for name, sent in journal.sent.items():
        api = load_api(name)
        never = [row.path for row in api.request.leaves if row.path not in sent]
        if never:
            actual = say("call-never-sent", names=tuple(never[:NAMED]))
            found = Finding(
                "caller.message.variety", Level.MAY, "", say("call-all-fields"), actual, api.source
            )
            yield Late("-", api.method, found)
