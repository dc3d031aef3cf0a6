"""The outcome of a property in, the same with its failing example kept as a case file out."""

from dataclasses import replace
from pathlib import Path

from pytest_qimen.cases import flow_toml
from pytest_qimen.reasons import Drawn
from pytest_qimen.runner import Outcome
from pytest_qimen.verdict import Status


def kept(outcome: Outcome, seed: int, folder: Path | None) -> Outcome:
    """`outcome`; where it shows a defect with the seed and the file in `folder/flows` that holds its example.

    `pytest --qimen-url URL FILE` runs exactly this example again, with fresh keys. A property that holds
    leaves no file, and none of an earlier run.
    """
    name = f"{outcome.case.id.replace('/', '-')}.toml"
    file = folder / "flows" / name if folder else None
    if outcome.status not in (Status.FAIL, Status.WARN):
        if file and outcome.status is Status.PASS:
            file.unlink(missing_ok=True)
        return outcome
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        head = f"# Found by {outcome.case.id}, --qimen-seed {seed}\n"
        file.write_text(head + flow_toml(replace(outcome.case, control=None)), "utf-8")
    old = outcome.reason
    moves, inner = (old.moves, old.reason) if isinstance(old, Drawn) else ("", old)
    return replace(outcome, reason=Drawn(seed, str(file or ""), moves, inner))
