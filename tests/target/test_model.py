"""A target file, the environment and options become a Target, and every mistake says file, key and reason."""

import re
from datetime import date
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.target.model import Target, Waiver, load_target, with_options
from tests.support.files import TARGET, write

NO_KEYS = ("QIMEN_APP_KEY", "QIMEN_SECRET", "QIMEN_CUSTOMER_ID", "QIMEN_SESSION")


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NO_KEYS:
        monkeypatch.delenv(name, raising=False)


def test_a_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NO_KEYS:
        monkeypatch.setenv(name, name.lower())
    found = load_target(write(tmp_path, "mine.toml", TARGET))
    assert found == Target(
        url="http://127.0.0.1:1/qimen",
        app_key="qimen_app_key",
        secret="qimen_secret",
        customer_id="qimen_customer_id",
        session="qimen_session",
        name="mine",
        roles=("wms",),
        methods=("deliveryorder.*", "wms/entryorder.*"),
        without=("deliveryorder.query",),
        prefixed=("wms",),
        version="3.0",
        data={
            "warehouseCode": ("CK1",),
            "deliveryOrder.logisticsCode": ("SF", "EMS"),
            "entryorder.create:orderLines.orderLine[].planQty": ("5",),
        },
        rate=20.0,
        connect_timeout=1.5,
        read_timeout=2.0,
        readonly=True,
        waivers=(Waiver("wms/deliveryorder.create/*", "ticket 1", date(2026, 1, 1), date(2026, 6, 30)),),
    )


def test_an_empty_file(tmp_path: Path) -> None:
    found = load_target(write(tmp_path, "quiet.toml", ""))
    assert found == Target(url="", app_key="", secret="", name="quiet")
    assert (found.roles, found.methods, found.rate) == (("wms", "erp", "store", "wdk"), ("*",), 0)
    assert (found.connect_timeout, found.read_timeout, found.readonly) == (15, 30, False)


def test_the_table_target_and_the_top_of_the_file_are_one(tmp_path: Path) -> None:
    text = TARGET.replace("rate = 20", "[target]\nrate = 20")
    assert load_target(write(tmp_path, "a.toml", text)) == load_target(write(tmp_path, "b.toml", TARGET))


def test_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_target(None) == Target(url="", app_key="", secret="")
    monkeypatch.setenv("QIMEN_SECRET", "s3")
    assert load_target("").secret == "s3"


def test_keys_of_other_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_SECRET", "usual")
    monkeypatch.setenv("SECRET_OF_A", "named")
    monkeypatch.setenv("SESSION_OF_A", "")
    text = 'secret_env = "SECRET_OF_A"\nsession_env = "SESSION_OF_A"\n'
    found = load_target(write(tmp_path, "a.toml", text))
    assert (found.secret, found.session, found.app_key) == ("named", "", "")


def test_secrets_do_not_show() -> None:
    shown = repr(Target(url="u", app_key="k", secret="hush", session="hush"))
    assert "hush" not in shown


MISTAKES = {
    'url = "http://127.0.0.1:1/qimen"': {
        "url = 1": "target.url: expected a text, got 1",
        "url = []": "url: is not a key of this table",
        'secret = "s"': ("target.secret: is not a key of this table; did you mean secret_env?"),
        'secret_env = "NO_SUCH"': "target.secret_env: the environment has no variable 'NO_SUCH'",
        "app_key_env = 1": "target.app_key_env: expected a text, got 1",
        "target = 1": "target.target: is not a key of this table",
    },
    'roles = ["wms"]': {
        'roles = ["wmx"]': "target.roles: unknown role 'wmx'; expected some of wms, erp, store, wdk",
        'roles = "wms"': "target.roles: expected a list of texts, got 'wms'",
        "roles = [1]": "target.roles[1]: expected a text, got 1",
    },
    'methods = ["deliveryorder.*", "wms/entryorder.*"]': {
        'methods = ["delivery.*"]': (
            "target.methods: no method matches 'delivery.*'"
            "; did you mean deliveryorder.query or deliveryorder.create?"
        ),
    },
    'without = ["deliveryorder.query"]': {
        'without = ["erp/deliveryorder.query"]': (
            "target.without: no method matches 'erp/deliveryorder.query'"
            "; did you mean wms/deliveryorder.query?"
        ),
    },
    'prefixed = ["wms"]': {
        'prefixed = [""]': "target.prefixed: unknown role ''; expected some of wms, erp, store, wdk",
    },
    'version = "3.0"': {"version = 3.0": "target.version: expected a text, got 3.0"},
    "rate = 20": {
        'rate = "50/s"': "target.rate: expected a number of requests a second, got '50/s'",
        "rate = -1": "target.rate: expected a number of requests a second, got -1",
        "rate = true": "target.rate: expected a number of requests a second, got True",
        "rate = inf": "target.rate: expected a number of requests a second, got inf",
        "rate = nan": "target.rate: expected a number of requests a second, got nan",
    },
    "connect_timeout = 1.5": {
        "connect_timeout = 0": "target.connect_timeout: expected a number of seconds above 0, got 0",
    },
    "read_timeout = 2": {
        "read_timeout = -2.5": "target.read_timeout: expected a number of seconds above 0, got -2.5",
    },
    "readonly = true": {"readonly = 1": "target.readonly: expected true or false, got 1"},
    'warehouseCode = "CK1"': {
        "warehouseCode = []": "data.warehouseCode: expected a value or a list of values, got []",
        "warehouseCode = true": "data.warehouseCode: expected a value or a list of values, got True",
        "warehouseCode = [[1]]": "data.warehouseCode: expected a value or a list of values, got [[1]]",
        "warehouseCod = 1": (
            "data.warehouseCod: no method has a field of this name or path"
            "; did you mean warehouseCode or warehouse_code?"
        ),
        "deliveryOrder.warehouseCode = 1": (
            "data.deliveryOrder: expected a value or a list of values, got {'warehouseCode': 1}"
        ),
        '"order.cancel:itemCode" = 1': (
            "data.order.cancel:itemCode: no method has a field of this name or path"
            "; did you mean order.cancel:ownerCode or order.cancel:orderCode?"
        ),
    },
    'id = "wms/deliveryorder.create/*"': {
        "": "known[1].id: is missing",
        "id = 1": "known[1].id: expected a text, got 1",
        'id = "x"\nwho = "me"': "known[1].who: is not a key of this table",
    },
    'reason = "ticket 1"': {"": "known[1].reason: is missing"},
    "since = 2026-01-01": {"since = 2026": "known[1].since: expected a date, got 2026"},
    "expires = 2026-06-30": {
        "": "known[1].expires: is missing",
        'expires = "2026-06-30"': "known[1].expires: expected a date, got '2026-06-30'",
        "expires = 2026-06-30T10:00:00": (
            "known[1].expires: expected a date without a time, got 2026-06-30 10:00:00"
        ),
    },
    "[data]": {"[[data]]": "data: expected a table, got [{'warehouseCode': 'CK1', "},
    "[[known]]": {"[known]": "known: expected a list of tables, got {'id': "},
}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [(old, new, complaint) for old, table in MISTAKES.items() for new, complaint in table.items()],
)
def test_mistakes(old: str, new: str, complaint: str, tmp_path: Path) -> None:
    path = write(tmp_path, "t.toml", TARGET, old, new)
    with pytest.raises(DataError) as caught:
        load_target(path)
    if complaint.endswith(" "):  # the rest is a whole table
        assert str(caught.value).startswith(f"{path}: {complaint}")
    else:
        assert str(caught.value) == f"{path}: {complaint}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_target(tmp_path / "no.toml")
    assert str(caught.value) == f"{tmp_path / 'no.toml'}: file: no such file or folder"


BASE = Target(url="u", app_key="k", secret="s")
SUPPORTED = {
    "everything": ({}, {"wms/order.cancel": True, "erp/entryorder.confirm": True}),
    "a role": ({"roles": ("erp",)}, {"wms/order.cancel": False, "erp/entryorder.confirm": True}),
    "some methods": ({"methods": ("order.*",)}, {"wms/order.cancel": True, "wms/stock.query": False}),
    "with the role": ({"methods": ("erp/*",)}, {"wms/order.cancel": False, "erp/entryorder.confirm": True}),
    "all but some": ({"without": ("*.query",)}, {"wms/order.cancel": True, "wms/stock.query": False}),
}


@pytest.mark.parametrize(("settings", "expected"), SUPPORTED.values(), ids=SUPPORTED)
def test_supports(settings: dict[str, tuple[str, ...]], expected: dict[str, bool]) -> None:
    target = with_options(BASE, **settings)
    assert {name: target.supports(spec.load_api(name)) for name in expected} == expected


WIRE = {
    "wms/order.cancel": "order.cancel",
    "erp/entryorder.confirm": "entryorder.confirm",
    "store/itemstore.banding": "taobao.qimen.itemstore.banding",
    "store/taobao.qimen.storeinventory.itemupdate": "taobao.qimen.storeinventory.itemupdate",
    "wdk/alibaba.wdk.stock.publish": "alibaba.wdk.stock.publish",
}


@pytest.mark.parametrize(("name", "method"), WIRE.items())
def test_the_method_on_the_wire(name: str, method: str) -> None:
    api = spec.load_api(name)
    assert BASE.wire_method(api) == method
    everywhere = with_options(BASE, prefixed=spec.ROLES)
    bare = method if api.protocol == "top" else f"taobao.qimen.{api.method}"
    assert everywhere.wire_method(api) == bare


def test_the_narrowest_pin_wins() -> None:
    api = spec.load_api("wms/order.cancel")
    data = {"orderCode": ("name",), "warehouseCode": ("name",), "order.cancel:orderCode": ("method",)}
    found = with_options(BASE, data=data).pins(api)
    assert found == {"orderCode": ("method",), "warehouseCode": ("name",)}
    nested = spec.load_api("wms/deliveryorder.create")
    data = {"orderCode": ("x",), "mobile": ("name",), "deliveryOrder.senderInfo.mobile": ("path",)}
    found = with_options(BASE, data=data).pins(nested)
    assert found["deliveryOrder.senderInfo.mobile"] == ("path",)
    assert found["deliveryOrder.receiverInfo.mobile"] == ("name",)
    assert with_options(BASE, data={"stock.query:itemCode": ("x",)}).pins(api) == {}


def test_the_first_waiver_that_covers_a_case() -> None:
    day = date(2026, 1, 1)
    target = with_options(
        BASE, waivers=(Waiver("wms/a/*", "one", day, day), Waiver("wms/a/request/b", "two", day, day))
    )
    assert [getattr(target.waiver(one), "reason", None) for one in ("wms/a/request/b", "wms/b/a")] == [
        "one",
        None,
    ]


def test_options() -> None:
    assert with_options(BASE, url=None, rate=None) == BASE
    assert with_options(BASE, url="v", readonly=True).url == "v"
    with pytest.raises(UsageError) as caught:
        with_options(BASE, roles=("wmx",))
    assert str(caught.value) == "unknown role 'wmx'; expected some of wms, erp, store, wdk"


SETTING = re.compile(r"^# (?=[\w\"\[:.\]]+ = |\[\[known\]\])", re.MULTILINE)


@pytest.mark.parametrize("told", [False, True], ids=["as it is", "with everything in it"])
def test_the_template_is_a_target_file(told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NO_KEYS:
        monkeypatch.setenv(name, "x")
    for name in ("our-ca.pem", "client.pem"):
        (tmp_path / name).touch()
    text = (Path(spec.__file__).parents[1] / "template.toml").read_text("utf-8")
    found = load_target(write(tmp_path, "a.toml", SETTING.sub("", text) if told else text))
    assert found.roles == ("wms",)
    assert bool(found.limits) is bool(found.data) is bool(found.waivers) is told
    assert found.assigns == (("itemId",) if told else ())
