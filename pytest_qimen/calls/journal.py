"""Calls in, what they show together out: keys that were used twice, messages that came again, threads."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from pytest_qimen.calls.call import Call, Key
from pytest_qimen.calls.parts import is_part

_TABLES = """
CREATE TABLE IF NOT EXISTS call (number INTEGER PRIMARY KEY, place TEXT, method TEXT, sender TEXT, stamp TEXT,
    moment REAL, took REAL, outcome TEXT, fingerprint TEXT, whole TEXT, part INTEGER);
CREATE TABLE IF NOT EXISTS key (call INTEGER, name TEXT, value TEXT, content TEXT, message INTEGER,
    refused INTEGER);
CREATE TABLE IF NOT EXISTS thread (kind TEXT, name TEXT, state TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS key_value ON key (name, value);
CREATE INDEX IF NOT EXISTS key_call ON key (call);
CREATE INDEX IF NOT EXISTS call_whole ON call (whole);
CREATE INDEX IF NOT EXISTS call_fingerprint ON call (fingerprint, outcome);
"""
_FAST = "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; PRAGMA cache_size=-65536;"
TOGETHER = 100  # calls that are written down at once
NEAREST = 20  # calls that are looked at where many have the same content or the same key
State = TypeVar("State")


class Earlier(NamedTuple):
    """A call that came before another and has something in common with it."""

    place: str
    method: str
    stamp: str
    moment: float | None
    outcome: str
    took: float | None  # seconds that its answer took


class Journal:
    """All calls of a session or a recording, in the order in which they came; kept in SQLite."""

    def __init__(self, path: Path | None = None) -> None:
        """`path` is where it is kept; without one in a file of SQLite's own that goes when it is closed."""
        self._database = sqlite3.connect(path or "", isolation_level=None)
        self.sent: dict[str, set[str]] = {}  # the fields that came so far, by the name of the Api
        self.began: float | None = None  # when the first call came, where that is known
        self._database.executescript(f"{_FAST}{_TABLES}")
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Write down what is not written yet, and close the database."""
        self._database.execute("COMMIT")
        self._database.close()

    def add(self, call: Call) -> None:
        """Add one call behind all others."""
        moment = call.heard.at.timestamp() if call.heard.at else None
        if call.number % TOGETHER == 0:
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")
        if call.api and call.root is not None:
            self.sent.setdefault(call.api.name, set()).update(call.fields)
        self.began = moment if self.began is None else self.began
        self._database.execute(
            "INSERT INTO call VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(call.number, call.heard.place, call.method, call.sender, call.get("timestamp"), moment),
                *(call.heard.took, call.outcome, call.fingerprint, call.whole, is_part(call)),
            ),
        )
        self._database.executemany(
            "INSERT INTO key VALUES (?,?,?,?,?,?)",
            [
                (call.number, key.name, key.value, key.content, key.is_message, call.refused(key.value))
                for key in call.keys
            ],
        )

    def other_content(self, call: Call, key: Key) -> Earlier | None:
        """Return the first call of this sender that used the message key for something else.

        A bill number is unique over all methods, an outBizCode and a messageId within one. The parts of one
        document, and the pages of one report, may share theirs; what was refused may be mended under its own.
        """
        within = "AND call.method = :method" if key.name in ("outBizCode", "messageId") else ""
        return self._first(
            "FROM (SELECT * FROM key WHERE name = :name AND value = :value ORDER BY rowid LIMIT :nearest)"
            " AS key JOIN call ON call.number = key.call"
            " WHERE key.content != :content AND call.number < :number AND NOT key.refused"
            f" AND call.sender = :sender AND NOT (call.part AND :part) {within} ORDER BY call.number",
            call,
            name=key.name,
            value=key.value,
            content=key.content,
            part=is_part(call),
        )

    def same_message(self, call: Call) -> Earlier | None:
        """Return the last call of this sender before that carried exactly this message."""
        return self._first(
            "FROM call WHERE whole = :whole AND method = :method AND sender = :sender AND number < :number"
            " ORDER BY number DESC",
            call,
        )

    def twin(self, call: Call, outcome: str, key: Key) -> Earlier | None:
        """Return the last call with this content and outcome in which `key` and all others were others."""
        return self._first(
            "FROM (SELECT * FROM call WHERE fingerprint = :fingerprint AND outcome = :outcome"
            " AND number < :number ORDER BY number DESC LIMIT :nearest) AS call"
            " WHERE call.method = :method AND call.sender = :sender AND call.whole != :whole"
            " AND NOT EXISTS (SELECT 1 FROM key AS old JOIN key AS new"
            " ON new.name = old.name AND new.value = old.value"
            " WHERE old.call = call.number AND new.call = :number AND old.message = :message)"
            " AND EXISTS (SELECT 1 FROM key WHERE key.call = call.number AND key.message = :message)"
            " ORDER BY call.number DESC",
            call,
            outcome=outcome,
            message=key.is_message,
        )

    def recall(self, kind: type[State], name: str) -> State:
        """Return what was kept of the thread `name`, a new state where nothing was."""
        row = self._database.execute(
            "SELECT state FROM thread WHERE kind = ? AND name = ?", (kind.__name__, name)
        ).fetchone()
        return kind(**json.loads(row[0])) if row else kind()

    def keep(self, name: str, state: object) -> None:
        """Keep what is known of the thread `name`: a dataclass of what JSON can hold."""
        text = json.dumps(vars(state), separators=(",", ":"))
        self._database.execute(
            "INSERT OR REPLACE INTO thread VALUES (?,?,?)", (type(state).__name__, name, text)
        )

    def threads(self, kind: type[State]) -> Iterator[State]:
        """Yield what is known of every thread of a kind."""
        rows = self._database.execute("SELECT state FROM thread WHERE kind = ?", (kind.__name__,))
        return (kind(**json.loads(row[0])) for row in rows)

    def _first(self, source: str, call: Call, **values: str | bool) -> Earlier | None:
        known: dict[str, str | int] = {
            "number": call.number,
            "method": call.method,
            "sender": call.sender,
            "fingerprint": call.fingerprint,
            "whole": call.whole,
            "nearest": NEAREST,
        }
        found = self._database.execute(
            "SELECT call.place, call.method, call.stamp, call.moment, call.outcome, call.took "
            f"{source} LIMIT 1",
            known | values,
        ).fetchone()
        return Earlier(*found) if found else None

    @property
    def last(self) -> int:
        """Return the number of the last call, 0 for none: a journal that is kept goes on behind it."""
        return int(self._database.execute("SELECT coalesce(max(number), 0) FROM call").fetchone()[0])
