"""Case files in, pytest items out: one item a case, its name the rest of the case's id."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import console, spec
from pytest_qimen.cases import Case, Kind, bundled_cases, bundled_file, fitted, load_cases
from pytest_qimen.cases.scenario_read import NOT_SCENARIOS
from pytest_qimen.checks.spellings import hidden
from pytest_qimen.console import plain
from pytest_qimen.errors import QimenError
from pytest_qimen.phrases import say
from pytest_qimen.plugin.run import RUN, Run
from pytest_qimen.reasons import Told
from pytest_qimen.report.again import again
from pytest_qimen.report.explain import explain
from pytest_qimen.report.junit import properties
from pytest_qimen.report.personal import Mask, masked_outcome
from pytest_qimen.runner import Outcome
from pytest_qimen.verdict import Status

CALLERS = "callers"  # the folder of scenarios


class CaseFailed(Exception):
    """A case that is red; carries its outcome to the report."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.case.id)
        self.outcome = outcome


class QimenFile(pytest.File):
    """One file of cases/."""

    def collect(self) -> Iterable["QimenItem"]:
        """Yield an item for every case that the options let through."""
        run = self.config.stash[RUN]
        try:
            if self.path.parent.name == CALLERS:
                yield from self._callers(run)
                return
            bundled = bundled_file(self.path)
            found = bundled_cases(bundled) if bundled else self._own(run)
        except QimenError as error:
            raise self.CollectError(plain(error.text(run.settings.language))) from None
        settings = run.settings
        for case in self._fitted(run, tuple(found)):
            if settings.has(case.id) and all(settings.wants(api) for api in case.apis):
                yield QimenItem.from_parent(self, name=_item_name(case), case=case)

    def _callers(self, run: Run) -> Iterable["QimenItem"]:
        """Yield an item for every scenario of a file, bundled or the user's own."""
        assert run.callers
        for case in run.callers.add(self.path):
            run.own[case.id] = case
            yield QimenItem.from_parent(self, name=_item_name(case), case=case)

    def _fitted(self, run: Run, found: tuple[Case, ...]) -> Iterable[Case]:
        """Yield the cases as the target's profile wants them, which is how others find them, too."""
        target = run.settings.target
        if not target.limits and not target.assigns:
            return fitted(found, target)
        kept = fitted(found, target)
        run.own.update((case.id, case) for case in kept)
        return kept

    def _own(self, run: Run) -> Iterable[Case]:
        """Yield the user's cases but the properties, for which messages are drawn of bundled methods only."""
        found = [case for case in load_cases(self.path) if case.steps]
        run.own.update((case.id, case) for case in found)
        return found


def _item_name(case: Case) -> str:
    """Return what of the id is not in the file's path: `request/minimal` of `wms/x/request/minimal`."""
    return plain(case.id.split("/", 2)[2])


@cache
def _marks(level: str, role: str, method: str, family: str, flow: bool) -> tuple[pytest.Mark, ...]:
    """Return the marks of all cases of a kind: making them costs as much as the rest of an item."""
    names = (level, *((role,) if role in spec.ROLES else ()), *(("flow",) if flow else ()))
    whole = pytest.mark.qimen(level=level, role=role, method=method, family=family)
    return whole.mark, *(getattr(pytest.mark, name).mark for name in names)


class QimenItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **more: Any) -> None:
        super().__init__(**more)
        self.case = case
        self.outcome: Outcome | None = None
        marks = _marks(case.level.value, case.role, case.method, case.family, case.kind is Kind.FLOW)
        self.own_markers.extend(marks)
        self.keywords.update((mark.name, mark) for mark in marks)

    def runtest(self) -> None:
        """Run the case; raises CaseFailed when it is red, skips when it could not be tested."""
        run: Run = self.config.stash[RUN]
        try:
            self.outcome = outcome = run.outcome(self.case)
        except Exception as error:  # a defect of the suite: shown with its trace, and never green
            cause = hidden(f"{type(error).__name__}: {error}", run.settings.target.secrets)
            self.outcome = Outcome(self.case, Status.ERROR, reason=Told(cause))
            raise
        shown = masked_outcome(outcome) if run.settings.mask_personal else outcome
        self.user_properties += properties(outcome)
        if outcome.status.is_skipped:
            pytest.skip(plain(shown.reason.text(run.settings.language)) if shown.reason else "")
        if run.is_red(outcome.status):
            if run.forgives(self.case.id, outcome.status):
                pytest.skip(say("red-before").text(run.settings.language))
            raise CaseFailed(shown)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return requirement, clause, evidence and the request, for the person who mends the fault."""
        settings = self.config.stash[RUN].settings
        if isinstance(excinfo.value, CaseFailed):
            outcome = excinfo.value.outcome
            own = "" if bundled_file(self.path) else str(self.path)
            told = again(self.case, own, self.config.stash[RUN].where, settings.report)
            language = settings.language
            return "\n".join((*explain(outcome, language), "", *(said.text(language) for said in told)))
        found = super().repr_failure(excinfo, style)
        text = console.shown(hidden(str(found), settings.target.secrets))
        text = Mask().text(text) if settings.mask_personal else text
        return found if text == str(found) else text

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands, for the headings of the report."""
        return self.path, 0, self.case.id


def collect_file(path: Path, parent: pytest.Collector, run: Run) -> QimenFile | None:
    """Return the collector for a case file, bundled or the user's own; None for other files."""
    folders = (
        *(("protocol", "flows", *spec.ROLES) if run.settings.endpoint else ()),
        *((CALLERS,) if run.callers else ()),
    )
    if path.suffix != ".toml" or path.parent.name not in folders or path.name in NOT_SCENARIOS:
        return None
    root = parent.config.rootpath
    nodeid = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    if bundled_file(path):
        nodeid = f"cases/{path.parent.name}/{path.name}"
    return QimenFile.from_parent(parent, path=path, nodeid=nodeid)
