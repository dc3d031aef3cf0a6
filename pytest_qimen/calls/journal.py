"""Calls in, what they show together out: keys that were used twice, messages that came again, threads."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from pytest_qimen.calls.call import Call, Key
from pytest_qimen.calls.parts import is_part

_TABLES = """
CREATE TABLE call (number INTEGER PRIMARY KEY, place TEXT, method TEXT, stamp TEXT, moment REAL, outcome TEXT,
                   fingerprint TEXT, whole TEXT, part INTEGER, took REAL);
CREATE TABLE key (call INTEGER, path TEXT, name TEXT, value TEXT, content TEXT, message INTEGER);
CREATE INDEX key_value ON key (name, value);
CREATE INDEX key_call ON key (call);
CREATE INDEX call_whole ON call (whole);
CREATE INDEX call_fingerprint ON call (fingerprint);
CREATE TABLE thread (kind TEXT, name TEXT, state TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
"""
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
        self._database.executescript(f"PRAGMA synchronous=OFF; {_TABLES}")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def add(self, call: Call) -> None:
        """Add one call behind all others."""
        moment = call.heard.at.timestamp() if call.heard.at else None
        if call.api and call.root is not None:
            self.sent.setdefault(call.api.name, set()).update(call.fields)
        self.began = moment if self.began is None else self.began
        self._database.execute(
            "INSERT INTO call VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                *(call.number, call.heard.place, call.api.method if call.api else "", call.get("timestamp")),
                *(moment, call.outcome, call.fingerprint, call.whole, is_part(call), call.heard.took),
            ),
        )
        self._database.executemany(
            "INSERT INTO key VALUES (?,?,?,?,?,?)",
            [(call.number, key.path, key.name, key.value, key.content, key.is_message) for key in call.keys],
        )

    def other_content(self, call: Call, name: str, value: str, content: str) -> Earlier | None:
        """Return the first call that used this message key for something else.

        A bill number is unique over all methods, an outBizCode and a messageId within one. The parts of one
        document, and the pages of one report, may share theirs.
        """
        within = "" if name not in ("outBizCode", "messageId") else "AND call.method = :method"
        return self._first(
            f"FROM key JOIN call ON call.number = key.call WHERE key.name = :name AND key.value = :value"
            f" AND key.content != :content AND call.number < :number AND NOT (call.part AND :part) {within}",
            call,
            name=name,
            value=value,
            content=content,
        )

    def same_message(self, call: Call) -> Earlier | None:
        """Return the last call before that carried exactly this message."""
        return self._first(
            "FROM call WHERE call.whole = :whole AND call.method = :method AND call.number < :number",
            call,
            last=True,
        )

    def twin(self, call: Call, outcome: str, key: Key) -> Earlier | None:
        """Return the last call with this content and outcome in which `key` and all others were others."""
        return self._first(
            "FROM call WHERE call.fingerprint = :fingerprint AND call.method = :method"
            " AND call.whole != :whole AND call.outcome = :outcome AND call.number < :number"
            " AND NOT EXISTS (SELECT 1 FROM key AS old JOIN key AS new"
            " ON new.name = old.name AND new.value = old.value"
            " WHERE old.call = call.number AND new.call = :number AND old.message = :message)"
            " AND EXISTS (SELECT 1 FROM key WHERE key.call = call.number AND key.message = :message)",
            call,
            last=True,
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

    def _first(self, source: str, call: Call, *, last: bool = False, **values: str | bool) -> Earlier | None:
        known: dict[str, str | int] = {
            "number": call.number,
            "method": call.api.method if call.api else "",
            "fingerprint": call.fingerprint,
            "whole": call.whole,
            "part": is_part(call),
        }
        order = "DESC" if last else "ASC"
        found = self._database.execute(
            "SELECT call.place, call.method, call.stamp, call.moment, call.outcome, call.took "
            f"{source} ORDER BY call.number {order} LIMIT 1",
            known | values,
        ).fetchone()
        return Earlier(*found) if found else None
