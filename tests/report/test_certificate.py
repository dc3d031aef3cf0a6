"""Certificates: only for a run that tested every must; worth nothing once changed or expired."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, BlockedBy, LeftOut, Network, Pinned, Reason, Waived
from pytest_qimen.report.case_record import CaseRecord, finding_from_json
from pytest_qimen.report.certificate import issue, requirements_digest, verify
from pytest_qimen.report.halves import Halves, halves_of
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.results import suite
from pytest_qimen.verdict import Status
from tests.report.report_events import ENDED, FLAG, HEAD, case

TODAY = date(2026, 11, 22)
Cases = list[CaseRecord]
WAIVED = Waived("2027", "later")


@pytest.fixture(scope="module")
def events() -> Cases:
    """A run in which every case of the suite passed."""
    return [
        case(found.id, level=found.level.value, role=found.role, method=found.method)
        for path in bundled_files()
        for found in bundled_cases(path)
    ]


def record(events: Cases, ended: str | None = ENDED, **head: Any) -> Halves:
    return halves_of(RecordedRun(replace(HEAD, **{"suite": suite(), **head}), tuple(events), ended))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """The files of a private and its public key, as openssl writes them."""
    key = ed25519.Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM
    private, public = tmp_path / "key.pem", tmp_path / "pub.pem"
    kind = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(pem, kind, serialization.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private, public


def saved(tmp_path: Path, found: dict) -> Path:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return file


def test_what_a_certificate_states(events: Cases) -> None:
    found = issue(record(events), days=30, today=TODAY)
    body = found["certificate"]
    assert body["suite"] == suite().to_json()
    assert body["requirements"] == requirements_digest()
    assert (body["issued"], body["expires"]) == ("2026-11-22", "2026-12-22")
    assert body["counts"] == {"pass": len(events)}
    assert "wms/stock.query" in body["methods"]
    assert (body["target"], body["seed"], body["left_out"]) == ("demo", "QABCDE0", {})
    assert found["signature"] is None
    assert found["note"].startswith("UNSIGNED")


def changed(events: Cases, status: str, reason: Reason | None = None, level: str = "must") -> Cases:
    """The run with its last case of the level ended otherwise."""
    last = next(event for event in reversed(events) if event.level == level)
    flag = finding_from_json(FLAG | {"level": level, "clause": "", "step": 1, "path": ""}, "")
    found = (flag,) if status == "fail" else ()
    other = replace(last, status=Status(status), reason=reason, findings=found)
    return [other if event is last else event for event in events]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda run: record(changed(run, "fail")), "the verdict is non-conformant; 1 must case fail ("),
        (lambda run: record(changed(run, "waived", WAIVED)), "1 must case waived ("),
        (
            lambda run: record(changed(run, "blocked", BlockedBy("x"))),
            "the verdict is incomplete; 1 must case blocked (",
        ),
        (
            lambda run: record(changed(run, "error", Network("reset", "x"))),
            "the verdict is incomplete; 1 must case error (",
        ),
        (
            lambda run: record(changed(run, "unsupported", Because(say("read-only")))),
            "1 must cases skipped: would write, and the run is read-only",
        ),
        (
            lambda run: record([one for one in run if one.role != "wdk"]),
            "must cases filtered out (protocol/",
        ),
        (lambda run: record(run, ended=None), "the run broke off; the verdict is incomplete"),
        (
            lambda run: record(run, suite=HEAD.suite),
            "the run is of suite 0.1.0 (0123456789abcdef), this is",
        ),
        (lambda run: record([]), "no must was tested"),
    ],
)
def test_refused(events: Cases, change: Callable[[Cases], Halves], words: str) -> None:
    with pytest.raises(UsageError) as error:
        issue(change(events))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("status", "reason", "level"),
    [
        ("unsupported", LeftOut(("store.create",)), "must"),
        ("unsupported", Pinned("warehouseCode"), "must"),
        ("waived", WAIVED, "should"),
        ("warn", None, "should"),
    ],
)
def test_what_does_not_stand_against_it(
    events: Cases, status: str, reason: Reason | None, level: str
) -> None:
    body = issue(record(changed(events, status, reason, level)), today=TODAY)["certificate"]
    assert body["counts"][status] == 1
    assert body["left_out"] == ({str(reason): 1} if status == "unsupported" else {})


def test_signed_and_verified(events: Cases, keys: tuple[Path, Path], tmp_path: Path) -> None:
    private, public = keys
    file = saved(tmp_path, issue(record(events), key=private, today=TODAY))
    said = verify(file, key=public, today=TODAY)
    assert said[0] == "demo: conformant, from 2026-11-22 until 2027-11-22"
    assert said[-1].startswith("signed with Ed25519 key ")
    assert "compare it with the issuer's" in verify(file, today=TODAY)[-1]


def test_unsigned_says_so(events: Cases, keys: tuple[Path, Path], tmp_path: Path) -> None:
    file = saved(tmp_path, issue(record(events), today=TODAY))
    assert verify(file, today=TODAY)[-1].startswith("UNSIGNED")
    with pytest.raises(DataError, match="signature: is missing, and --key asks for one"):
        verify(file, key=keys[1], today=TODAY)


def swap(path: str, value: object) -> Callable[[dict], None]:
    def act(found: dict) -> None:
        *places, last = path.split(".")
        for place in places:
            found = found[place]
        found[last] = value

    return act


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (swap("certificate.target", "another"), "signature: does not fit: changed after it was signed"),
        (swap("certificate.expires", "2099-01-01"), "signature: does not fit"),
        (swap("certificate.counts.fail", 0), "signature: does not fit"),
        (swap("signature.value", "AAAA"), "signature: does not fit"),
        (swap("signature.key", "AAAA"), "signature: expected algorithm, key and value"),
        (swap("signature.key", "ö"), "signature: expected algorithm, key and value"),
        (swap("signature", {}), "signature: expected algorithm, key and value"),
        (swap("signature", "x"), "signature: expected algorithm, key and value"),
        (swap("certificate.format", 3), "format: is 3; this version reads up to 2"),
        (swap("certificate", []), "is no certificate"),
        (lambda found: found["certificate"].pop("seed"), "certificate: lacks seed"),
        (lambda found: found.pop("signature"), "signature: is missing"),
        (swap("certificate.suite", 1), "suite: expected an object, got 1"),
        (swap("certificate.counts", 1), "counts: expected an object, got 1"),
    ],
)
def test_tampered(
    events: Cases, keys: tuple[Path, Path], tmp_path: Path, act: Callable[[dict], None], words: str
) -> None:
    found = issue(record(events), key=keys[0], today=TODAY)
    act(found)
    file = saved(tmp_path, found)
    before = file.read_bytes()
    with pytest.raises(DataError) as error:
        verify(file, key=keys[1], today=TODAY)
    assert words in str(error.value)
    assert file.read_bytes() == before


def test_expired(events: Cases, tmp_path: Path) -> None:
    file = saved(tmp_path, issue(record(events), days=1, today=TODAY))
    assert verify(file, today=date(2026, 11, 23))
    with pytest.raises(DataError, match="expires: the certificate expired on 2026-11-23"):
        verify(file, today=date(2026, 11, 24))


def test_another_issuer(events: Cases, keys: tuple[Path, Path], tmp_path: Path) -> None:
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    pem = serialization.Encoding.PEM
    stranger = tmp_path / "other.pem"
    stranger.write_bytes(other.public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    file = saved(tmp_path, issue(record(events), key=keys[0], today=TODAY))
    with pytest.raises(DataError, match=r"is by another key than .*other\.pem"):
        verify(file, key=stranger, today=TODAY)


def test_keys_that_are_none(events: Cases, keys: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "ec.pem"
    other.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    for file, words in (
        (other, "holds no Ed25519 key"),
        (keys[1], "is no PEM"),
        (tmp_path / "x", "no such file"),
    ):
        with pytest.raises(UsageError, match=words):
            issue(record(events), key=file, today=TODAY)
    file = saved(tmp_path, issue(record(events), key=keys[0], today=TODAY))
    with pytest.raises(UsageError, match="is no PEM file with a public key"):
        verify(file, key=keys[0], today=TODAY)


def test_without_cryptography(
    events: Cases, keys: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(tmp_path, issue(record(events), key=keys[0], today=TODAY))
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    assert issue(record(events), today=TODAY)["signature"] is None
    with pytest.raises(UsageError, match=r"pip install 'pytest-qimen\[sign\]'"):
        issue(record(events), key=keys[0], today=TODAY)
    with pytest.raises(UsageError, match="signatures need cryptography"):
        verify(file, today=TODAY)
