"""Runs of pytest with the plugin."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve

# In a source checkout the bundled cases lie beside the project's own conftest.py, which is for its tests.
ALWAYS = ("-W", "error", "-p", "no:cacheprovider", "--noconftest")
HEARTBEAT, SHOP = "cases/wms/service.heartbeat.toml", "cases/wms/shop.synchronize.toml"
ANSWER = "cases/protocol/answer.toml"
CODES = ("-k", "code-list or minimal")
KEYS = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
Result = pytest.RunResult
Go = Callable[..., Result]


@contextmanager
def faulty(*faults: str, **settings: Any) -> Iterator[str]:
    with serve(faults=faults, **settings) as url:
        yield url


def results(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    return found


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text("utf-8").splitlines()]


def statuses(folder: Path) -> dict[str, str]:
    return {case["id"]: case["status"] for case in results(folder)["cases"]}


def verdict(result: Result) -> str:
    return next((line for line in result.outlines if line.startswith("verdict: ")), "none")


def own(pytester: pytest.Pytester, name: str, text: str) -> str:
    path = pytester.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return name
