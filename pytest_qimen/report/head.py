"""What the first line of a run says of its target."""

from pytest_qimen.phrases import Phrase, say
from pytest_qimen.report.record import RunRecord
from pytest_qimen.target.model import Target


def header(head: RunRecord, target: Target) -> Phrase:
    """Return one line: the suite, the target, what is chosen."""
    suite, name = str(head.suite), target.name or say("unnamed")
    if head.side == "caller":
        return say(
            "caller-head", suite=suite, caller=name, sides=", ".join(target.caller.sides), url=head.url
        )
    return say("run-head", suite=suite, target=name, url=head.url, level=say(head.level), seed=head.seed)
