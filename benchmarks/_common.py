"""What the benchmarks share: the endpoint, processes under a clock, Figures in, lines or table rows out."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target

HERE = Path(__file__).parent
ROUNDS = 5
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull)


@dataclass(frozen=True, slots=True)
class Figure:
    """One result; `target` is the least that is wanted of `value`, or with `most` the most."""

    what: str
    value: float
    unit: str
    target: float | None = None
    most: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether there is no target or it is reached."""
        if self.target is None:
            return True
        return self.value <= self.target if self.most else self.value >= self.target

    def wanted(self) -> str:
        """The target in words."""
        sign = "≤" if self.most else "≥"
        return "" if self.target is None else f"{sign} {self.target:g}"

    def shown(self) -> str:
        """The value, with as many digits as mean something."""
        return f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:.2f}"

    def line(self) -> str:
        """For the terminal."""
        verdict = ("", "met" if self.met else "MISSED")[self.target is not None]
        return f"{self.what:64} {self.shown():>9} {self.unit:9} {self.wanted():7} {verdict:6} {self.note}"

    def row(self) -> str:
        """For RESULTS.md."""
        verdict = ("–", "met" if self.met else "**not met**")[self.target is not None]
        return (
            f"| {self.what} | {self.shown()} {self.unit} | {self.wanted() or '–'} | {verdict} | {self.note} |"
        )


def main(measure: Callable[[], Iterator[Figure]], process: Callable[[], None] | None = None) -> int:
    """Print the figures as they come; 1 only for `--check` and a target that is missed.

    As `script alone` do what the script wants of a process of its own.
    """
    if process and sys.argv[1:] == ["alone"]:
        process()
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("--rows", action="store_true", help="print rows of a Markdown table")
    options = parser.parse_args()
    missed = False
    for figure in measure():
        missed |= not figure.met
        print(figure.row() if options.rows else figure.line(), flush=True)
    return int(options.check and missed)


@contextmanager
def endpoint(delay: float = 0.0) -> Iterator[str]:
    """The URL of an endpoint in a process of its own, fresh, answering so many seconds late."""
    command = [sys.executable, str(HERE / "_endpoint.py"), *([str(delay)] if delay else [])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


def together(script: str, count: int) -> float:
    """What so many processes of `script alone` do a second between them; all begin when the last is ready."""
    command = [sys.executable, script, "alone"]
    with ExitStack() as stack:
        made = [
            stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(count)
        ]
        for process in made:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in made:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        return sum(float(process.stdout.readline()) for process in made if process.stdout)


def alone(act: Callable[[], int], times: int) -> None:
    """For a process of `together`: act once to be ready, wait for the word, print what is done a second."""
    act()
    print("ready", flush=True)
    input()
    start = perf_counter()
    done = sum(act() for _ in range(times))
    print(done / (perf_counter() - start), flush=True)


def gain(script: str) -> Figure:
    """How many times as much as one process those of all cores do, each with an endpoint of its own."""
    cores = os.cpu_count() or 1
    found = medians({"all": lambda: together(script, cores), "one": lambda: together(script, 1)})
    what = f"{cores} processes, an endpoint each / 1 process"
    return Figure(what, found["all"] / found["one"], "x", 1.5, note=f"{found['all']:,.0f} /s")


def target(url: str) -> Target:
    """The endpoint with its keys."""
    return embedded_target(Target(url="", app_key="", secret=""), url)


def environment() -> Mapping[str, str]:
    """That of a user: Python keeps its bytecode (here in a folder for temporary files), keys are known."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    bytecode = str(Path(tempfile.gettempdir()) / "qimen-bench-bytecode")
    keys = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
    return {**kept, **keys, "PYTHONPYCACHEPREFIX": bytecode}


@dataclass(frozen=True, slots=True)
class Timed:
    """How a process ended: its seconds, the most memory that it held in MB, what it printed."""

    seconds: float
    megabytes: float
    out: str


def timed(command: Sequence[str], folder: Path | str | None = None, codes: Sequence[int] = (0,)) -> Timed:
    """Run the command to its end; RuntimeError, with what it printed, for another exit status."""
    start = perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            command,
            cwd=folder or tempfile.gettempdir(),
            env=environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if process.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)}: exit status {process.returncode}\n{text[-3000:]}")
    return Timed(seconds, usage.ru_maxrss / 1024, text)


def medians(ways: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """What each way gives, all taking turns: the median of the rounds."""
    found = [{name: act() for name, act in ways.items()} for _ in range(rounds)]
    return {name: median(one[name] for one in found) for name in ways}
