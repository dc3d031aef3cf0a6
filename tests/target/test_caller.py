"""The table [caller]: which methods a system claims to send, its windows, and what makes it send."""

from pathlib import Path

import pytest

from pytest_qimen.errors import DataError
from pytest_qimen.spec import load_all, load_api
from pytest_qimen.target.caller import NO_CALLER, CallerProfile, DriverProfile
from pytest_qimen.target.model import load_target


def profile(folder: Path, text: str) -> CallerProfile:
    file = folder / "ours.toml"
    file.write_text(text, "utf-8")
    return load_target(file).caller


def test_without_the_table_it_sends_everything(tmp_path: Path) -> None:
    assert profile(tmp_path, "") == NO_CALLER


def test_everything_is_read(tmp_path: Path) -> None:
    found = profile(
        tmp_path,
        """
[caller]
side = ["erp", "oms"]
sends = ["wms/*", "store/*"]
without = ["transferorder.*"]
retries = false
ask_within = "5m"
retry_within = "2s"
quiet = "1h"
most_a_minute = 7
[caller.driver]
command = ["python", "drive.py"]
timeout = "30s"
parallel = 4
""",
    )
    assert found == CallerProfile(
        ("erp", "oms"),
        ("wms/*", "store/*"),
        ("transferorder.*",),
        False,
        300.0,
        2.0,
        3600.0,
        7,
        DriverProfile(("python", "drive.py"), "", 30.0, 4),
    )


@pytest.mark.parametrize(("side", "count"), [("erp", 33), ("wms", 18), ("oms", 20)])
def test_a_side_sends_what_the_documents_say(side: str, count: int) -> None:
    """33 methods of 003 are called by an ERP, 18 by a WMS; heartbeat and suppliers come from the platform."""
    assert sum(CallerProfile((side,)).claims(api) for api in load_all()) == count


def test_what_it_is_without_is_not_claimed() -> None:
    found = CallerProfile(("erp",), without=("transferorder.*",))
    assert not found.claims(load_api("transferorder.create"))
    assert found.claims(load_api("entryorder.create"))
    assert not found.claims(load_api("entryorder.confirm"))


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('[caller]\nside = "hq"', "caller.side", "expected erp, wms, oms or a list of them, got 'hq'"),
        ("[caller]\nside = []", "caller.side", "is empty"),
        ('[caller]\nsends = ["nosuch.*"]', "caller.sends", "no method matches 'nosuch.*'"),
        ('[caller]\nquiet = "soon"', "caller.quiet", "expected a duration such as 90s, 5m or 1h, got 'soon'"),
        ("[caller]\nmost_a_minute = 0", "caller.most_a_minute", "expected at least 1, got 0"),
        ("[caller]\nnosuch = 1", "caller.nosuch", "is not a key of this table"),
        ("[caller.driver]", "caller.driver", "needs one of command and url"),
        ('[caller.driver]\nurl = "ftp://x"', "caller.driver.url", "expected http://host…, got 'ftp://x'"),
        (
            '[caller.driver]\nurl = "http://x/"\ncommand = ["y"]',
            "caller.driver",
            "needs one of command and url",
        ),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, text: str, key: str, reason: str) -> None:
    with pytest.raises(DataError) as caught:
        profile(tmp_path, text)
    assert (caught.value.key, str(caught.value.reason)[: len(reason)]) == (key, reason)
