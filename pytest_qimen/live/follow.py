"""A run in, the live page that follows it out, where one is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a run without a page need not load it
    from contextlib import ExitStack

    from pytest_qimen.live.run import LiveRun
    from pytest_qimen.report.record import RunRecord
    from pytest_qimen.scenarios.session import ScenarioSession


def follow(
    port: int | None,
    head: RunRecord,
    callers: ScenarioSession | None,
    mask_personal: bool,
    close: ExitStack,
) -> LiveRun | None:
    """Return the page of a run at a port, 0 for a free one, until `close`; None without a port.

    UsageError where the port is taken.
    """
    if port is None:
        return None
    from pytest_qimen.live.run import LiveRun

    page = LiveRun(head, port, callers, mask_personal=mask_personal)
    close.callback(page.close)
    return page
