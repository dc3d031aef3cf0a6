"""Every command of docs/ and README.md is run, and what they show is what was printed."""

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.record import EndRecord
from pytest_qimen.report.results import suite
from tests.commands.test_judge import call as heard_call
from tests.commands.test_judge import entry, har
from tests.report.test_certificate_caller import sent
from tests.support.console import PLACE, Shell, Step, blocks, matches, shortened, steps

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
}
CHINESE = re.compile("[\u4e00-\u9fff]")
HEARTBEAT = "cases/wms/service.heartbeat.toml"
TARGET = f'url = "{PLACE}"\nroles = ["wms"]\n'

# What is not run here, as it begins, and why.
NOT_RUN = {
    "pip install": "the network",
    "make dist": "the network; tests/house/test_house.py builds the wheel",
    "make certify": "the whole suite: a minute; .ci/run's tests run it in parts",
    "make test": "these tests",
    "make generate": "writes into the checkout; tests/commands/test_generate.py runs it on a copy",
    "make kills": "some minutes, and writes into the checkout; tests/kills/test_kills.py holds its result",
    "docker ": "tests/recipes/test_recipes.py runs the steps of the Dockerfile without it",
    "newman run": "tests/report/test_postman.py runs the script of the collection in V8",
    "pytest tests/": "the project's own tests, which .ci/run runs",
}
SHORTER = {  # what takes long, or speaks of other machines, and what is run instead
    "--qimen-listen 8700": "--qimen-listen 0",
    "--qimen-report answered": "--qimen-report answered --qimen-method service.heartbeat",
    "--qimen-report sent": "--qimen-report sent cases/callers/text.toml",
    "--qimen-fuzz 30m": "--qimen-fuzz 30 --qimen-method service.heartbeat",
    "--qimen-fuzz 50000": "--qimen-fuzz 1000",
    "--qimen-rate 5/s": "--qimen-rate 500/s",
    "--qimen-target=/srv/qimen/target.toml": "--qimen-target=$HERE/target.toml",
    "2*ssh=user@host//python=/srv/qimen/bin/python": "popen//chdir=elsewhere",
}
FAULT = {  # how the endpoint of a page is broken, where the page does not do it itself
    "docs/ci.md": ["need-not-checked@entryorder.query"],
    "docs/fuzz.md": ["length-not-checked"],
}
URL = f"--qimen-url {PLACE}"
STATUS = {  # commands that do not end with 0, as they begin: statuses in turn, the last for the rest
    "docs/ci.md": {
        "pytest --qimen-target target.toml --qimen-method entryorder.query --qimen-report old": (1,),
        f"pytest {URL} --qimen-method entryorder.query --qimen-report new": (1,),
        "qimen report new": (1,),
    },
    "docs/callers.md": {"pytest --qimen-listen": (1,)},
    "docs/drivers.md": {"pytest": (1,)},
    "docs/fuzz.md": {"qimen replay": (1,)},
    "README.md": {f"pytest {URL} --qimen-method entryorder.query": (1,)},
    "docs/read-a-verdict.md": {"pytest": (1,), "qimen replay": (1,), "qimen report": (1,)},
    "docs/faq.md": {
        "qimen sign --diagnose": (1,),
        f"pytest {URL} cases/flows/idempotency-bills.toml": (1,),
    },
    "docs/write-a-case.md": {
        f"pytest {URL} mine/flows/slip.toml": (2,),
        f"pytest {URL} mine/flows/pallets.toml": (0, 1),  # the second time against a fault
    },
}


def prepare(page: str, shell: Shell) -> None:
    """What the reader of this page has already."""
    Path("elsewhere").mkdir()
    if page == "docs/callers.md":
        har(Path("recorded.har"), entry(heard_call()))
    shell.run("export QIMEN_APP_KEY=… QIMEN_SECRET=… QIMEN_CUSTOMER_ID=…")
    if page != "docs/certify.md":  # there it is made
        shell.write("target.toml", TARGET)


@cache
def conformant_run() -> str:
    """The events of a whole run in which every case passed, as far as a certificate looks at them."""
    head = {
        "type": "run",
        "format": 1,
        "suite": suite().to_json(),
        "target": "demo",
        "url": PLACE,
        "level": "must",
    }
    head |= {"roles": [], "methods": [], "seed": "QDOCS00", "started": "2026-11-22T10:00:00+08:00"}
    events = [head]
    empty = {"status": "pass", "cause": "", "findings": [], "requests": 1, "seconds": 0.0}
    for case in (case for path in bundled_files() for case in bundled_cases(path)):
        named = {"id": case.id, "method": case.method, "role": case.role, "level": case.level.value}
        known = {"family": case.family, "requirements": list(case.requirements)}
        events.append({"type": "case", **named, **known, **empty})
    events.append({"type": "end", "ended": datetime.now(UTC).isoformat()})
    return "".join(f"{json.dumps(event)}\n" for event in events)


@cache
def sent_run() -> str:
    """The events of a whole run of scenarios in which a system did everything right."""
    run = sent()
    end = EndRecord(datetime.now(UTC).isoformat())
    return "".join(f"{json.dumps(line.to_json())}\n" for line in (run.head, *run.cases, end))


@pytest.fixture
def shell(
    request: pytest.FixtureRequest, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    page = request.getfixturevalue("page")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "step.md")
    monkeypatch.setenv("HERE", str(pytester.path))
    with serve(faults=FAULT.get(page, ())) as url:
        made = Shell(pytester, monkeypatch, url)
        prepare(page, made)
        yield made
        made.close()


def is_run(command: str) -> bool:
    return not any(command.startswith(start) for start in NOT_RUN)


def narrowed(command: str) -> str:
    """The command, with one method where it would run all of the suite."""
    words = shlex.split(command, comments=True)
    files = [word for word in words[1:] if re.search(r"(?<!target)\.(toml|py)$", word)]
    small = {"--qimen-method", "--qimen-fuzz", "--help"} & set(words) or files
    return command if words[0] != "pytest" or small else f"{command} {HEARTBEAT}"


RUN = [page for page, path in PAGES.items() if "```console" in path.read_text("utf-8")]


@pytest.mark.parametrize("page", RUN)
def test_every_command_does_what_the_page_says(page: str, shell: Shell) -> None:
    for step, out in played(page, shell):
        assert not step.shown or matches(step.shown, out), f"{out}\n\nwas shown as\n\n{step.shown}"


@pytest.mark.parametrize(
    "page", [page for page in RUN if page == "README.md" or (ROOT / "docs" / "zh" / Path(page).name).exists()]
)
def test_every_command_of_a_page_in_chinese_ends_the_same(
    page: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Chinese pages have these commands, too: tests/house/test_docs_lists.py compares them."""
    monkeypatch.setenv("QIMEN_LANG", "zh")
    told = [out for _, out in played(page, shell)]
    assert not any("Traceback (most recent" in out for out in told)
    assert any(CHINESE.search(out) for out in told)


def played(page: str, shell: Shell) -> Iterator[tuple[Step, str]]:
    """Yield each command of the page that is run, and what it printed; its exit status is as wanted."""
    turns: Counter[str] = Counter()
    for step in steps(PAGES[page].read_text("utf-8")):
        if step.file:
            shell.write(step.file, step.text)
        elif is_run(step.command):
            if step.command.startswith("qimen certify-result"):
                for folder in ("report", "answered"):
                    shell.write(f"{folder}/events.jsonl", conformant_run())
                shell.write("sent/events.jsonl", sent_run())
            status, out = shell.run(narrowed(shortened(step.command, SHORTER)))
            start = next((one for one in STATUS.get(page, ()) if step.command.startswith(one)), "")
            wanted = STATUS[page][start] if start else (0,)
            assert status == wanted[min(turns[start], len(wanted) - 1)], f"{step.command}\n{out}"
            yield step, out
            turns[start] += 1


def test_what_is_not_run_is_somewhere() -> None:
    commands = [step.command for path in PAGES.values() for step in steps(path.read_text("utf-8"))]
    for start in (*NOT_RUN, *(start for table in STATUS.values() for start in table)):
        assert any(command.startswith(start) for command in commands), start
    for long in SHORTER:
        assert any(long in command for command in commands), long


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ("…\n2 failed in 0.28s\n…", "a\nb\n17 failed in 1.31s\nc"),
        ("wms      17     ·", "wms       3  ·"),
        ("curl '…&sign=***' …", "curl 'http://x?a=1&sign=***' -H x"),
        ("==== 1 passed in 0.1s ====", "= 20 passed in 10.17s =="),
    ],
)
def test_output_that_is_as_shown(shown: str, real: str) -> None:
    assert matches(shown, real)


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ("…\nnon-conformant", "a\nconformant"),
        ("wms  17  ·", "wms  ·  17"),
        ("first\nsecond", "first\nother\nsecond"),
        ("failed", "4 failed"),
    ],
)
def test_output_that_is_not_as_shown(shown: str, real: str) -> None:
    assert not matches(shown, real)


EVERY = [*PAGES.values(), ROOT / "README.zh-CN.md", *(ROOT / "docs" / "zh").glob("*.md")]


def test_no_page_elsewhere_has_commands() -> None:
    """Pages beside these say what they say without blocks, so that nothing in them goes unrun."""
    folders = ("", "cases/", "tests/", "benchmarks/", "docs/", "docs/zh/")
    pages = {path for folder in folders for path in ROOT.glob(f"{folder}*.md")}
    assert {path for path in pages if "```" in path.read_text("utf-8")} <= set(EVERY)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_block_and_no_command_of_a_page_is_overlooked(path: Path) -> None:
    """Chinese pages have the blocks of the English ones: tests/house/test_docs_lists.py compares them."""
    text = path.read_text("utf-8")
    found = blocks(text)
    assert len(re.findall(r"^[ \t>]*(?:```|~~~)", text, re.M)) == 2 * len(found)
    assert {language for language, _ in found} <= {
        "console",
        "groovy",
        "json",
        "python",
        "toml",
        "xml",
        "yaml",
    }
    written = [line for language, block in found if language == "console" for line in block.splitlines()]
    typed = [line for line in written if line.startswith("$ ")]
    assert [line.removeprefix("$ ") for line in typed] == [
        step.command.partition("\n")[0] for step in steps(text) if f"$ {step.command}" in typed
    ]
