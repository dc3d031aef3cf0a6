"""A folder in; what earlier runs have drawn, covered and found, kept for the next one, out.

`state.json` holds the seed, how many runs there were, what is covered and the causes; `examples/` is
Hypothesis's database; `flows/found-*.toml` are the failures, each a case file that pytest runs again.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from pytest_qimen.cases import Case
from pytest_qimen.cases.write import flow_toml
from pytest_qimen.errors import DataError, UsageError, unwritable
from pytest_qimen.phrases import say
from pytest_qimen.search.marks import Coverage

FORMAT = 1
STATE = "state.json"


@dataclass(frozen=True, slots=True)
class FailureKey:
    """One distinct failure: where it was seen, and what its message had that an ordinary one has not."""

    sign: tuple[str, ...]
    odd: frozenset[str]

    def explains(self, other: "FailureKey") -> bool:
        """Return True when the other failure is this one again, maybe with something more around it."""
        return self.sign == other.sign and self.odd <= other.odd

    def to_json(self) -> dict[str, Any]:
        """Return the members."""
        return {"sign": list(self.sign), "odd": sorted(self.odd)}

    @classmethod
    def from_json(cls, found: Any) -> "FailureKey":
        """Return the failure; KeyError or TypeError for what names none."""
        return cls(tuple(found["sign"]), frozenset(found["odd"]))


@dataclass(frozen=True, slots=True)
class Found:
    """A failure on its way into the corpus: its key, the words of its file's name, and its flow as TOML."""

    key: FailureKey
    words: str
    flow: str

    @classmethod
    def of(cls, key: FailureKey, case: Case) -> "Found":
        """Return the failure that a case shows."""
        words = re.sub(r"[^a-z0-9]+", "-", f"{case.role}-{case.method}-{case.id.rpartition('/')[2]}".lower())
        named = replace(case, id="flows/found/failure", judges="verdict", control=None)
        return cls(key, words, flow_toml(named))

    def to_json(self) -> dict[str, Any]:
        """Return the members."""
        return {**self.key.to_json(), "words": self.words, "flow": self.flow}

    @classmethod
    def from_json(cls, found: Any) -> "Found":
        """Return the failure that `to_json` returned."""
        return cls(FailureKey.from_json(found), found["words"], found["flow"])


@dataclass
class Corpus:
    """What one run takes over from the one before it."""

    folder: Path
    seed: int
    runs: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    causes: dict[FailureKey, str] = field(default_factory=dict)  # the name of its file
    counts: dict[FailureKey, int] = field(default_factory=dict)

    def known(self, cause: FailureKey) -> bool:
        """Return True when the failure has been found already; counts it."""
        for old in list(self.causes):
            if old.explains(cause):
                self.counts[old] = self.counts.get(old, 1) + 1
                return True
        return False

    def keep(self, cause: FailureKey, case: Case) -> Path | None:
        """Write the failure as a case file; return it where this process runs it."""
        return self.write(Found.of(cause, case))

    def write(self, found: Found) -> Path:
        """Write a failure as a case file, under a name of its own."""
        numbers = (len(self.causes) + extra for extra in range(1, 10**6))
        name = next(
            name for number in numbers if not self.path(name := f"found-{number:03}-{found.words}").exists()
        )
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Found by --qimen-fuzz: {' · '.join(found.key.sign)}\n{found.flow}", "utf-8")
        self.causes[found.key] = name
        return path

    def path(self, name: str) -> Path:
        """Return the case file of this name."""
        return self.folder / "flows" / f"{name}.toml"

    def files(self) -> list[Path]:
        """Return the case files of every failure found so far."""
        return sorted((self.folder / "flows").glob("found-*.toml"))

    def state(self) -> dict[str, Any]:
        """Return what the next run takes over, as state.json holds it."""
        return {
            "format": FORMAT,
            "seed": self.seed,
            "runs": self.runs,
            "covered": {arm: sorted(marks) for arm, marks in sorted(self.coverage.seen.items())},
            "causes": [
                {**cause.to_json(), "file": name, "seen": self.counts.get(cause, 1)}
                for cause, name in self.causes.items()
            ],
        }

    def take(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned; KeyError, TypeError and their like for what is none of that."""
        self.coverage = Coverage(state["covered"])
        for row in state["causes"]:
            cause = FailureKey.from_json(row)
            self.causes[cause], self.counts[cause] = row["file"], row["seen"]

    def save(self) -> None:
        """Write the state down, in one piece."""
        draft = self.folder / f".{STATE}.part"
        draft.write_text(json.dumps(self.state(), ensure_ascii=False, indent=1), "utf-8")
        os.replace(draft, self.folder / STATE)


def open_corpus(folder: Path, seed: int) -> Corpus:
    """Return the corpus of a folder, new where there is none, without failures whose file is gone.

    UsageError where the folder cannot be written, DataError for a state.json that is not ours.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f".{STATE}.part").write_text("", "utf-8")
        text = (folder / STATE).read_text("utf-8") if (folder / STATE).exists() else ""
    except OSError as error:
        raise unwritable("--qimen-corpus", error) from None
    if not text:
        return Corpus(folder, seed)
    try:
        state = json.loads(text)
        if state["format"] > FORMAT:
            raise DataError(
                folder / STATE, "format", say("format-later", version=state["format"], format=FORMAT)
            )
        corpus = Corpus(folder, seed or state["seed"], state["runs"] + 1)
        corpus.take(state)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(folder / STATE, say("the-file"), say("no-fuzz-state")) from None
    corpus.causes = {one: name for one, name in corpus.causes.items() if corpus.path(name).exists()}
    return corpus


def database(where: str, folder: Path) -> ExampleDatabase:
    """Return Hypothesis's examples: a folder, that of the corpus by default, or `redis://host:port/0`."""
    if not where.startswith(("redis://", "rediss://")):
        return DirectoryBasedExampleDatabase(Path(where) if where else folder / "examples")
    try:
        import redis
        from hypothesis.extra.redis import RedisExampleDatabase
    except ImportError:
        raise UsageError(say("redis-needs")) from None
    try:
        client = redis.Redis.from_url(where, socket_connect_timeout=5)
        client.ping()
    except (redis.RedisError, ValueError) as error:
        raise UsageError(say("told", place="--qimen-database", why=str(error))) from None
    return RedisExampleDatabase(client, key_prefix=b"pytest-qimen:")


class Own(ExampleDatabase):
    """The part of a database that belongs to one arm."""

    def __init__(self, whole: ExampleDatabase, name: str) -> None:
        super().__init__()
        self._whole, self._name = whole, name.encode() + b"\0"

    def fetch(self, key: bytes) -> Iterable[bytes]:
        """Yield the examples of a key."""
        return self._whole.fetch(self._name + key)

    def save(self, key: bytes, value: bytes) -> None:
        """Keep an example."""
        self._whole.save(self._name + key, value)

    def delete(self, key: bytes, value: bytes) -> None:
        """Forget an example."""
        self._whole.delete(self._name + key, value)
