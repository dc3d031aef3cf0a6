"""What the faults around a method have in common: call it or not, change what it gets or what it gives."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pytest_qimen.reference.data import Data
from pytest_qimen.reference.database import Refused, State
from pytest_qimen.reference.faults.model import Hook
from pytest_qimen.reference.request import Proceed, Request

HEADS = ("entryOrder", "returnOrder", "deliveryOrder")  # what a message about one document holds of it


def nothing(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Success, and nothing is done."""
    return Data()


def refused(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """Never done."""
    raise Refused("not possible", "refused")


def passed(code: str, **answer: str) -> Hook:
    """Success, and nothing is done, where the method refuses with this code."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        try:
            return proceed(state, message)
        except Refused as error:
            if error.code == code:
                return Data(answer)
            raise

    return call


def forgotten(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
    """The right answer, and nothing of it is kept."""
    state.db.execute("savepoint forgotten")
    try:
        return proceed(state, message)
    finally:
        state.db.execute("rollback to forgotten")
        state.db.execute("release forgotten")


def changed(change: Callable[[Data], Any]) -> Hook:
    """The message is changed before the method sees it."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        change(message)
        return proceed(state, message)

    return call


def after(change: Callable[[State, Data, Data], Any]) -> Hook:
    """The answer (or the store) is changed after the method did its work."""

    def call(request: Request, state: State, message: Data, proceed: Proceed) -> Data:
        answer = proceed(state, message)
        change(state, message, answer)
        return answer

    return call


def earlier(time: str) -> str:
    """The time eight hours before: one of China that is taken for one of Greenwich."""
    return f"{datetime.fromisoformat(time) - timedelta(hours=8):%F %T}"


def double(state: State, code: str) -> None:
    """A document has its lines twice."""
    state.run(
        "insert into lines (parent, line, data) select parent, line, data from lines "
        "where parent in (select id from orders where code = ?)",
        code,
    )


def code_of(message: Data) -> str:
    for name in ("orderCode", "entryOrderCode", "returnOrderCode", "deliveryOrderCode"):
        if code := message.text(name):
            return code
    return ""


def forget(state: State, code: str, status: str = "") -> None:
    """Every trace of the document is lost; with a status only where it has that one."""
    found = "select id from orders where code = ?1 and ?2 in ('', status)"
    state.run(f"delete from lines where parent in ({found})", code, status)
    state.run(f"delete from steps where parent in ({found})", code, status)
    state.run("delete from orders where code = ?1 and ?2 in ('', status)", code, status)


def lines_of(answer: Data) -> list[Any]:
    """The list of lines in a query's answer."""
    for group, name in (
        ("orderLines", "orderLine"),
        ("items", "item"),
        ("orders", "order"),
        ("expressInfos", "expressInfo"),
    ):
        if group in answer:
            found = answer.group(group).get(name, [])
            return found if isinstance(found, list) else []
    return []
