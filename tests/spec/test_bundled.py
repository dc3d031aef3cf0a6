"""The bundled methods: names, rows, setups."""

import pytest

from pytest_qimen import spec, xml
from pytest_qimen.errors import UsageError
from pytest_qimen.messages import samples
from tests.spec.spec_files import rows


def test_unknown_methods() -> None:
    with pytest.raises(UsageError) as caught:
        spec.load_api("order.cancle")
    assert str(caught.value) == "unknown method 'order.cancle'; did you mean order.cancel?"


NAMES = {
    "order.cancel": "wms/order.cancel",
    "wms/order.cancel": "wms/order.cancel",
    "taobao.qimen.order.cancel": "wms/order.cancel",
    "storeinventory.itemupdate": "store/storeinventory.itemupdate",
    "taobao.qimen.storeinventory.itemupdate": "store/taobao.qimen.storeinventory.itemupdate",
    "alibaba.wdk.stock.publish": "wdk/alibaba.wdk.stock.publish",
}


@pytest.mark.parametrize(("wanted", "name"), NAMES.items())
def test_names_of_methods(wanted: str, name: str) -> None:
    assert spec.load_api(wanted).name == name


def test_the_bundled_methods() -> None:
    roles = {role: [name for name in spec.methods() if name.startswith(f"{role}/")] for role in spec.ROLES}
    assert {role: len(names) for role, names in roles.items()} == {
        "wms": 35,
        "erp": 18,
        "store": 18,
        "wdk": 2,
    }
    assert [api.name for api in spec.load_all()] == list(spec.methods())


def test_every_bundled_row_makes_sense() -> None:
    """What a row says about itself does not contradict itself."""
    wrong = {
        "a value without an example": [n for n, r in rows() if r.leaf and not r.example],
        "a group with a constraint": [
            n
            for n, r in rows()
            if not r.leaf and (r.max or r.min or r.digits or r.codes or r.format or r.key or r.signed)
        ],
        "from above to": [n for n, r in rows() if (r.min or 0) > (r.max or r.min or 0)],
        "least above most": [
            n for n, r in rows() if r.least is not None and r.most is not None and r.least > r.most
        ],
        "a length that is none": [n for n, r in rows() if r.max is not None and r.max < 1],
        "digits of no decimal": [n for n, r in rows() if r.digits and r.type != "decimal"],
        "more fraction than digits": [
            n for n, r in rows() if r.digits and not 0 <= r.digits[1] < r.digits[0]
        ],
        "a bound of no number": [
            n for n, r in rows() if (r.least, r.most) != (None, None) and r.type not in ("int", "long")
        ],
        "a limit of one": [n for n, r in rows() if r.limit is not None and not (r.repeated or r.separator)],
        "a demanded leaf or list, and usual": [
            n for n, r in rows() if r.need == "must" and r.usual and (r.leaf or r.repeated)
        ],
        "an example outside its codes": [
            n
            for n, r in rows()
            if r.codes and any(e not in r.codes.codes for e in r.example.split(r.separator or "\0"))
        ],
        "a key too short for a fresh one": [
            n for n, r in rows() if r.key and r.max is not None and r.max < 12
        ],
    }
    assert {what: names for what, names in wrong.items() if names} == {}


@pytest.mark.parametrize("api", spec.load_all(), ids=lambda api: api.name)
def test_setups_give_what_other_methods_have(api: spec.Api) -> None:
    for setup in api.setup:
        other = spec.load_api(setup["method"])
        for place in setup["give"].values():
            side, _, path = place.partition(":")
            message = other.request if side == "request" else other.response
            assert path in message.by_path
            if side == "request":
                assert xml.find(samples.minimal(message), path)


def test_a_rule_has_one_level_in_all_methods() -> None:
    levels: dict[tuple[str, str], set[str]] = {}
    for one in spec.load_all():
        for rule in one.rules:
            levels.setdefault((rule.direction, rule.id), set()).add(rule.level)
    assert [key for key, found in levels.items() if len(found) > 1] == []
