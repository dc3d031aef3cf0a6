"""The failing example of a property is kept as a case file that pytest runs again: red, green when mended."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_qimen import xml
from pytest_qimen.cases import load_cases
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve

KEYS = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
PLAIN = ("-W", "error", "-p", "no:cacheprovider", "--noconftest")
Go = Callable[..., pytest.RunResult]


@pytest.fixture
def go(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Go:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return lambda *args: pytester.runpytest_inprocess(*PLAIN, *args)


SHOWN = {  # fault -> its property, what is red, what is expected of the example
    "emoji-refused": ("wms/entryorder.create/property/legal-accepted", "must", "success"),
    "need-not-checked": ("wms/shop.synchronize/property/illegal-refused", "must", "failure"),
    "increment-sets": ("store/storeinventory.update/property/sums", "must", "success"),
}


@pytest.mark.parametrize("fault", SHOWN)
def test_an_example_is_a_case_file(fault: str, go: Go, pytester: pytest.Pytester) -> None:
    name, level, expect = SHOWN[fault]
    role, method, rest = name.split("/", 2)
    item = f"cases/{role}/{method}.toml::{rest}"
    file = Path("report/found/flows", f"{name.replace('/', '-')}.toml")
    with serve(faults=(fault,)) as url:
        first = go("--qimen-url", url, "--qimen-report", "report", "--qimen-examples", "40", item)
        assert first.ret == 1
        first.stdout.fnmatch_lines([f"*drawn with --qimen-seed 0; kept as {file}"])
        again = go("--qimen-url", url, str(file))
        assert again.parseoutcomes() == {"failed": 1}
        again.stdout.fnmatch_lines([f"FAIL  flows/{file.stem}/*({level})"])
    (case,) = load_cases(pytester.path / file)
    assert (case.level.value, case.steps[-1].expect) == (level, expect)
    if case.steps[0].message:
        assert xml.parse(case.steps[0].message.encode()).tag == "request"
    with serve() as url:
        assert go("--qimen-url", url, str(file)).parseoutcomes() == {"passed": 1}
        assert go("--qimen-url", url, "--qimen-report", "report", item).ret == 0
    assert not (pytester.path / file).exists()


def test_without_a_report_the_seed_alone_is_told(go: Go, pytester: pytest.Pytester) -> None:
    with serve(faults=("emoji-refused",)) as url:
        item = "cases/wms/entryorder.create.toml::property/legal-accepted"
        found = go("--qimen-url", url, "--qimen-seed", "7", "--qimen-examples", "40", item)
    assert found.ret == 1
    found.stdout.fnmatch_lines(["drawn with --qimen-seed 7"])
    assert not list(pytester.path.glob("**/found"))
