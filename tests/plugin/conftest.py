"""How the tests of the plugin run pytest: in this process, in an empty folder, warnings as errors."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.plugin.plugin_runs import ALWAYS, KEYS, Go


@pytest.fixture
def go(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Go:
    """Run pytest; the environment holds the keys that are given, none without."""
    for name in (*KEYS, "QIMEN_SESSION", "PYTEST_ADDOPTS", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str | Path, keys: Mapping[str, str] = {}) -> pytest.RunResult:
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        return pytester.runpytest_inprocess(*ALWAYS, *args)

    return run


@pytest.fixture
def keyed_go(go: Go) -> Go:
    """Run pytest with the keys of the embedded endpoint in the environment, unless others are given."""

    def run(*args: str | Path, keys: Mapping[str, str] = KEYS) -> pytest.RunResult:
        return go(*args, keys=keys)

    return run
