"""`qimen check` on what is no message at all: bounded work, and what was skipped is told."""

import os
from pathlib import Path

import pytest

from pytest_qimen.commands.check import ELEMENTS, LIST
from tests.support.console import qimen

SKIPPED = "no Qimen message is; fields and rules were not checked"
FEW = b"<orderLine><x/></orderLine>"
HUGE = {
    "broken lines": (b"<orderLines>" + FEW * (LIST + 1) + b"</orderLines>", f"{LIST} elements in orderLines"),
    "unknown elements": (b"<x/>" * (LIST + 1), f"{LIST} elements in request"),
    "many lists": ((b"<x>" + b"<y/>" * LIST + b"</x>") * (ELEMENTS // LIST + 1), f"{ELEMENTS} elements"),
}


@pytest.mark.parametrize(("inside", "words"), HUGE.values(), ids=list(HUGE))
def test_too_many_elements_are_not_checked(inside: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "entryorder.create.xml"
    file.write_bytes(b"<request>" + inside + b"</request>")
    status, said = qimen(["check", str(file)])
    assert status == 1
    assert said.splitlines()[1] == f"  too large: more than {words}, {SKIPPED}"


def test_a_long_wrong_message_is_told_what_was_not_asked(tmp_path: Path) -> None:
    file = tmp_path / "entryorder.create.xml"
    file.write_bytes(
        b"<request><orderLines>" + FEW * 500 + b"<x>" + b"x" * 200_000 + b"</x></orderLines></request>"
    )
    said = qimen(["check", str(file)])[1]
    assert "note: xmlschema was not asked for its words: more than 128 KB" in said
    assert said.count("\n") < 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_skipped_and_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xml")
    (tmp_path / "service.heartbeat.xml").write_text("<request/>", "utf-8")
    told = f"error: {tmp_path / 'a.xml'}: skipped: is no ordinary file; `-` reads standard input\n"
    assert qimen(["check", str(tmp_path / "a.xml")]) == (2, told)
    status, said = qimen(["check", str(tmp_path)])
    assert (status, said.startswith(told)) == (2, True)
    assert "wms/service.heartbeat request: 1 fault" in said
    assert qimen(["check", "/dev/null"])[0] == 2
