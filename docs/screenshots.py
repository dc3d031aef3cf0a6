"""A run against a broken embedded endpoint in, docs/images/*.png out: report.html as Chromium shows it.

`make screenshots` runs it; Debian's chromium and the extra `browser` (Playwright) have to be there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve

IMAGES = Path(__file__).with_name("images")
FAULTS = ("need-not-checked", "length-not-checked", "emoji-lost", "document-replay-doubles")
METHODS = "entryorder.*,order.cancel,inventory.query,service.heartbeat,stockout.create"
FINDING = "#case/wms/entryorder.query/request/page/absent"
SHOTS: Mapping[str, tuple[str, str, str]] = {  # name -> language, colours, address
    "report": ("en-US", "light", ""),
    "finding": ("en-US", "light", FINDING),
    "report-zh-dark": ("zh-CN", "dark", ""),
}
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


def make_report(folder: Path) -> Path:
    """The report.html of a run that finds the faults."""
    with serve(faults=FAULTS) as url:
        target = folder / "target.toml"
        target.write_text(f'name = "our WMS, test environment"\nurl = "{url}"\nroles = ["wms"]\n', "utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--qimen-target",
            str(target),
        ]
        command += ["--qimen-role", "wms", "--qimen-method", METHODS, "--qimen-report", str(folder)]
        keys = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
        subprocess.run(command, cwd=folder, env={**environment(), **keys}, stdout=subprocess.DEVNULL)
    return folder / "report.html"


def environment() -> dict[str, str]:
    """Only what finds Python and the endpoint: no options of the caller's."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def shoot(browser: Any, report: Path, name: str, folder: Path = IMAGES) -> Path:
    """One picture of the report."""
    language, colours, address = SHOTS[name]
    context = browser.new_context(
        viewport={"width": 1040, "height": 660}, locale=language, color_scheme=colours
    )
    page = context.new_page()
    page.goto(f"{report.as_uri()}{address}")
    page.wait_for_selector("html[data-ready]")
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    context.close()
    return path


def main() -> None:
    """Write every picture and say how large it is."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="qimen-") as folder, sync_playwright() as playwright:
        report = make_report(Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(SWITCHES))
        for name in SHOTS:
            path = shoot(browser, report, name)
            print(f"{path.relative_to(IMAGES.parents[1])}  {path.stat().st_size // 1024} kB")
        browser.close()


if __name__ == "__main__":
    main()
