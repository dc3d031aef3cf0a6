"""SQLite underneath everything: a transaction per request in, rows out; what fails leaves no trace."""

import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.reference.data import Data, dump, load

CHINA = timezone(timedelta(hours=8))

SCHEMA = """
create table if not exists seen (  -- what makes a request or a line a replay
  kind text, scope text, key text, at real, primary key (kind, scope, key)) without rowid;
create table if not exists counters (name text primary key, value integer) without rowid;
create table if not exists orders (
  id integer primary key, family text, code text, public text, owner text, warehouse text, type text,
  status text, hung integer default 0, expected integer default 0, created text, changed text, head text,
  unique (family, code));
create index if not exists orders_by_code on orders (code);
create index if not exists orders_by_owner on orders (owner, changed);
create table if not exists lines (
  id integer primary key, parent integer, line text, actual integer default 0, data text);
create index if not exists lines_by_parent on lines (parent, id);
create index if not exists lines_by_key on lines (parent, line);
create table if not exists steps (  -- the life of an order
  id integer primary key, parent integer, status text, time text, data text);
create index if not exists steps_by_parent on steps (parent, id);
create table if not exists reports (  -- what a warehouse reported, by method and document
  id integer primary key, method text, code text, data text);
create index if not exists reports_by_code on reports (method, code, id);
create table if not exists records (  -- master data: items, mappings, shops, suppliers, stores …
  kind text, owner text, code text, public text, data text, primary key (kind, owner, code)) without rowid;
create table if not exists stock (
  warehouse text, owner text, item text, type text, quantity integer default 0, locked integer default 0,
  primary key (item, owner, warehouse, type)) without rowid;
create index if not exists records_by_code on records (kind, code);
create view if not exists shelf as  -- the stock, and quantity 0 for every item that is known but has none
  select s.warehouse, s.owner, s.item, s.type, s.quantity, s.locked,
         coalesce((select public from records
                    where kind = 'item' and owner = s.owner and code = s.item), '') id
    from stock s
  union all
  select '', owner, code, 'ZP', 0, 0, public from records r where kind = 'item'
     and not exists (select 1 from stock where item = r.code and owner = r.owner);
create table if not exists relations (item text, store text, primary key (item, store)) without rowid;
create index if not exists relations_by_store on relations (store, item);
create table if not exists inventory (  -- text, because the sum of two longs may be none
  family text, place text, item text, sku text, type text, quantity text,
  primary key (family, place, item, sku, type)) without rowid;
create table if not exists skus (
  ou text, sku text, category text, data text, primary key (ou, sku)) without rowid;
create table if not exists published (
  warehouse text, shop text, channel text, sku text, quantity text,
  primary key (warehouse, shop, channel, sku)) without rowid;
"""

Once = Callable[["State", tuple[str, str, str]], tuple[str, str, str]]


class Refused(Exception):
    """The request fails for a reason of state or form; nothing of it stays."""

    def __init__(self, message: str, code: str = "failed", sub_code: str = "", sub_message: str = "") -> None:
        super().__init__(message)
        self.message, self.code, self.sub_code, self.sub_message = message, code, sub_code, sub_message


def now() -> str:
    """Return this second in China time, as the documents write it."""
    return datetime.now(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _is_own(db: sqlite3.Connection) -> bool:
    """Return True for a database that is whole and in which every table is one of ours, or which is empty."""
    tables = "select name, sql from sqlite_master where type = 'table'"
    with closing(sqlite3.connect(":memory:")) as own:
        own.executescript(SCHEMA)
        known = set(own.execute(tables))
    return set(db.execute(tables)) <= known and db.execute("pragma quick_check(1)").fetchone() == ("ok",)


class Store:
    """The database: one connection behind one lock, in memory or in a file; UsageError where that is none."""

    def __init__(self, path: str | None = None) -> None:
        self.lock = threading.RLock()
        try:
            self.db = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=512
            )
            strange = path and not _is_own(self.db)
            if path and not strange:
                self.db.executescript("pragma journal_mode = wal; pragma synchronous = normal")
            self.db.executescript("" if strange else SCHEMA)
        except sqlite3.Error as error:
            raise UsageError(say("told", place=say("state-file", path=str(path)), why=str(error))) from None
        if strange:
            self.db.close()
            raise UsageError(say("told", place=say("state-file", path=str(path)), why=say("state-strange")))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One at a time; rolled back when the block raises."""
        with self.lock:
            self.db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self.db.execute("rollback")
                raise
            self.db.execute("commit")

    def close(self) -> None:
        """Close the database."""
        with self.lock:
            self.db.close()


class State:
    """What one request sees of the store, inside its transaction."""

    def __init__(
        self, store: Store, method: str, arrived: float = 0.0, once: tuple[Once, ...] = (), ids: str = ""
    ) -> None:
        self.db, self.method, self.arrived, self._once, self.ids = store.db, method, arrived, once, ids
        self.keys: set[tuple[str, str, str]] = set()  # registered by this request
        self.failed: list[
            tuple[str, str]
        ] = []  # lines of a batch refused before the method saw them: key, reason

    def all(self, sql: str, *values: Any) -> list[Any]:
        """Return every row of a query."""
        return self.db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> Any:
        """Return the first row of a query, None where there is none."""
        return self.db.execute(sql, values).fetchone()

    def run(self, sql: str, *values: Any) -> int:
        """Change something; how many rows were."""
        return self.db.execute(sql, values).rowcount

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Yield a part of the request that may fail alone."""
        self.db.execute("savepoint part")
        try:
            yield
        except BaseException:
            self.db.execute("rollback to part")
            raise
        finally:
            self.db.execute("release part")

    def once(self, kind: str, scope: str, key: str) -> bool:
        """Return True when `key` comes for the first time, and remember it; an empty key is always new."""
        if not key:
            return True
        wanted = (kind, scope, key)
        for hook in self._once:
            wanted = hook(self, wanted)
        self.keys.add(wanted)
        return self.run("insert or ignore into seen values (?, ?, ?, ?)", *wanted, time.monotonic()) == 1

    def new_id(self, prefix: str) -> str:
        """Return a fresh identity that this side assigns."""
        if self.ids == "uuid":
            return uuid.uuid4().hex
        number = self.count("id")
        return str(100000 + number) if self.ids == "numeric" else f"{prefix}{number:010d}"

    def count(self, name: str) -> int:
        """Return the next number of a counter."""
        sql = "insert into counters values (?, 1) on conflict do update set value = value + 1 returning value"
        return int(self.one(sql, name)[0])

    def put(self, kind: str, owner: str, code: str, data: Data, public: str = "") -> None:
        """Keep a record of master data; an existing one takes the new values and keeps the others."""
        known = self.get(kind, owner, code)
        self.run(
            "insert into records values (?, ?, ?, ?, ?) "
            "on conflict do update set data = excluded.data, public = excluded.public",
            *(kind, owner, code, public, dump({**known, **data} if known else data)),
        )

    def get(self, kind: str, owner: str, code: str) -> Data | None:
        """Return the record of master data, None where there is none."""
        row = self.one(
            "select data from records where kind = ? and owner = ? and code = ?", kind, owner, code
        )
        return load(row[0]) if row else None

    def book(self, warehouse: str, owner: str, item: str, type_: str, change: int, locked: int = 0) -> None:
        """Add signed quantities to the warehouse's stock."""
        self.run(
            "insert into stock values (?, ?, ?, ?, ?, ?) on conflict do update set "
            "quantity = quantity + excluded.quantity, locked = locked + excluded.locked",
            *(warehouse, owner, item, type_ or "ZP", change, locked),
        )


def parse_time(text: str) -> datetime | None:
    """Return a time as the documents write it, padded with zeros; None where it is none."""
    if len(text) != len("2016-05-01 10:00:00"):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        return None
