"""Cases of all methods are tried on whatever method a target has: no signature goes unchecked."""

from collections.abc import Iterator
from functools import cache

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import (
    Case,
    Kind,
    bundled_cases,
    bundled_files,
    find_case,
    minimal_id,
    probe_name,
    suited,
)
from pytest_qimen.cases.stand_in import ROOMY, free_text
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from pytest_qimen.report.events import case_record
from pytest_qimen.report.results import gaps, verdict
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.verdict import Status
from tests.support.apis import TARGET

CHECKS = ("good", "tampered-body", "wrong", "tampered-timestamp")
FAULT = "signature-unchecked"


@cache
def protocol() -> tuple[Case, ...]:
    return tuple(
        case for path in bundled_files() if path.parent.name == "protocol" for case in bundled_cases(path)
    )


@pytest.fixture(scope="module")
def transport() -> Iterator[Transport]:
    made = Transport()
    yield made
    made.close()


@pytest.fixture(scope="module")
def good() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    with serve(faults=[FAULT]) as url:
        yield url


def only(url: str, transport: Transport, *methods: str, **more: object) -> Session:
    target = embedded_target(Target(url="", app_key="", secret=""), url)
    return Session(with_options(target, methods=methods, **more), transport)


def signatures(session: Session, probe: str, names: tuple[str, ...] = CHECKS) -> list[Outcome]:
    return [session.outcome(find_case(f"protocol/signature/{probe}/{name}")) for name in names]


@pytest.mark.parametrize("name", spec.methods())
def test_with_this_method_alone_the_signature_is_checked(
    name: str, good: str, broken: str, transport: Transport
) -> None:
    probe = probe_name(spec.load_api(name))
    found = signatures(only(good, transport, name), probe)
    if not all(one.status is Status.PASS for one in found):  # it needs what another method makes
        assert {one.status for one in found} == {Status.BLOCKED}
        assert spec.load_api(name).setup
        assert verdict(map(case_record, found), "must") == "incomplete"
        return
    assert {one.case.method for one in found} == {spec.load_api(name).method}
    red = signatures(only(broken, transport, name), probe)
    assert red[0].status is Status.PASS
    if free_text(spec.load_api(name)):
        assert [one.status for one in red[1:]] == [Status.FAIL] * 3
    assert Status.FAIL in [one.status for one in red]  # a changed code may be refused as unknown


def test_a_setup_makes_what_the_other_method_needs(good: str, transport: Transport) -> None:
    found = signatures(only(good, transport, "order.cancel", "entryorder.create", without=()), "wms")
    assert {(one.status, one.case.method) for one in found} == {(Status.PASS, "entryorder.create")}
    query = only(good, transport, "deliveryorder.query", "deliveryorder.create", readonly=False)
    assert signatures(query, "wms")[0].case.method == "deliveryorder.create"


def test_what_refuses_the_official_client_is_red(transport: Transport) -> None:
    """The signature covers parameters that the endpoint knows, and no others (issue of this very profile)."""
    with serve(faults=["signature-fixed-parameters"]) as url:
        session = only(url, transport, "order.cancel", "entryorder.create")
        found = [session.outcome(case) for case in protocol() if "/wms/" in case.id]
    assert verdict(map(case_record, found), "must") == "non-conformant"
    red = {one.case.file for one in found if one.status is Status.FAIL}
    assert red == {"cases/protocol/signature.toml", "cases/protocol/delivery.toml"}
    assert {one.case.id for one in found} == {case.id for case in protocol() if "/wms/" in case.id}


def test_every_topic_of_every_role_has_a_stand_in(good: str, transport: Transport) -> None:
    """Without all usual methods: only cases about a text are not tried, where no other has a free one."""
    usual = tuple(
        {case.apis[0].name for case in protocol()} - {"store/taobao.qimen.storeinventory.itemupdate"}
    )
    session = only(good, transport, "*", without=usual)
    found = [session.outcome(case) for case in protocol()]
    bad = {one.case.id for one in found if not one.status.is_good}
    assert {one.rpartition("/")[0] for one in bad} == {
        "protocol/encoding/wdk",
        "protocol/parameters/wdk",  # JSON that is broken
        "protocol/reflected/wdk",
    }
    assert gaps([*map(case_record, found)]) == []


def test_a_readonly_target_is_asked_read_only_methods(good: str, transport: Transport) -> None:
    session = only(good, transport, "*", readonly=True)
    found = {case.id: session.outcome(case) for case in protocol() if "/wms/" in case.id}
    assert all(one.status.is_good and one.case.apis[0].readonly for one in found.values())


def test_a_role_of_which_nothing_can_be_called_stays_as_it_is() -> None:
    for case in protocol():
        left = with_options(TARGET, roles=("erp",) if case.role != "erp" else ("wms",))
        assert suited(case, left) is case
        assert suited(case, TARGET) is case


def test_a_case_about_a_text_writes_it_into_one_of_the_other_method() -> None:
    case = suited(
        find_case("protocol/encoding/wms/emoji"), with_options(TARGET, methods=("stockout.create",))
    )
    assert [change.path for change in case.steps[0].changes] == ["deliveryOrder.remark"] * 2
    assert case.requires == (minimal_id(case.apis[0]),)
    assert (case.kind, case.method) == (Kind.PROTOCOL, "stockout.create")


def test_free_texts_take_every_text_of_the_protocol_cases() -> None:
    changes = (change for case in protocol() for step in case.steps for change in step.changes)
    assert max(len(change.value) for change in changes) <= ROOMY
    for api in spec.load_all():
        row = api.request.by_path.get(free_text(api))
        assert row is None or row.max is None or row.max >= ROOMY
