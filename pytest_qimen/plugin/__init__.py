"""pytest's hooks in, a conformance run out; without the options of `options.py` it does nothing at all."""

from __future__ import annotations

import atexit
import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_qimen.listening.session import Listening
    from pytest_qimen.plugin.run import Run

FIRST = ("smoke.toml", "answer.toml")  # the cases with which a search begins
MARKERS = (
    "qimen(level, role, method, family): a case of the conformance suite",
    *(f"{level}: its level" for level in ("must", "should", "may")),
    *(f"{role}: its role" for role in ("wms", "erp", "store", "wdk")),
    "flow: several requests in order",
)


@pytest.fixture
def qimen_endpoint() -> Iterator[str]:
    """The URL of a fresh embedded endpoint; its keys are those that `qimen serve` prints."""
    from pytest_qimen.reference.serve import serve

    with serve() as url:
        yield url


@pytest.fixture
def qimen_listener() -> Iterator[Listening]:
    """A fresh counterpart that judges what is sent to its `url`; assert that its `bad()` is empty."""
    from pytest_qimen.listening.session import listen

    with listen() as found:
        yield found


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and their ini twins."""
    from pytest_qimen.plugin.options import add_options

    add_options(parser)


def pytest_load_initial_conftests(args: list[str]) -> None:
    """Name the nearest options for a misspelt one, before pytest says no more than that it is unknown."""
    from pytest_qimen.plugin.options import refuse_misspelt

    refuse_misspelt(args)


def pytest_configure(config: pytest.Config) -> None:
    """Read the options, start the embedded endpoint where no URL is given, choose what to collect."""
    from pytest_qimen.plugin.options import is_active, language_of_run, refuse_alone

    config.addinivalue_line("markers", MARKERS[0])
    if not is_active(config) or config.getoption("help", False):
        refuse_alone(config)
        return
    for line in MARKERS[1:]:
        config.addinivalue_line("markers", line)
    from contextlib import ExitStack

    from pytest_qimen.console import plain
    from pytest_qimen.errors import QimenError, unwritable
    from pytest_qimen.plugin.progress import Live
    from pytest_qimen.plugin.run import RUN, Run
    from pytest_qimen.plugin.screen import Screen
    from pytest_qimen.plugin.settings import read_settings
    from pytest_qimen.report.progress import Progress
    from pytest_qimen.runner.part import Part

    config.add_cleanup(gc.unfreeze)  # after pytest has looked for what was not closed: cases are none of it
    atexit.register(gc.freeze)  # nor does the interpreter look through them all at its end, for a second
    language = language_of_run(config)
    close = ExitStack()
    part = Part.of(config)
    settings = read_settings(config, part.url)
    if settings.embedded and not part.worker and not config.option.collectonly:
        from pytest_qimen.reference.apart import serve_apart
        from pytest_qimen.reference.serve import serve

        settings = settings.at(close.enter_context(serve_apart() if settings.apart else serve()))
    callers = None
    try:
        if settings.listen is not None:
            from pytest_qimen.scenarios.session import ScenarioSession

            callers = ScenarioSession(settings.target, settings.listen, attended=settings.attended)
            close.callback(callers.close)
            settings = settings if settings.target.url else settings.at(callers.url)
        config.stash[RUN] = Run(settings, part, close=close, callers=callers)
        _choose_files(config, config.stash[RUN])
    except (OSError, QimenError) as error:
        close.close()
        if isinstance(error, OSError):
            error = unwritable("--qimen-report", error)
        raise pytest.UsageError(plain(error.text(language))) from None
    run = config.stash[RUN]
    config.pluginmanager.register(Hooks(run), "qimen-run")
    if not part.worker:
        config.pluginmanager.register(Screen(config, run), "qimen-screen")
        live = Live(config, Progress(settings.language), run.fails)
        config.pluginmanager.register(live, "qimen-progress")
        if hunt := run.hunt:
            hunt.tell = lambda: live.say(next(hunt.lines()).text(settings.language))


def _choose_files(config: pytest.Config, run: Run) -> None:
    """Without arguments the bundled cases.

    A search for failures begins with the smoke cases, the form of answers, and what earlier searches have
    found.
    """
    from pytest_qimen.cases import path_of
    from pytest_qimen.spec import data_dir

    bundled = data_dir("cases")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        chosen = [bundled if run.settings.endpoint else bundled / "callers"]
        if run.hunt:
            chosen = [*(bundled / "protocol" / name for name in FIRST), *run.hunt.corpus.files()]
        config.args = list(map(str, chosen))
        return
    config.args = list(map(path_of, config.args))


class Hooks:
    """The hooks of a run that is really one of the suite's."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of xdist where the embedded endpoint and the canary are and how the keys begin."""
        node.workerinput["qimen"] = self.run.part_of(node)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Return who gives cases to workers, where the user has not asked for another way."""
        from pytest_qimen.runner.spread import Spread

        run = self.run
        return (
            Spread(config, log, run.find, run.settings.connections) if config.option.dist == "load" else None
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker of xdist left behind, and what it learned after its cases."""
        from pytest_qimen.report.case_record import CaseRecord
        from pytest_qimen.report.record import CreatedRecord
        from pytest_qimen.search.team import Team

        told = getattr(node, "workeroutput", {})
        self.run.left += [CreatedRecord.from_json(line).left for line in told.get("qimen_left", [])]
        self.run.late += map(CaseRecord.from_json, told.get("qimen_late", []))
        if isinstance(self.run.hunt, Team) and told:
            self.run.hunt.count(told["qimen_tally"])

    def pytest_report_header(self, config: pytest.Config) -> list[str]:
        """One line: the suite, the target, what is chosen; and one with the live page."""
        from pytest_qimen.console import odd_language, plain
        from pytest_qimen.phrases import say
        from pytest_qimen.plugin.options import get
        from pytest_qimen.report.head import header

        settings = self.run.settings
        page = [say("live-here", url=self.run.live.url)] if self.run.live else []
        given = [f"--lang={found}"] if (found := get(config, "qimen-lang")) else []
        odd = [one] if (one := odd_language(given)) else []
        said = [header(self.run.head, settings.target), *page, *odd]
        return [plain(one.text(settings.language)) for one in said]

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Any:
        """Collect without the garbage collector, and keep it away from the cases: they last for the run."""
        collects = gc.isenabled()
        gc.disable()
        try:
            return (yield)
        finally:
            gc.freeze()
            if collects:
                gc.enable()

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.File | None:
        """Return case files."""
        from pytest_qimen.plugin.collect import collect_file

        return collect_file(file_path, parent, self.run)

    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Sort the items by their turn; the search comes last."""
        items.sort(key=lambda item: getattr(getattr(item, "case", None), "turn", 2))
        if self.run.hunt:
            from pytest_qimen.plugin.fuzz_item import fuzz_items

            items += fuzz_items(session, self.run)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Any:
        """Say of an interrupted run what is kept; pytest would show the line of ours at which it came."""
        from pytest_qimen.phrases import say

        try:
            return (yield)
        except KeyboardInterrupt:
            pytest.exit(say("run-interrupted").text(self.run.settings.language), pytest.ExitCode.INTERRUPTED)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Run a case without phases, and what the search finds before the search's own item ends."""
        from pytest_qimen.plugin.fuzz_item import FuzzItem
        from pytest_qimen.plugin.protocol import is_plain, run

        if is_plain(item):
            return run(item)
        if isinstance(item, FuzzItem):
            item.search()
        return None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin with the cases, ahead of their turn where several go at a time."""
        from pytest_qimen.plugin.collect import QimenItem

        if not session.config.option.collectonly:
            self.run.begin([item.case for item in session.items if isinstance(item, QimenItem)])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Attach the case's event to the report of its call, so that it reaches the controller."""
        from pytest_qimen.plugin.carried import carry
        from pytest_qimen.plugin.collect import QimenItem
        from pytest_qimen.report.events import case_record

        report = yield
        if isinstance(item, QimenItem) and call.when == "call" and item.outcome is not None:
            carry(report, case_record(item.outcome), bool(self.run.worker))
            item.outcome = None
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep and write what a case found; a worker leaves that to the controller."""
        if self.run.worker:
            return
        from pytest_qimen.plugin.carried import carried

        if hasattr(report, "qimen_news"):
            from pytest_qimen.plugin.fuzz_item import hear

            hear(self.run, report)
        case = carried(report)
        if case is not None:
            self.run.record(case)
        elif report.failed and report.when not in ("setup", "call", "teardown"):
            self.run.lose(report.nodeid)  # xdist's word for a worker that crashed

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Return the suite's own words for how a case ended."""
        from pytest_qimen.plugin.carried import carried

        case = None if self.run.worker else carried(report)  # a worker's report has still to travel
        if case is None:
            return None
        if self.run.forgives(case.id, case.status):
            category = "red already"
        elif self.run.is_red(case.status):
            category = "failed"
        else:
            category = "passed" if case.status in ("pass", "info") else case.status.value
        return category, case.status.letter, case.status.upper()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A run that is not conformant does not end with exit status 0."""
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.run.settle()
        if hasattr(session.config, "workerinput"):
            from pytest_qimen.report.record import CreatedRecord
            from pytest_qimen.search.hunt import Hunt

            hunt = self.run.hunt
            session.config.workeroutput |= {  # type: ignore[attr-defined]
                "qimen_left": [CreatedRecord.of(left).to_json() for left in self.run.left],
                "qimen_late": [case.to_json() for case in self.run.late],
                "qimen_tally": hunt.tally().to_json() if isinstance(hunt, Hunt) else None,
            }
            self.run.finish()
            return
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.run.end()
        if session.config.option.collectonly:
            return
        if session.exitstatus == 0 and not self.run.is_green():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_unconfigure(self) -> None:
        """Write the report, close the client and the embedded endpoint."""
        self.run.finish()
