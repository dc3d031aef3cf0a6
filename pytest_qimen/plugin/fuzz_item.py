"""A Run with `--qimen-fuzz` in; an item for every failure that nobody knew, running its case file, out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import spec
from pytest_qimen.plugin.collect import QimenFile, QimenItem
from pytest_qimen.plugin.run import Run


class FuzzItem(pytest.Item):
    """The last item of a run with `--qimen-fuzz`: what it finds is run as items of its own before it ends."""

    def __init__(self, *, run: Run, **more: Any) -> None:
        super().__init__(**more)
        self.run = run

    def found(self) -> Iterator[QimenItem]:
        """Yield an item for every new failure, as it is found."""
        hunt = self.run.hunt
        assert hunt
        wanted = [api for api in spec.load_all() if self.run.settings.wants(api)]
        for cause, outcome in hunt.failures(wanted):
            path = hunt.corpus.keep(cause, outcome.case)
            file = QimenFile.from_parent(self.session, path=path, nodeid=f"cases/flows/{path.name}")
            yield from file.collect()

    def runtest(self) -> None:
        """Nothing more: the hunt is over, and what it found has been reported."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """For the headings of the report."""
        return self.path, 0, self.name
