"""pytest's hooks in, a conformance run out; without the options of `options.py` it does nothing at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contextlib import ExitStack

    from pytest_qimen.plugin.run import Run

LETTERS = {  # what is well leaves no mark: ten thousand dots say nothing
    "pass": "",
    "info": "",
    "fail": "F",
    "warn": "w",
    "blocked": "b",
    "unsupported": "u",
    "waived": "x",
    "stale": "S",
    "error": "E",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and their ini twins."""
    from pytest_qimen.plugin.options import add_options

    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read the options, start the embedded endpoint where no URL is given, choose what to collect."""
    from pytest_qimen.plugin.options import is_active

    config.addinivalue_line("markers", "qimen(level, role, method, family): a case of the conformance suite")
    if not is_active(config) or config.getoption("help", False):
        return
    from contextlib import ExitStack

    from pytest_qimen.plugin.run import RUN, Run
    from pytest_qimen.plugin.settings import read_settings

    close = ExitStack()
    worker = getattr(config, "workerinput", None)
    url = worker["qimen_url"] if worker else None
    settings = read_settings(config, url)
    if settings.embedded and not worker:
        settings = read_settings(config, _embedded(close))
    try:
        config.stash[RUN] = Run(
            settings,
            worker=_number(worker) if worker else 0,
            workers=worker["workercount"] if worker else 1,
            number=worker["qimen_number"] if worker else None,
            close=close,
        )
    except OSError as error:
        close.close()
        raise pytest.UsageError(f"--qimen-report: {error}") from None
    config.pluginmanager.register(Hooks(config.stash[RUN]), "qimen-run")
    _choose_files(config)


def _embedded(close: ExitStack) -> str:
    from pytest_qimen.reference.serve import serve

    return close.enter_context(serve())


def _number(worker: dict[str, Any]) -> int:
    return int(worker["workerid"].removeprefix("gw")) + 1


def _choose_files(config: pytest.Config) -> None:
    """Without arguments the bundled cases; `cases/…` means the bundled ones where there is no such path."""
    from pytest_qimen.spec import data_dir

    bundled = data_dir("cases")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(bundled)]
        return
    config.args = [
        str(bundled.parent / arg)
        if arg.startswith("cases/") and not Path(arg.split("::")[0]).exists()
        else arg
        for arg in config.args
    ]


def _place(nodeid: str) -> int:
    for place, start in enumerate(("cases/protocol/smoke", "cases/protocol/")):
        if nodeid.startswith(start):
            return place
    return 3 if nodeid.startswith("cases/flows/") else 2


class Hooks:
    """The hooks of a run that is really one of the suite's."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of xdist where the embedded endpoint is and how the run's keys begin."""
        node.workerinput["qimen_url"] = self.run.settings.target.url
        node.workerinput["qimen_number"] = self.run.session.keys.number

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker of xdist left behind."""
        self.run.left += getattr(node, "workeroutput", {}).get("qimen_left", [])

    def pytest_report_header(self) -> str:
        """One line: the suite, the target, what is chosen."""
        settings = self.run.settings
        suite = dict(self.run.head["suite"])
        name = settings.target.name or "unnamed"
        return (
            f"qimen: suite {suite['version']} ({suite['digest']}), target {name} at {self.run.head['url']}, "
            f"level {settings.level}, keys begin with {self.run.head['seed']}"
        )

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.File | None:
        """Case files."""
        from pytest_qimen.plugin.collect import collect_file

        return collect_file(file_path, parent)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Whether there is an answer at all, what holds for all methods, the methods, then the flows."""
        items.sort(key=lambda item: _place(item.nodeid))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Attach the case's event to the report of its call, so that it reaches the controller."""
        from pytest_qimen.plugin.collect import QimenItem
        from pytest_qimen.report.events import outcome_event

        report = yield
        if isinstance(item, QimenItem) and call.when == "call" and item.outcome is not None:
            event = outcome_event(item.outcome)
            event["created"] = self.run.take_ledger()
            report.qimen = event
            item.outcome = None
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep and write what a case found; a worker leaves that to the controller."""
        if self.run.worker:
            return
        event = getattr(report, "qimen", None)
        if event is not None:
            self.run.record(event)
        elif report.failed and report.when not in ("setup", "call", "teardown"):
            self.run.lose(report.nodeid)  # xdist's word for a worker that crashed

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """The suite's own words for how a case ended."""
        event = getattr(report, "qimen", None)
        if event is None:
            return None
        status = event["status"]
        category = {
            "pass": "passed",
            "info": "passed",
            "fail": "failed",
            "stale": "failed",
            "error": "failed",
        }.get(status, status)
        if status == "warn" and self.run.is_red(status):
            category = "failed"
        return category, LETTERS[status], status.upper()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A run that is not conformant does not end with exit status 0."""
        from pytest_qimen.report.results import verdict

        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.run.settle()
        if hasattr(session.config, "workerinput"):
            session.config.workeroutput["qimen_left"] = self.run.left  # type: ignore[attr-defined]
            self.run.finish()
            return
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.run.end()
        if session.config.option.collectonly:
            return
        if session.exitstatus == 0 and verdict(self.run.events, self.run.settings.level) != "conformant":
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int) -> None:
        """Causes, a table, the verdict."""
        from pytest_qimen.report.summary import lines

        if self.run.events:
            terminalreporter.section("qimen")
            for line in lines(self.run.events, self.run.settings.level, exitstatus in (0, 1)):
                terminalreporter.write_line(line)
        if self.run.left:
            terminalreporter.write_line(
                f"left behind: {len(self.run.left)} things that could not be taken back"
            )
        if self.run.settings.report:
            terminalreporter.write_line(f"report: {self.run.settings.report}")

    def pytest_unconfigure(self) -> None:
        """Write the report, close the client and the embedded endpoint."""
        self.run.finish()
