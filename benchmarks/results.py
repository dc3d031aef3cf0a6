"""Every benchmark run, RESULTS.md written: the figures, their targets, and on what they were taken.

.venv/bin/python benchmarks/results.py [NAME…]      only these, the sections of the others are kept
"""

import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count, getloadavg
from pathlib import Path

import _peers
from _common import HERE, environment

NAMES = (
    "engine",
    "suite",
    "generation",
    "properties",
    "start",
    "certification",
    "latency",
    "listen",
    "scale",
    "search",
)
LIBRARIES = ("pytest", "pytest-xdist", "hypothesis", "lxml", "httpx")
FILE = HERE / "RESULTS.md"
HEAD = """# What it costs

Written by `make bench` (`benchmarks/results.py`); each script can be run alone. No test is timed and no
target fails a build. **raw** is one bare keep-alive socket that sends the same bytes to the same endpoint,
the embedded one in a process of its own, and reads the answers: nothing is composed, signed or judged. Ratios
are medians of at least five rounds in which all ways take turns; what takes minutes ran once. Each section
names the machine on which it was taken: only ratios are to be compared from one to another.

"""


def machine() -> str:
    """Processor, cores, versions."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.*)$", info.read_text(), re.MULTILINE) if info.exists() else []
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    peers = ", ".join(f"{tool} {_peers.version(tool) or '(not installed)'}" for tool in _peers.TOOLS)
    return (
        f"{(names or [platform.processor()])[0]}, {cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}; peers: {peers}"
    )


def section(name: str) -> str:
    """The table of one script, run now."""
    began, load = datetime.now(UTC), getloadavg()[0]
    command = [sys.executable, str(HERE / f"{name}.py"), "--rows"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment())
    minutes = (datetime.now(UTC) - began).total_seconds() / 60
    words = (HERE / f"{name}.py").read_text().split('"""')[1].split("    .venv")[0].strip()
    print(done.stdout, flush=True)
    return (
        f"## {name}\n\n{words}\n\n`python benchmarks/{name}.py`, {began:%Y-%m-%d %H:%M} UTC, "
        f"{minutes:.1f} minutes, load at the start {load:.2f}; {machine()}\n\n"
        f"| what | figure | target | | |\n| --- | ---: | ---: | --- | --- |\n{done.stdout}\n"
    )


def kept() -> dict[str, str]:
    """The sections that are there already, by name."""
    parts = re.split(r"(?m)^(?=## )", FILE.read_text())[1:] if FILE.exists() else []
    return {part.split("\n")[0].removeprefix("## "): f"{part.rstrip()}\n\n" for part in parts}


def main(names: list[str]) -> None:
    """Run the scripts, write the file after each."""
    _peers.install()
    for name in names or NAMES:
        made = section(name)
        found = kept() | {name: made}
        parts = [found[each] for each in NAMES if each in found]
        FILE.write_text(f"{HEAD}{''.join(parts).rstrip()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
