"""The package as a library: its names, cases by id and by path, the endpoint as a fixture."""

import os
from importlib.metadata import version
from pathlib import Path

import pytest

import pytest_qimen
from pytest_qimen import Target, bundled_case, load_cases, run_case
from pytest_qimen.errors import UsageError
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.spec import data_dir

pytest_plugins = ["pytester"]
MINIMAL = "wms/service.heartbeat/request/minimal"


def test_every_public_name_is_there_and_offered_to_completion() -> None:
    assert set(pytest_qimen.__all__) <= set(dir(pytest_qimen))
    for name in pytest_qimen.__all__:
        assert getattr(pytest_qimen, name)
    assert pytest_qimen.__version__ == version("pytest-qimen")
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        _ = pytest_qimen.nobody


def test_a_case_by_its_id() -> None:
    assert bundled_case(MINIMAL).id == MINIMAL
    with pytest.raises(UsageError, match="has no case"):
        bundled_case(f"{MINIMAL}s")


def test_paths_are_taken_as_pytest_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "cases/wms/service.heartbeat.toml"
    bundled = [case.id for case in load_cases(name)]
    assert MINIMAL in bundled
    assert bundled == [case.id for case in load_cases(data_dir("cases").parent / name)]
    own = tmp_path / "cases" / "flows" / "mine.toml"
    own.parent.mkdir(parents=True)
    own.write_bytes((data_dir("cases") / "flows" / "idempotency-bills.toml").read_bytes())
    assert load_cases(os.fspath(own.relative_to(tmp_path)))[0].id.startswith("flows/mine/")
    with pytest.raises(pytest_qimen.errors.DataError, match=r"cases/wms/nobody\.toml"):
        load_cases("cases/wms/nobody.toml")


def test_an_endpoint_for_ordinary_tests(qimen_endpoint: str) -> None:
    target = Target(url=qimen_endpoint, app_key=APP_KEY, secret=SECRET, customer_id=CUSTOMER_ID)
    assert run_case(bundled_case(MINIMAL), target).status == "pass"


def test_the_fixture_is_there_without_any_option(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "def test_mine(qimen_endpoint):\n    assert qimen_endpoint.startswith('http://127.0.0.1:')"
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
