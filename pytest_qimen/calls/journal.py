"""Calls in, what they show together out: keys that were used twice, messages that came again."""

import sqlite3
from pathlib import Path
from typing import NamedTuple

from pytest_qimen.calls.call import Call

_TABLES = """
CREATE TABLE call (number INTEGER PRIMARY KEY, place TEXT, method TEXT, stamp TEXT, moment REAL, outcome TEXT,
                   fingerprint TEXT, whole TEXT, split INTEGER);
CREATE TABLE key (call INTEGER, path TEXT, name TEXT, value TEXT, content TEXT, message INTEGER);
CREATE INDEX key_value ON key (name, value);
CREATE INDEX call_whole ON call (whole);
CREATE INDEX call_fingerprint ON call (fingerprint);
"""


class Earlier(NamedTuple):
    """A call that came before another and has something in common with it."""

    place: str
    method: str
    stamp: str
    moment: float | None
    outcome: str


class Journal:
    """All calls of a session or a recording, in the order in which they came; kept in SQLite."""

    def __init__(self, path: Path | None = None) -> None:
        """`path` is where it is kept; without one SQLite keeps in a temporary file what is too much."""
        self._database = sqlite3.connect(path or "", isolation_level=None)
        self._database.executescript(f"PRAGMA synchronous=OFF; {_TABLES}")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def add(self, call: Call) -> None:
        """Add one call behind all others."""
        moment = call.heard.at.timestamp() if call.heard.at else None
        split = bool(call.root is not None and next(call.root.iter("{*}totalOrderLines"), None) is not None)
        self._database.execute(
            "INSERT INTO call VALUES (?,?,?,?,?,?,?,?,?)",
            (
                *(call.number, call.heard.place, call.api.method if call.api else "", call.get("timestamp")),
                *(moment, call.outcome, call.fingerprint, call.whole, split),
            ),
        )
        self._database.executemany(
            "INSERT INTO key VALUES (?,?,?,?,?,?)",
            [(call.number, key.path, key.name, key.value, key.content, key.is_message) for key in call.keys],
        )

    def other_content(self, call: Call, name: str, value: str, content: str) -> Earlier | None:
        """Return the first call that used this message key for something else.

        A bill number is unique over all methods, an outBizCode and a messageId within one.
        """
        within = "" if name not in ("outBizCode", "messageId") else "AND call.method = :method"
        return self._first(
            f"FROM key JOIN call ON call.number = key.call WHERE key.name = :name AND key.value = :value"
            f" AND key.content != :content AND call.number < :number {within}",
            call,
            name=name,
            value=value,
            content=content,
        )

    def other_document(self, call: Call, name: str, value: str) -> Earlier | None:
        """Return the first accepted call of the method that used this document code for another document.

        The parts of a split document share its code.
        """
        return self._first(
            "FROM key JOIN call ON call.number = key.call WHERE key.name = :name AND key.value = :value"
            " AND call.method = :method AND call.fingerprint != :fingerprint AND call.outcome = 'success'"
            " AND NOT call.split AND call.number < :number",
            call,
            name=name,
            value=value,
        )

    def same_message(self, call: Call) -> Earlier | None:
        """Return the last call before that carried exactly this message."""
        return self._first(
            "FROM call WHERE call.whole = :whole AND call.method = :method AND call.number < :number",
            call,
            last=True,
        )

    def twin(self, call: Call) -> Earlier | None:
        """Return the last call with this content under other keys whose answer was unclear."""
        if not any(key.is_message for key in call.keys):
            return None
        return self._first(
            "FROM call WHERE call.fingerprint = :fingerprint AND call.method = :method"
            " AND call.whole != :whole AND call.outcome = 'unclear' AND call.number < :number"
            " AND NOT EXISTS (SELECT 1 FROM key AS old JOIN key AS new"
            " ON new.name = old.name AND new.value = old.value"
            " WHERE old.call = call.number AND new.call = :number AND old.message)"
            " AND EXISTS (SELECT 1 FROM key WHERE key.call = call.number AND key.message)",
            call,
            last=True,
        )

    def _first(self, source: str, call: Call, *, last: bool = False, **values: str) -> Earlier | None:
        known = {
            "number": call.number,
            "method": call.api.method if call.api else "",
            "fingerprint": call.fingerprint,
            "whole": call.whole,
        }
        order = "DESC" if last else "ASC"
        found = self._database.execute(
            "SELECT call.place, call.method, call.stamp, call.moment, call.outcome "
            f"{source} ORDER BY call.number {order} LIMIT 1",
            known | values,
        ).fetchone()
        return Earlier(*found) if found else None
