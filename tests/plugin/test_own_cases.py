"""Case files of one's own, and cases that cannot work."""

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.cases import bundled_file
from pytest_qimen.reference import serve
from pytest_qimen.spec import data_dir
from tests.plugin.plugin_runs import HEARTBEAT, KEYS, SHOP, Go, own, results, statuses
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


def test_a_copy_of_a_bundled_file_is_the_bundled_one(go: Go, pytester: pytest.Pytester) -> None:
    """As in a checkout beside an installed wheel: its drawn cases are there, and cases go by their ids."""
    bundled = data_dir("cases") / "wms/service.heartbeat.toml"
    text = bundled.read_text("utf-8")
    own(pytester, HEARTBEAT, text)
    copied, theirs = (
        go("--qimen", name, "--collect-only", "-q").outlines for name in (HEARTBEAT, str(bundled))
    )
    named = [line for line in copied if "::" in line]
    assert named == [line for line in theirs if "::" in line]
    assert any("property" in line for line in named)
    own(pytester, HEARTBEAT, f"{text}\n# mine\n")
    mine = [line for line in go("--qimen", HEARTBEAT, "--collect-only", "-q").outlines if "::" in line]
    assert len(mine) == len(named) - 2
    assert bundled_file(pytester.path / HEARTBEAT) is None
    assert bundled_file(pytester.path / "wms/gone.toml") is None


@pytest.mark.parametrize(("more", "named"), [("", "wms/shop.synchronize/request/shop/absent"), ("\n", SHOP)])
def test_a_red_case_is_replayed_by_the_file_of_ones_own(
    more: str, named: str, keyed_go: Go, pytester: pytest.Pytester
) -> None:
    own(pytester, SHOP, (data_dir("cases").parent / SHOP).read_text("utf-8") + more)
    with serve(faults=["need-not-checked"]) as url:
        told = keyed_go("--qimen-url", url, SHOP, "-k", "shop/absent").stdout.str()
    place = str(pytester.path / SHOP) if more else named
    assert f"replay: qimen replay {place} --url {url}" in told


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
