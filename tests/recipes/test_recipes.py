"""The steps of action.yml, of the Dockerfile and of the pre-commit hook, run as they stand, in clean folders.

Without a network: what pip would fetch is lent by this environment.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_qimen import load_api, xml
from pytest_qimen.messages import samples
from pytest_qimen.reference.serve import serve
from tests.support.console import KEYS, blocks, scripts

ROOT = Path(__file__).parents[2]
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
HEARTBEAT = "cases/wms/service.heartbeat.toml"


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which pip finds everything but this project."""
    place = tmp_path_factory.mktemp("lent")
    for path in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if "qimen" not in path.name and path.suffix != ".pth":
            (place / path.name).symlink_to(path)
    pip = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PYTEST_", "QIMEN_"))}
    return kept | KEYS | pip | {"PYTHONPATH": str(place), "CI": "true"}


def bash(script: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Exit status and output, run as GitHub and Docker run a step."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=folder, env=dict(environment), capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def copied(names: list[str], to: Path) -> None:
    """Copy files, or what is in a folder, as COPY does."""
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to)


def dockerfile() -> list[tuple[str, str]]:
    """(instruction, its text), in order."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word != "#"]


def test_the_steps_of_the_dockerfile_make_a_suite_that_runs(tmp_path: Path, lent: Mapping[str, str]) -> None:
    venv.create(tmp_path / "image", with_pip=True)
    environment = {**lent, "PATH": f"{tmp_path / 'image' / 'bin'}:{lent['PATH']}"}
    work = tmp_path
    start: dict[str, list[str]] = {}
    for word, rest in dockerfile():
        if word == "COPY":
            *names, to = shlex.split(rest)
            copied(names, tmp_path / to.strip("/"))
        elif word == "RUN":
            status, out = bash(rest.replace("/src", str(tmp_path / "src")), work, environment)
            assert status == 0, out
        elif word == "WORKDIR":
            work = tmp_path / rest.strip("/")
            work.mkdir()
        elif word in ("ENTRYPOINT", "CMD"):
            start[word] = json.loads(rest)
        else:
            assert (word, rest) == ("FROM", "python:3.12-slim")
    shutil.rmtree(tmp_path / "src")  # the image runs what was installed
    said = bash(shlex.join([*start["ENTRYPOINT"], *start["CMD"]]), work, environment)
    assert (said[0], "usage: qimen" in said[1]) == (0, True), said
    with serve() as url:
        status, out = bash(shlex.join([*start["ENTRYPOINT"], "test", url, HEARTBEAT]), work, environment)
    assert (status, "verdict: conformant" in out) == (0, True), out


def distribution(to: Path) -> None:
    """Copy what an installation is made from."""
    copied(["pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"], to)
    for name in ("pytest_qimen", "cases", "xsd"):
        copied([name], to / name)


def filled(text: str, inputs: Mapping[str, str]) -> str:
    for name, value in inputs.items():
        text = text.replace(f"${{{{ inputs.{name} }}}}", value)
    return text


def test_the_steps_of_the_action_test_an_endpoint(tmp_path: Path, lent: Mapping[str, str]) -> None:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    distribution(tmp_path / "action")
    work, summary = tmp_path / "work", tmp_path / "summary.md"
    work.mkdir()
    environment = {
        **lent,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(tmp_path / "action"),
        "GITHUB_STEP_SUMMARY": str(summary),
        "PATH": f"{Path(sys.executable).parent}:{lent['PATH']}",
    }
    with serve(faults=["need-not-checked"]) as url:
        inputs = {"report": action["inputs"]["report"]["default"]}
        inputs["args"] = f"--qimen-url {url} cases/wms/entryorder.query.toml"
        statuses = []
        for step in action["runs"]["steps"]:
            more = {name: filled(text, inputs) for name, text in step.get("env", {}).items()}
            status, out = bash(step["run"], work, environment | more)
            statuses.append(status)
            assert status == 0 or step["name"] == "test", out
    assert statuses == [0, 1, 0]  # red, and the summary is there all the same
    assert "non-conformant" in summary.read_text("utf-8")
    assert {"report.html", "junit.xml"} <= {path.name for path in (work / inputs["report"]).iterdir()}


def test_the_hook_checks_messages(tmp_path: Path, lent: Mapping[str, str]) -> None:
    """As `pre-commit try-repo` installs and runs it."""
    hooks, mine = tmp_path / "hooks", tmp_path / "mine"
    distribution(hooks)
    mine.mkdir()
    good, bad = mine / "entryorder.create.xml", mine / "entryorder.query.xml"
    good.write_bytes(xml.write(samples.minimal(load_api("wms/entryorder.create").request)))
    bad.write_text("<request/>", "utf-8")
    user = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**lent, **user, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    for folder in (hooks, mine):
        status, out = bash("git init -q . && git add . && git commit -q -m x", folder, environment)
        assert status == 0, out
    for file, wanted in ((good, 0), (bad, 1)):
        words = [PRE_COMMIT, "try-repo", hooks, "qimen-check", "--files", file.name]
        status, out = bash(shlex.join(map(str, words)), mine, environment)
        assert (status, f"{file.name}: wms/entryorder" in out) == (wanted, wanted == 1), out


def test_no_recipe_writes_a_value_of_somebody_into_its_shell() -> None:
    """What an input holds must not become shell: it comes through the environment."""
    text = (ROOT / "action.yml").read_text("utf-8")
    assert not any("${{" in line for line in scripts(text))


def test_the_page_uses_the_action_and_the_hook_as_they_are() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    files = [
        yaml.safe_load(text)
        for kind, text in blocks((ROOT / "docs/ci.md").read_text("utf-8"))
        if kind == "yaml"
    ]
    steps = [step for file in files for job in file.get("jobs", {}).values() for step in job["steps"]]
    (step,) = [step for step in steps if step.get("uses", "").startswith("your-org/")]
    needed = {name for name, row in action["inputs"].items() if row.get("required")}
    assert needed <= set(step["with"]) <= set(action["inputs"])
    assert [one["id"] for file in files for repo in file.get("repos", ()) for one in repo["hooks"]] == [
        hook["id"]
    ]
