"""`qimen sign --curl`: the command that it prints runs, signed with today's secret; it needs an endpoint."""

from collections.abc import Callable

import pytest

from pytest_qimen.reference.serve import serve
from tests.commands.console_runs import Captured, run
from tests.plugin.plugin_runs import KEYS
from tests.support.curl import WAYS

MINIMAL = "wms/service.heartbeat/request/minimal"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    ("identity", "secret", "flag"),
    [
        (MINIMAL, KEYS["QIMEN_SECRET"], b"success"),
        (MINIMAL, "another", b"failure"),
        ("wms/order.cancel/request/minimal", KEYS["QIMEN_SECRET"], b"success"),
    ],
    ids=["right", "wrong-secret", "presupposes-an-order"],
)
def test_the_command_runs(
    identity: str,
    secret: str,
    flag: bytes,
    way: Callable[[str], bytes],
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QIMEN_SECRET", secret)
    with serve() as url:
        status, out, err = run(capsys, "sign", "--curl", identity, "--url", url)
        assert (status, err) == (0, "")
        answer = way(out)
    assert b"<flag>" + flag + b"</flag>" in answer


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--curl", MINIMAL], "--curl needs the endpoint: --url or --target"),
        (["--curl", "wms/service.heartbeat/request/minimall", "--url", "http://127.0.0.1:1/"], "minimal"),
        (["--url", "http://127.0.0.1:1/"], "or --curl ID with --url or --target"),
    ],
)
def test_what_is_missing_is_named(words: list[str], says: str, capsys: Captured) -> None:
    status, out, err = run(capsys, "sign", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err
