"""Whole screens as users see them, in screens/: QIMEN_GOLDEN=write makes them anew, moments are masked."""

import os
import re
from pathlib import Path

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.report.screen import DETAILS
from tests.plugin.plugin_runs import KEYS, SHOP, Go, faulty
from tests.support.spoken import english

SCREENS = Path(__file__).parent / "screens"
CASES = [  # named, so that the screens stay as they are when cases are added
    f"{SHOP}::{name}"
    for name in (
        *("request/minimal", "request/typical", "answer/success", "answer/failure"),
        *("request/actionType/absent", "request/shop/absent", "request/shop/empty"),
        *("request/shop.shopCode/absent", "request/shop.shopCode/empty", "request/shop.shopCode/too-long"),
    )
]
FAULTS = ("need-not-checked", "length-not-checked", "code-missing", "values-trimmed")
MASKS = (  # what another machine or another moment shows otherwise, and how it stands in screens/
    (r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:PORT"),
    (r"\bQ[0-9A-Z]{6}(?=[0-9A-Z]|\b)", "QSEED00"),
    (r"\b20\d\d-\d\d-\d\d[+ T]\d\d(:|%3A)\d\d(:|%3A)\d\d", r"2026-01-01 00\g<1>00\g<2>00"),
    (r" in \d+(\.\d+)?s( \(.*?\))?( =+)$", r" in 1.00s\g<3>"),
    (r"^platform .*$", "platform …"),
    (r"^plugins: .*$", "plugins: …"),
    (r"^rootdir: .*$", "rootdir: …"),
    (r"\([0-9a-f]{16}\)", "(0123456789abcdef)"),
    (r"(?<=\[)Errno \d+\](?= )", "Errno 111]"),
    (r"=+( [^=]+ )=+$", r"===\g<1>==="),
    (r"[ \t]+$", ""),
)


def masked(text: str) -> str:
    """What stays the same from run to run."""
    for pattern, shown in MASKS:
        text = re.sub(pattern, shown, text, flags=re.MULTILINE)
    return text.strip("\n") + "\n"


def green(go: Go, monkeypatch: pytest.MonkeyPatch, *language: str) -> pytest.RunResult:
    return go("--qimen", *CASES, "--qimen-report", "report", *language)


def secret(go: Go, monkeypatch: pytest.MonkeyPatch, *language: str) -> pytest.RunResult:
    with faulty() as url:
        return go("--qimen-url", url, *CASES, *language, keys=KEYS | {"QIMEN_SECRET": "wrong-secret"})


def red(go: Go, monkeypatch: pytest.MonkeyPatch, *language: str) -> pytest.RunResult:
    with faulty(*FAULTS) as url:
        return go("--qimen-url", url, *CASES, *language)


def blocked(go: Go, monkeypatch: pytest.MonkeyPatch, *language: str) -> pytest.RunResult:
    return go("--qimen-url", "http://127.0.0.1:1/qimen", *CASES, *language)


def interrupted(go: Go, monkeypatch: pytest.MonkeyPatch, *language: str) -> pytest.RunResult:
    from pytest_qimen.plugin.run import Run

    ran: list[str] = []
    outcome = Run.outcome

    def until_the_fifth(run: Run, case: object) -> object:
        ran.append("")
        if len(ran) == 5:
            raise KeyboardInterrupt
        return outcome(run, case)  # type: ignore[arg-type]

    monkeypatch.setattr(Run, "outcome", until_the_fifth)
    return go("--qimen", *CASES, "--qimen-report", "report", *language)


RUNS = {"green": green, "wrong-secret": secret, "red": red, "blocked": blocked, "interrupted": interrupted}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", RUNS)
def test_a_screen(name: str, language: str, keyed_go: Go, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    words = () if language == "en" else ("--qimen-lang", language)
    told = masked(RUNS[name](keyed_go, monkeypatch, *words).stdout.str())
    path = SCREENS / f"{name}.{language}.txt"
    if os.environ.get("QIMEN_GOLDEN") == "write":
        path.write_text(told, "utf-8")
    assert told == path.read_text("utf-8")
    if language == "zh":
        ours = told.partition("test session starts")[2]
        assert not english(re.sub("^=== .* ===$|^collected .*$", "", ours, flags=re.MULTILINE))
    assert len(told.splitlines()) < 400
    assert told.count("\n____ ") <= DETAILS
