"""Certificate files that could be read in two ways, or that no run gave: each is refused in one line."""

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.report.certificate_file import LARGEST, NEEDED, read_certificate
from tests.support.console import qimen

TODAY = date(2026, 11, 28)
BODY = {
    "format": 1,
    "verdict": "conformant",
    "suite": {"version": "1", "digest": "0"},
    "requirements": "0123",
    "target": "ACME",
    "url": "http://x/",
    "seed": "Q",
    "counts": {"pass": 9},
    "issued": "2026-11-28",
    "expires": "2027-11-28",
}
GOOD = {"certificate": BODY, "signature": None}
SIGNED = {"algorithm": "Ed25519", "key": "AAAA", "value": "AAAA"}


def read(tmp_path: Path, data: bytes | dict[str, Any]) -> str:
    """Return why the file is refused; empty when it is taken."""
    file = tmp_path / "certificate.json"
    file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    try:
        read_certificate(file, TODAY)
    except DataError as error:
        return str(error).removeprefix(f"{file}: certificate: ").replace("\n", "TWO LINES")
    return ""


def but(**members: Any) -> dict[str, Any]:
    return {**GOOD, "certificate": BODY | members}


@pytest.mark.parametrize("found", [GOOD, but(more=1), but(issued="2026-11-29"), {**GOOD, "note": "x"}])
def test_taken(tmp_path: Path, found: dict[str, Any]) -> None:
    assert read(tmp_path, found) == ""


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (but(issued="2026-11-30", expires="2027-01-01"), "issued: 2026-11-30 is still to come"),
        (but(issued="2026-11-28", expires="2026-11-28"), "expires: 2026-11-28 is not after"),
        (but(issued="20261128"), "issued: expected a date such as"),
        (but(issued="2026-W48-6"), "issued: expected a date such as"),
        (but(expires="soon"), "expires: expected a date such as 2026-11-28, got 'soon'"),
        (but(expires=None), "expires: expected a text, got null"),
        (but(verdict="non-conformant"), "verdict: expected conformant, got 'non-conformant'"),
        (but(format=True), "format: is True"),
        (but(format=-1), "format: is -1"),
        (but(format=3), "format: is 3; this version reads up to 2"),
        (but(counts={"pass": ["x"]}), "counts.pass: expected a whole number, got a list"),
        (but(counts={"pass": 1.5}), "holds the number 1.5; whole numbers only"),
        (but(target=float("nan")), "holds the number NaN; whole numbers only"),
        (but(target="\ud800"), "holds half of a surrogate pair"),
        (but(target=" "), "target: is empty"),
        (but(x=[[[[[[[[[]]]]]]]]]), "is nested more than 8 deep"),
        (GOOD | {"more": 1}, "has a member 'more' that nothing signs"),
        (
            GOOD | {"signature": SIGNED | {"algorithm": "none"}},
            "signature: expected algorithm, key and value",
        ),
        (GOOD | {"signature": SIGNED | {"more": ""}}, "signature: expected algorithm, key and value"),
        (GOOD | {"signature": SIGNED | {"key": 1}}, "signature: expected a text, got 1"),
    ],
)
def test_refused(tmp_path: Path, found: dict[str, Any], words: str) -> None:
    assert words in read(tmp_path, found)


@pytest.mark.parametrize("name", NEEDED)
def test_nothing_is_empty_or_missing(tmp_path: Path, name: str) -> None:
    assert name in read(tmp_path, but(**{name: ""}))
    found = copy.deepcopy(GOOD)
    del found["certificate"][name]
    assert read(tmp_path, found) == f"lacks {name}"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda text: text.replace('"seed"', '"target": "EVIL", "seed"'), "has the member 'target' twice"),
        (lambda text: '{"certificate": {},' + text[1:], "has the member 'certificate' twice"),
        (lambda text: text.replace('"ACME"', "9" * 5000), "is no JSON in UTF-8"),
        (lambda text: text.replace('"ACME"', "[" * 3000 + "]" * 3000), "is no JSON in UTF-8"),
        (lambda text: text.replace("ACME", "x" * LARGEST), f"is larger than {LARGEST} bytes"),
        (lambda text: text.encode("utf-16"), "is no JSON in UTF-8"),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "is no JSON in UTF-8"),
        (lambda text: "", "is no JSON in UTF-8"),
        (lambda text: "[]", "is no certificate of pytest-qimen"),
        (lambda text: '{"certificate": 1}', "is no certificate of pytest-qimen"),
        (lambda text: '{"certificate": {"format": "1"}}', "format: is 1"),
    ],
)
def test_no_two_readings(tmp_path: Path, act: Callable[[str], str | bytes], words: str) -> None:
    found = act(json.dumps(GOOD))
    assert words in read(tmp_path, found.encode() if isinstance(found, str) else found)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"verify: .*: no such file"):
        read_certificate(tmp_path / "none.json", TODAY)


def test_the_command_tells_a_worthless_certificate_from_a_missing_one(tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(but(verdict="")), "utf-8")
    assert qimen(["verify", str(file)]) == (
        1,
        f"qimen: {file}: certificate: verdict: expected conformant, got ''\n",
    )
    assert qimen(["verify", str(tmp_path / "none.json")])[0] == 2
