"""A stage with a simulated system before it, for tests: one scenario in, what it showed out."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pytest_qimen.cases.scenario_read import load_scenarios
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, start
from pytest_qimen.scenarios.driver import Broken, Cannot, Task, Told, read_report
from pytest_qimen.scenarios.engine import Engine
from pytest_qimen.scenarios.play import Play
from pytest_qimen.scenarios.played import Played
from pytest_qimen.scenarios.stage import Stage
from pytest_qimen.target.caller import CallerProfile
from pytest_qimen.wire.server import Server
from tests.scenarios.erp import Erp

WINDOWS = CallerProfile(ask=2.0, retry=0.5, quiet=0.2)
PACE = 0.02  # of the seconds that scenarios name


@contextmanager
def staged() -> Iterator[tuple[Stage, Server, str]]:
    """Yield a stage with a correct counterpart behind it, and its server and URL."""
    core = start()
    stage = Stage(core.answer)
    server = Server(stage.answer)
    try:
        yield stage, server, f"http://127.0.0.1:{server.port}/qimen"
    finally:
        server.stop()
        core.stop()


def played(
    identity: str, faults: Sequence[str] = (), retries: int = 1, windows: CallerProfile = WINDOWS
) -> Played:
    """Return what a scenario shows of the simulated system."""
    with staged() as (stage, server, url):
        erp = Erp(url, (APP_KEY, SECRET, CUSTOMER_ID), faults=faults, retries=retries)

        def drive(task: Task) -> Told | Cannot | Broken:
            report = erp.drive(task.to_json())
            return Cannot(task.do) if report is None else read_report(json.dumps(report))

        scenario = load_scenarios()[identity]
        play = Play(scenario, PACE, close_port=server.close_for, is_open=lambda: server.is_open)
        stage.begin(play)
        try:
            return Engine(play, windows, url, driver=drive).run()
        finally:
            stage.end(play)
