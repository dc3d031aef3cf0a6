"""What is collected, in which order, and what is left alone."""

import re
from collections.abc import Mapping

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.plugin.options import OPTIONS
from tests.plugin.plugin_runs import HEARTBEAT, Go, events, verdict


def test_without_the_options_nothing_is_collected_and_nothing_imported(pytester: pytest.Pytester) -> None:
    broken = pytester.path / "cases" / "wms" / "x.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text("= oops")
    pytester.makepyfile(
        """
        import sys

        def test_what_is_imported():
            heavy = {"hypothesis", "lxml", "httpx", "xmlschema"}
            assert not heavy & set(sys.modules)
            assert {name for name in sys.modules if name.startswith("pytest_qimen")} == {
                "pytest_qimen", "pytest_qimen.plugin", "pytest_qimen.plugin.options",
                "pytest_qimen.target", "pytest_qimen.target.options"
            }
        """
    )
    result = pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    assert "qimen" not in "".join(line for line in result.outlines if not line.startswith("plugins:"))


def test_the_other_options_alone_say_what_is_missing(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    result = go("--qimen-role", "wms", "--qimen-report", "out")
    assert (result.ret, result.errlines[0]) == (
        4,
        "ERROR: --qimen-role: say what to test: --qimen-url URL, --qimen-target FILE, or --qimen for the "
        "embedded endpoint",
    )
    pytester.makeini("[pytest]\nqimen_role = wms")
    go().assert_outcomes(passed=1)
    assert not (pytester.path / "out").exists()


@pytest.mark.parametrize("options", [("--qimen-target", "t.toml"), ("--qimen-url=",)])
def test_an_endpoint_without_an_address_is_not_the_embedded_one(
    go: Go, pytester: pytest.Pytester, options: tuple[str, ...]
) -> None:
    """Else a target file that lost its url would be conformant."""
    pytester.path.joinpath("t.toml").write_text('[target]\nname = "x"\nurl = ""\n')
    result = go("--qimen", *options)
    assert (result.ret, result.errlines[0]) == (
        4,
        "ERROR: --qimen-url: expected http://host/path or https://host/path, got ''",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "cases/wms/order.cancle.toml",
            "no case file for 'cases/wms/order.cancle.toml'; did you mean wms/order.cancel?",
        ),
        (f"{HEARTBEAT}::request/minimla", "did you mean wms/service.heartbeat/request/minimal"),
        ("wms/service.heartbeat/request/minimla", "did you mean wms/service.heartbeat/request/minimal"),
        ("callers/text/emojy", "no scenario 'callers/text/emojy'; did you mean callers/text/emoji"),
    ],
)
def test_a_misspelt_file_or_case_names_the_nearest(go: Go, text: str, words: str) -> None:
    result = go("--qimen", text)
    assert (result.ret, words in result.errlines[0]) == (4, True), result.errlines


@pytest.mark.parametrize(
    ("mark", "count"), [("must", 15), ("wms", 21), ("flow", 0), ("qimen(level='may')", 2), ("wms and may", 2)]
)
def test_plain_markers(go: Go, mark: str, count: int) -> None:
    result = go("--qimen", HEARTBEAT, "-m", mark, "--collect-only", "-q")
    assert sum("::" in line for line in result.outlines) == count


@pytest.mark.parametrize(
    "spelling",
    [
        "wms/service.heartbeat/request/minimal",
        "cases/wms/service.heartbeat/request/minimal",
        "cases/wms/service.heartbeat.toml::request/minimal",
    ],
)
def test_an_id_in_every_spelling(go: Go, spelling: str) -> None:
    result = go("--qimen", spelling, "--collect-only", "-q")
    assert "cases/wms/service.heartbeat.toml::request/minimal" in result.outlines
    assert sum("::" in line for line in result.outlines) == 1


def test_the_marker_and_the_options_are_documented(go: Go) -> None:
    assert "@pytest.mark.qimen(level, role, method, family): a case of the conformance suite" in "\n".join(
        go("--markers").outlines
    )
    told = "\n".join(go("--help").outlines)
    for name, _, _ in OPTIONS:
        assert f"--{name}" in told
        assert f"{name.replace('-', '_')} (" in told


def test_one_file_against_the_embedded_endpoint(go: Go) -> None:
    result = go("--qimen", HEARTBEAT)
    assert result.ret == 0
    header = next(line for line in result.outlines if line.startswith("qimen: "))
    assert re.fullmatch(
        r"qimen: suite \S+ \([0-9a-f]{16}\), target embedded at http://127\.0\.0\.1:\d+/qimen, level must, "
        r"keys begin with Q[0-9A-Z]{6}",
        header,
    )
    assert "verdict: conformant" in verdict(result)
    result.assert_outcomes(passed=len(items(go, HEARTBEAT)))


def items(go: Go, *args: str) -> list[str]:
    """The names of what is collected."""
    result = go("--qimen", "--collect-only", "-q", *args)
    return [line for line in result.outlines if "::" in line]


SELECTED: Mapping[
    tuple[str, ...], tuple[int, str]
] = {  # arguments, least number of items, what all names hold
    (HEARTBEAT,): (10, r"cases/wms/service\.heartbeat\.toml::"),
    (f"{HEARTBEAT}::request/minimal",): (1, r"::request/minimal$"),
    ("cases/protocol",): (200, r"cases/protocol/"),
    ("cases/protocol/smoke.toml",): (5, r"cases/protocol/smoke\.toml::.*/answers$"),
    (HEARTBEAT, "-k", "serialNumber and long"): (2, r"::request/serialNumber/.*long"),
    (HEARTBEAT, "-m", "qimen(level='may')"): (1, r"::request/"),
    (HEARTBEAT, "-m", "qimen(family='length')"): (2, r"::request/serialNumber/(longest|too-long)$"),
    ("cases/protocol", "-m", "qimen(role='erp')"): (30, r"::erp/"),
    ("cases/flows", "--qimen-method", "order.cancel,wms/entryorder.*"): (1, r"cases/flows/"),
    ("cases/wms", "--qimen-method", "service.*", "--qimen-method", "*/order.cancel"): (
        40,
        r"cases/wms/(service\.heartbeat|order\.cancel)\.toml::",
    ),
    ("cases/protocol", "cases/wdk", "--qimen-role", "wdk"): (100, r"::wdk/|cases/wdk/"),
}


@pytest.mark.parametrize("args", SELECTED, ids=" ".join)
def test_narrowing(args: tuple[str, ...], go: Go) -> None:
    least, pattern = SELECTED[args]
    found = items(go, *args)
    assert len(found) >= least
    assert [name for name in found if not re.search(pattern, name)] == []


def test_an_item_is_the_case_of_its_id(go: Go, pytester: pytest.Pytester) -> None:
    names = items(go, HEARTBEAT)
    go("--qimen", HEARTBEAT, "--qimen-report", "out")
    ids = [event["id"] for event in events(pytester.path / "out") if event["type"] == "case"]
    assert [name.removeprefix("cases/").replace(".toml::", "/") for name in names] == ids


def test_collecting_only_ends_well(go: Go) -> None:
    assert go("--qimen", HEARTBEAT, "--collect-only").ret == 0


def test_nothing_selected(go: Go) -> None:
    assert go("--qimen", HEARTBEAT, "-k", "nothing-like-this").ret == 5
    result = go("--qimen", f"{HEARTBEAT}::request/nothing")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: service.heartbeat.toml has no case *request/nothing'*"])


def test_the_order_is_smoke_then_protocol_then_methods_then_flows(go: Go) -> None:
    found = items(go, "--qimen-method", "service.heartbeat,order.cancel", "--qimen-method", "entryorder.*")
    kinds = [re.sub(r"cases/(protocol/smoke|protocol|flows|\w+).*", r"\1", name) for name in found]
    assert list(dict.fromkeys(kinds)) == ["protocol/smoke", "protocol", "erp", "wms", "flows"] or list(
        dict.fromkeys(kinds)
    ) == ["protocol/smoke", "protocol", "wms", "erp", "flows"]


def test_ordinary_tests_run_beside_the_suite(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    result = go("--qimen", f"{HEARTBEAT}::request/minimal", "test_ordinary_tests_run_beside_the_suite.py")
    result.assert_outcomes(passed=2)
    assert result.ret == 0


def test_a_case_that_a_plugin_of_the_user_skips(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        skipper="""
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.skip(reason="not today"))
        """
    )
    pytester.syspathinsert()
    found = go("--qimen", f"{HEARTBEAT}::request/minimal", "-p", "skipper", "-rs")
    assert "not today" in found.stdout.str()
    assert "INTERNALERROR" not in found.stdout.str()
