"""Case files of one's own, and cases that cannot work."""

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from tests.plugin.plugin_runs import HEARTBEAT, KEYS, Go, own, results, statuses
from tests.support.files import CASE, FLOW, METHOD
from tests.support.servers import endpoint, response


def test_a_broken_case_file_does_not_hide_the_others(go: Go, pytester: pytest.Pytester) -> None:
    own(pytester, "mine/wms/thing.create.toml", METHOD.replace("max = 20,", 'max = "20",'))
    own(pytester, "mine/flows/broken.toml", "[[flow]\n")
    own(pytester, "mine/flows/good.toml", FLOW)
    result = go("--qimen", "mine", "--collect-only", "-q")
    assert "mine/flows/good.toml::create-and-cancel" in result.outlines
    told = result.stdout.str()
    assert "thing.create.toml: request.fields[2].max: expected a whole number, got '20'" in told
    assert "broken.toml: file: no TOML in UTF-8: " in told
    assert "Traceback" not in told
    assert result.ret == 2


def test_a_flow_of_ones_own(go: Go, pytester: pytest.Pytester) -> None:
    own(pytester, "mine/flows/first.toml", FLOW)
    result = go("--qimen", "mine/flows/first.toml", "--qimen-report", "out")
    result.assert_outcomes(passed=1)
    assert result.ret == 0
    (case,) = results(pytester.path / "out")["cases"]
    assert (case["id"], case["status"], case["requests"]) == ("flows/first/create-and-cancel", "pass", 3)


def test_a_method_of_ones_own(go: Go, pytester: pytest.Pytester) -> None:
    own(pytester, "cases/wms/thing.create.toml", METHOD + CASE)
    with endpoint(lambda request: response()) as server:
        result = go("--qimen-url", server.url, "cases/wms", "--qimen-report", "out", keys=KEYS)
    found = statuses(pytester.path / "out")
    assert found["wms/thing.create/request/minimal"] == "pass"
    assert found["wms/thing.create/case/two-lines"] == "pass"
    assert found["wms/thing.create/request/thing.thingCode/absent"] == "fail"
    assert "error" not in found.values()
    assert result.ret == 1


def test_a_first_step_that_sends_again_is_told_before_anything_is_sent(
    go: Go, pytester: pytest.Pytester
) -> None:
    own(pytester, "flows/first.toml", FLOW.replace("save = {", "again = true\nsave = {"))
    result = go("--qimen", "flows")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "first.toml: flow[1].step[1].again: needs a step before this one, got True" in result.stdout.str()


def test_an_unknown_tamper_is_told_before_anything_is_sent(go: Go, pytester: pytest.Pytester) -> None:
    own(pytester, "flows/first.toml", FLOW.replace("save = {", 'tamper = ["flip"]\nsave = {'))
    result = go("--qimen", "flows")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    told = "flows/first.toml: flow[1].step[1].tamper: unknown tamper 'flip'; expected one of no-decl"
    assert told in result.stdout.str()


def test_a_defect_of_the_suite_is_shown_with_its_trace_and_never_green(
    go: Go, pytester: pytest.Pytester
) -> None:
    own(pytester, "flows/first.toml", FLOW.replace('CGRK" }\ncheck', '\\u0007" }\ncheck'))
    result = go("--qimen", "flows", "--qimen-report", "out")
    assert result.ret == 1
    assert "ValueError: All strings must be XML compatible" in result.stdout.str()
    (case,) = results(pytester.path / "out")["cases"]
    assert (case["status"], case["cause"][:12]) == ("error", "ValueError: ")
    assert results(pytester.path / "out")["verdict"] == "incomplete"


def test_drawing_and_rates_can_be_set(go: Go, pytester: pytest.Pytester) -> None:
    settings = ("--qimen-examples", "3", "--qimen-seed", "7", "--qimen-rate", "1000/s")
    result = go("--qimen", HEARTBEAT, "-k", "property", *settings, "--qimen-report", "out")
    assert result.ret == 0
    assert {case["status"] for case in results(pytester.path / "out")["cases"]} == {"pass"}
    assert all(1 <= case["requests"] <= 12 for case in results(pytester.path / "out")["cases"])
