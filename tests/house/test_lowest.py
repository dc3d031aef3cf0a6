"""The lowest versions that pyproject.toml allows are those with which `make lowest` runs the suite."""

import re
import tomllib

from tests.house.test_house import ROOT


def test_the_bounds_are_the_versions_that_are_run() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bounds = [re.fullmatch(r"([a-z-]+)>=([0-9.]+)", one) for one in project["dependencies"]]
    run = re.findall(r"^([a-z-]+)==([0-9.]+?)(?:\.0)?$", (ROOT / "tests/lowest.txt").read_text("utf-8"), re.M)
    assert [bound and bound.groups() for bound in bounds] == run
