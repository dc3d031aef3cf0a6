"""An item of a case in, its reports out, without the phases of fixtures: they cost as much as a request."""

from functools import lru_cache
from typing import Any, TypeGuard

import pytest

from pytest_qimen.plugin.collect import QimenItem

OWN = frozenset(("_pytest", "_hypothesis_pytestplugin", "pytest_qimen"))  # they do nothing without fixtures
ASKED = ("setuponly", "setupshow", "usepdb", "trace", "log_file", "log_cli_level")  # options about phases
MARKS = frozenset(("skip", "skipif", "xfail", "usefixtures"))


def is_plain(item: pytest.Item) -> TypeGuard[QimenItem]:
    """Return True for a case in whose phases no plugin, conftest.py, mark or option has a part."""
    plain = isinstance(item, QimenItem) and _is_quiet(item.config)
    return plain and MARKS.isdisjoint(mark.name for mark in item.iter_markers())


@lru_cache(1)
def _is_quiet(config: pytest.Config) -> bool:
    hooks = [
        getattr(config.hook, f"pytest_runtest_{name}") for name in ("setup", "call", "teardown", "protocol")
    ]
    modules = {one.function.__module__.partition(".")[0] for hook in hooks for one in hook.get_hookimpls()}
    asked = any(config.getoption(name, None) for name in ASKED) or config.getini("log_cli")
    return modules <= OWN and not asked


def run(item: QimenItem) -> bool:
    """Run the case and report its call and its end, as pytest's own protocol does; True: that was all."""
    hook, where = item.ihook, {"nodeid": item.nodeid, "location": item.location}
    hook.pytest_runtest_logstart(**where)
    reraise = (pytest.exit.Exception, KeyboardInterrupt)
    call: pytest.CallInfo[Any] = pytest.CallInfo.from_call(item.runtest, "call", reraise)
    report = hook.pytest_runtest_makereport(item=item, call=call)
    hook.pytest_runtest_logreport(report=report)
    if call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
        hook.pytest_exception_interact(node=item, call=call, report=report)
    end = pytest.CallInfo.from_call(lambda: None, "teardown")
    hook.pytest_runtest_logreport(report=pytest.TestReport.from_item_and_call(item, end))
    hook.pytest_runtest_logfinish(**where)
    return True
