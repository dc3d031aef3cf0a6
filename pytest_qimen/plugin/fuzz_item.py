"""A Run with `--qimen-fuzz` in; an item for every failure that nobody knew, running its case file, out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import spec
from pytest_qimen.cases.spelling import SEARCH
from pytest_qimen.plugin.collect import collect_file
from pytest_qimen.plugin.run import Run
from pytest_qimen.search.hunt import Hunt
from pytest_qimen.search.team import Branch, News, Team


class FuzzItem(pytest.Item):
    """The last item of a run with `--qimen-fuzz`, or of a worker: what it finds is run before it ends."""

    def __init__(self, *, run: Run, number: int, **more: Any) -> None:
        super().__init__(**more)
        self.run, self.number = run, number

    def search(self) -> None:
        """Run an item for every new failure, as it is found; a worker has the controller run it."""
        hunt = self.run.hunt
        assert isinstance(hunt, Hunt)
        if isinstance(hunt.corpus, Branch):
            hunt.corpus.join(self.number, hunt, self._tell, self.run.part.found.receive)
        wanted = [api for api in spec.load_all() if self.run.settings.wants(api)]
        for cause, outcome in hunt.failures(wanted):
            if path := hunt.corpus.keep(cause, outcome.case):
                play(self.session, self.run, path)

    def _tell(self, news: News) -> None:
        """Send news to the controller, as a report of this item that shows nothing."""
        report = pytest.TestReport(self.nodeid, self.location, {}, "passed", None, "setup", qimen_news=news)
        self.ihook.pytest_runtest_logreport(report=report)

    def runtest(self) -> None:
        """Nothing more: the hunt is over, and what it found has been reported."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """For the headings of the report."""
        return self.path, 0, self.name


def fuzz_items(session: pytest.Session, run: Run) -> Iterator[FuzzItem]:
    """Yield the item that searches; on workers one for each of them, for all collect the same."""
    for number in range(1, run.workers + 1):
        name = f"{SEARCH}{number}" if run.worker else "fuzz"
        yield FuzzItem.from_parent(session, name=name, nodeid=name, run=run, number=number)


def play(session: pytest.Session, run: Run, path: Path) -> None:
    """Run the case of a file that the search wrote, as an item of the run."""
    file = collect_file(path, session, run)
    for item in file.collect() if file else ():
        session.testscollected += 1
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)


def hear(run: Run, report: Any) -> None:
    """Take in the news that a worker's report carries, run what it found, and let it go on."""
    team, news = run.hunt, report.qimen_news
    assert isinstance(team, Team)
    session = report.node.config.pluginmanager.get_plugin("session")
    path = team.hear(news)
    requests = team.play(lambda: play(session, run, path)) if path else 0
    if news["found"]:
        report.node.workerinput["qimen"]["found"].send(requests)
