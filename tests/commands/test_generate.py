"""What is checked in is what the spec says; every other state of the folder is named and mended."""

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen import schema, spec
from pytest_qimen.commands import generate

API = spec.load(Path(__file__).parents[1] / "data" / "cases" / "wms" / "everything.check.toml")
OTHER = replace(API, method="other.check", role="erp")


def test_the_bundled_files_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(check=True) == 0
    assert capsys.readouterr().out == "0 of the generated files differ\n"


def test_a_page_that_was_written_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "callers").mkdir()
    assert generate.main(check=True, cases=tmp_path) == 1
    assert capsys.readouterr().out.endswith("\n2 of the generated files differ\n")
    (tmp_path / "COVERAGE.md").write_text("old", "utf-8")
    assert generate.main(check=False, cases=tmp_path) == 0
    stale, missing, total = capsys.readouterr().out.splitlines()
    assert ("COVERAGE.md: is stale" in stale, "callers/COVERAGE.md: is missing" in missing) == (True, True)
    assert total == "2 of the generated files changed"
    assert generate.main(check=True, cases=tmp_path) == 0


def test_one_file_for_every_method() -> None:
    files = {path.relative_to(spec.data_dir("xsd")).as_posix() for path in spec.data_dir("xsd").rglob("*.*")}
    assert files == {f"{name}.xsd" for name in spec.methods()}


def test_missing_stale_and_superfluous_files(tmp_path: Path) -> None:
    def differences(check: bool) -> list[str]:
        return [str(line) for line in generate.generate(check, [API, OTHER], tmp_path)]

    old = tmp_path / "store" / "gone.check.xsd"
    old.parent.mkdir()
    old.write_text("<old/>")
    stale = tmp_path / "wms" / "everything.check.xsd"
    stale.parent.mkdir()
    stale.write_text(schema.xsd(API).replace("\n", "\r\n"), newline="")
    expected = [
        "erp/other.check.xsd: is missing",
        "store/gone.check.xsd: belongs to no method",
        "wms/everything.check.xsd: is stale",
    ]
    assert differences(check=True) == expected
    assert differences(check=True) == expected  # a check changes nothing
    assert differences(check=False) == expected
    assert differences(check=True) == []
    assert not old.exists()
    assert stale.read_text("utf-8") == schema.xsd(API)
