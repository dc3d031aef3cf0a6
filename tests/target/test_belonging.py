"""What pins add to every message, and pins that cannot be meant."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.cases import Case, Step, bundled_cases, bundled_files, find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.errors import DataError
from pytest_qimen.messages.edits import Edit
from pytest_qimen.reasons import Pinned
from pytest_qimen.reference.serve import serve
from pytest_qimen.reference.variants.careful import DEMANDED
from pytest_qimen.runner import Session
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.runner.embedded import DATA, embedded_target
from pytest_qimen.search.property import drawer
from pytest_qimen.target.model import Target, load_target, with_options
from pytest_qimen.verdict import Status
from tests.support.apis import TARGET

Data = Mapping[str, tuple[str, ...]]
CREATE, CONFIRM = spec.load_api("deliveryorder.create"), spec.load_api("stockout.confirm")
PLATFORM, PACKAGE = "deliveryOrder.sourcePlatformCode", "packages.package[]"
PINS: Data = {  # what the variant `more-demanded` wants, in every notation
    f"deliveryorder.create:{PLATFORM}": ("TB",),
    "order.cancel:ownerCode": ("HZ0001",),
    "stockout.confirm:packages": ("typical",),
    "skuProperty": ("绿色",),
    "entryOrder.senderInfo.name": ("张三",),
    "order_desc": ("说明",),
}


def message(
    api: spec.Api, data: Mapping[str, tuple[str, ...]], base: str = "minimal", *edits: Edit
) -> xml.Element:
    context = Context(with_options(TARGET, data=data), Keys())
    return compose(Step(api, base=base, changes=edits), context, {})


@pytest.mark.parametrize("base", ["minimal", "bare", "typical"])
@pytest.mark.parametrize("key", [f"deliveryorder.create:{PLATFORM}", PLATFORM, "sourcePlatformCode"])
def test_an_optional_leaf_is_in_every_message(key: str, base: str) -> None:
    assert xml.values(message(CREATE, {key: ("TB",)}, base), PLATFORM) == ["TB"]


@pytest.mark.parametrize(
    ("data", "there", "not_there"),
    [
        ({"packages": ("minimal",)}, ["packages", f"{PACKAGE}.items.item[].itemCode"], [f"{PACKAGE}.weight"]),
        ({"stockout.confirm:packages": ("typical",)}, [f"{PACKAGE}.weight", f"{PACKAGE}.expressCode"], []),
        ({PACKAGE: ("minimal",)}, [PACKAGE], [f"{PACKAGE}.weight"]),
        ({f"{PACKAGE}.weight": ("1.000",)}, [f"{PACKAGE}.weight", f"{PACKAGE}.items"], [f"{PACKAGE}.width"]),
        ({"weight": ("1.000",)}, [], ["packages"]),  # a mere name: only where its group is
        ({"itemId": ("I1",)}, [], ["orderLines.orderLine[].itemId"]),  # goods: where they are named
    ],
)  # fmt: skip
def test_groups_and_what_is_in_them(
    data: dict[str, tuple[str, ...]], there: list[str], not_there: list[str]
) -> None:
    root = message(CONFIRM, data)
    assert [path for path in (*there, *not_there) if xml.find(root, path)] == there


def test_a_group_made_later_and_the_elements_of_a_list_have_it() -> None:
    made = message(CONFIRM, {"weight": ("1.000",)}, "minimal", Edit("repeat", PACKAGE, "3"))
    assert xml.values(made, f"{PACKAGE}.weight") == ["1.000"] * 3


def test_what_a_case_takes_out_stays_out() -> None:
    made = message(CREATE, {PLATFORM: ("TB",)}, "minimal", Edit("drop", PLATFORM))
    assert not xml.find(made, PLATFORM)
    assert not xml.find(
        message(CONFIRM, {"packages": ("typical",)}, "minimal", Edit("drop", "packages")), "packages"
    )


@pytest.mark.parametrize(
    ("data", "overruled"),
    [
        ({"entryorder.query:entryOrderCode": ("RK1",)}, True),
        ({"entryOrderId": ("1",)}, False),  # by a mere name: the setup's own document is asked for
        ({"ownerCode": ("HZ0001",)}, False),
    ],
)
def test_a_setup_is_left_out_where_a_path_is_pinned(data: Data, overruled: bool) -> None:
    with serve() as url:
        transport = Transport()
        target = with_options(embedded_target(Target(url="", app_key="", secret=""), url), data=data)
        given = Session(target, transport).setup.give(Step(spec.load_api("entryorder.query")))
        transport.close()
    assert (given == {}) is overruled


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('packages = "usual"', "data.packages: is a group: expected minimal or typical, got 'usual'"),
        ('packages = ["typical", "minimal"]', "is a group: expected minimal or typical, got 'ty"),
        ('"stockout.confirm:parcels" = "typical"', "data.stockout.confirm:parcels: no method has a field of"),
        (f'"{PLATFORM}" = "{"x" * 51}"', f"data.{PLATFORM}: deliveryorder.create can have none of these"),
        ("packages = true", "data.packages: expected a value or a list of values, got True"),
        ("packages = []", "data.packages: expected a value or a list of values, got []"),
    ],
)  # fmt: skip
def test_pins_that_cannot_be_meant(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "target.toml"
    file.write_text(f'url = "http://127.0.0.1:1/"\n[data]\n{line}\n', "utf-8")
    with pytest.raises(DataError) as error:
        load_target(file)
    assert words in str(error.value)


def concerned() -> list[Case]:
    """Every case that sends a message of the methods that demand more, as its own or as a setup."""

    def calls(case: Case) -> bool:
        made = {setup["method"] for api in case.apis for setup in api.setup}
        return not made.isdisjoint(DEMANDED) or any(api.method in DEMANDED for api in case.apis)

    files = [
        path
        for path in bundled_files()
        if path.parent.name != "protocol" or path.stem in ("attacks", "parsing")
    ]
    return [case for path in files for case in bundled_cases(path) if calls(case)]


def test_an_endpoint_that_demands_more_is_tested_with_pins_and_red_nowhere() -> None:
    """Boundaries, flows, properties, protocol, setups and undo send what is pinned."""
    with serve(variants=["more-demanded"]) as url:
        transport = Transport()
        target = embedded_target(Target(url="", app_key="", secret=""), url)
        without = Session(target, transport).outcome(find_case("wms/deliveryorder.create/request/minimal"))
        session = Session(with_options(target, data=DATA | PINS), transport, draw=drawer(2, 0))
        found = [session.outcome(case) for case in concerned()]
        transport.close()
    assert without.status is Status.FAIL
    bad = (Status.FAIL, Status.WARN, Status.ERROR, Status.BLOCKED)
    assert [(one.case.id, one.cause, one.findings[:1]) for one in found if one.status in bad] == []
    left = {one.reason.field for one in found if isinstance(one.reason, Pinned)}
    assert PLATFORM in left
    assert len([one for one in found if one.status is Status.UNSUPPORTED]) < len(found) / 20
