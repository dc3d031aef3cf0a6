"""Each fault of receiving turns one case of protocol/delivery.toml red, over plain HTTP and over TLS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_qimen.cases import Case, bundled_cases
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference import start
from pytest_qimen.reference.faults import FAMILIES
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.spec import data_dir
from pytest_qimen.target.model import Target, Tls
from pytest_qimen.verdict import Status
from pytest_qimen.wire.server import tls_context
from tests.support.certificates import make_certificate

CASES = bundled_cases(data_dir("cases") / "protocol" / "delivery.toml")
CAUGHT_BY = {
    "chunked-refused": "chunked",
    "expect-refused": "expect-continue",
    "http-1.0-refused": "http-1-0",
    "first-packet-only": "packets",
    "blanks-in-one-way-only": "mixed-blanks",
    "small-percent-not-decoded": "small-percent",
    "letters-not-decoded": "percent-letters",
    "closed-connections-leak": "many-connections",
    "namespaces-refused": "unused-namespaces",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@contextmanager
def session(faults: list[str], files: tuple[Path, Path] | None) -> Iterator[Session]:
    endpoint = start(faults=faults, tls=tls_context(*files) if files else None)
    transport = Transport(read_timeout=20, tls=Tls(authority=str(files[0])) if files else Tls())
    url = endpoint.url.replace("127.0.0.1", "localhost") if files else endpoint.url
    try:
        yield Session(embedded_target(Target(url="", app_key="", secret=""), url), transport)
    finally:
        transport.close()
        endpoint.stop()


def not_good(cases: list[Case], faults: list[str], files: tuple[Path, Path] | None = None) -> set[str]:
    """The last parts of the ids of the cases that do not pass."""
    with session(faults, files) as running:
        ended = [running.outcome(case) for case in cases]
    assert {one.status for one in ended} <= {Status.PASS, Status.WARN, Status.FAIL}
    return {one.case.id.rpartition("/")[2] for one in ended if one.status is not Status.PASS}


@pytest.mark.parametrize("role", ["wms", "wdk"])
@pytest.mark.parametrize(("fault", "case"), CAUGHT_BY.items())
def test_each_fault_has_its_case(fault: str, case: str, role: str) -> None:
    cases = [one for one in CASES if f"/{role}/" in one.id]
    known = {one.id.rpartition("/")[2] for one in cases}
    assert not_good(cases, [fault]) == {case} & known


def test_every_fault_of_the_family_is_told() -> None:
    assert set(FAMILIES["deliveries"]) == set(CAUGHT_BY) - {"namespaces-refused"}
    assert {one.id.rpartition("/")[2] for one in CASES} == set(CAUGHT_BY.values())


def test_tls(files: tuple[Path, Path]) -> None:
    wms = [one for one in CASES if "/wms/" in one.id]
    assert not_good(wms, [], files) == set()
    for fault, case in CAUGHT_BY.items():
        assert not_good(wms, [fault], files) == {case}
