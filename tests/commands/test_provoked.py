"""`qimen listen --scenarios` plays what `pytest --qimen-listen` plays; without it nothing is provoked."""

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.events import read_events
from tests.scenarios.drive import driven

KEYS = ("k", "s-of-the-erp", "c")
TARGET = """
[target]
name = "our ERP"
[caller]
side = "erp"
quiet = "1s"
ask_within = "5s"
retry_within = "1s"
[caller.driver]
url = "{url}"
"""
LISTEN = (sys.executable, "-m", "pytest_qimen", "listen", "--target", "erp.toml")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(("QIMEN_APP_KEY", "QIMEN_SECRET", "QIMEN_CUSTOMER_ID"), KEYS, strict=True):
        monkeypatch.setenv(name, value)


def listened(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in this folder to its end."""
    return subprocess.run([*LISTEN, *options], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--scenarios", "fault/lost-answer"), "no scenario 'fault/lost-answer'"),
        (("--scenarios", "--forward", "http://127.0.0.1:1"), "--scenarios: not with --forward"),
        (("--scenarios", "--for", "5s"), "--scenarios: not with --for"),
        (("--scenarios", "--state", "x.db"), "--scenarios: not with --state"),
        (("--scenarios", "--tls", "c.pem", "k.pem"), "--scenarios: not with --tls"),
        (("--scenarios", "--host", "0.0.0.0"), "--scenarios: faults are for one system only"),
        (("--scenarios", "--page-port", "off"), "--scenarios: nobody makes the system send"),
    ],
)
def test_what_does_not_go_together(
    options: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["listen", *options]) == 2
    told = capsys.readouterr().err
    assert why in told
    assert told.count("\n") == 1


def test_a_driver_is_led_through_the_chosen_scenarios(tmp_path: Path) -> None:
    with driven(KEYS) as url:
        (tmp_path / "erp.toml").write_text(TARGET.format(url=url))
        listened(tmp_path, "--report", "out", "--scenarios", "text/*", "--page-port", "off")
    records = read_events(tmp_path / "out" / "events.jsonl")
    cases = {one.id: one.status for one in records if isinstance(one, CaseRecord) and "/text/" in one.id}
    names = ("xml-characters", "chinese", "emoji")
    assert cases == dict.fromkeys((f"callers/text/{name}" for name in names), "pass")


def test_without_a_driver_a_person_is_asked(tmp_path: Path) -> None:
    """The page that leads a person is there, and nothing is decided before they do something."""
    (tmp_path / "erp.toml").write_text(TARGET.partition("[caller.driver]")[0].replace("5s", "1s"))
    found = listened(tmp_path, "--scenarios", "text/emoji")
    assert found.returncode == 1
    assert "shows this as it happens" in found.stdout
    assert "untested" in found.stdout
