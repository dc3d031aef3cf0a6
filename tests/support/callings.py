"""Calls of a caller with the answers that they got, at given seconds: what wrong and right callers send."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Caller, Heard
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.judging import conclude, judge
from pytest_qimen.messages import samples
from pytest_qimen.spec import load_api
from pytest_qimen.verdict import Finding
from tests.support.heard import CALLER, CHINA, heard_message

START = datetime.now(CHINA)
FAILURE = b"<response><flag>failure</flag><code>1</code><message>no</message></response>"
Values = Mapping[str, str | None]


def success(**fields: str) -> bytes:
    """Return an answer of success with these fields; ``__`` stands for a dot, ``0`` at its end for []."""
    root = xml.new("response")
    for path, value in {"flag": "success", **fields}.items():
        xml.put(root, path.replace("__", "."), value)
    return xml.write(root)


def calling(
    name: str,
    values: Values | None = None,
    answer: bytes | None = None,
    at: float = 0.0,
    *,
    status: int | None = None,
    took: float | None = None,
) -> Heard:
    """Return a call of a method: the smallest message with `values`, of which None takes a field out."""
    api = load_api(name)
    root = samples.minimal(api.request)
    for path, value in (values or {}).items():
        if value is None:
            xml.drop(root, path)
        else:
            xml.put(root, path, value)
    return heard(name, root, answer, at, status=status, took=took)


def heard(
    name: str,
    root: xml.Element,
    answer: bytes | None = None,
    at: float = 0.0,
    *,
    status: int | None = None,
    took: float | None = None,
) -> Heard:
    """Return the call with this message, answered so after `at` seconds of the session."""
    made = heard_message(load_api(name), root)
    status = 200 if status is None and answer is not None else status
    return replace(made, at=START + timedelta(seconds=at), status=status, answer=answer, took=took)


def found(calls: Iterable[Heard], caller: Caller = CALLER) -> list[Finding]:
    """Return all that is found about the calls, the end of the journal included."""
    journal = Journal()
    try:
        rows = [
            one
            for number, call in enumerate(calls, 1)
            for one in judge(Call(replace(call, place=f"#{number}"), number), caller, journal)
        ]
        return rows + [late.finding for late in conclude(journal)]
    finally:
        journal.close()
