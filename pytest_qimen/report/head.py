"""What the first line of a run says of its target and its time."""

from datetime import datetime

from pytest_qimen.client.request import CHINA
from pytest_qimen.report.record import Profile, RunRecord
from pytest_qimen.target.model import Target


def profile(target: Target) -> Profile:
    """Return what of the target's profile decides which cases can be tested."""
    return Profile(
        roles=target.roles,
        methods=target.methods,
        without=target.without,
        readonly=target.readonly,
        prefixed=target.prefixed,
        version=target.version,
        assigns=target.assigns,
        limits=target.limits,
        pinned=tuple(sorted(target.data)),
    )


def now() -> str:
    """Return the time in China with its offset, as ISO 8601, to the millisecond."""
    return datetime.now(CHINA).isoformat(timespec="milliseconds")


def header(head: RunRecord, target: Target) -> str:
    """Return one line: the suite, the target, what is chosen."""
    name = target.name or "unnamed"
    if head.side == "caller":
        sides = ", ".join(target.caller.sides)
        return f"qimen: suite {head.suite}, caller {name} ({sides}) sends to {head.url}"
    return (
        f"qimen: suite {head.suite}, target {name} at {head.url}, level {head.level}, "
        f"keys begin with {head.seed}"
    )
