"""The plugin as its users meet it: options, ini twins, errors, what is collected, reports, exit status."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpcore  # noqa: F401
import pytest
from support.files import CASE, FLOW, METHOD
from support.servers import endpoint, free_port, response

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.plugin.options import OPTIONS
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve

# In a source checkout the bundled cases lie beside the project's own conftest.py, which is for its tests.
ALWAYS = ("-W", "error", "-p", "no:cacheprovider", "--noconftest")
HEARTBEAT, SHOP = "cases/wms/service.heartbeat.toml", "cases/wms/shop.synchronize.toml"
ANSWER = "cases/protocol/answer.toml"
KEYS = {"QIMEN_APP_KEY": APP_KEY, "QIMEN_SECRET": SECRET, "QIMEN_CUSTOMER_ID": CUSTOMER_ID}
Result = pytest.RunResult
Go = Callable[..., Result]


@pytest.fixture
def go(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Go:
    """Run pytest in an empty folder, in this process; warnings are errors."""
    for name in (*KEYS, "QIMEN_SESSION", "PYTEST_ADDOPTS", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)

    def go(*args: str | Path, keys: Mapping[str, str] = {}) -> Result:
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        return pytester.runpytest_inprocess(*ALWAYS, *args)

    return go


@contextmanager
def faulty(*faults: str, **settings: Any) -> Iterator[str]:
    with serve(faults=faults, **settings) as url:
        yield url


def results(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    return found


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text("utf-8").splitlines()]


def statuses(folder: Path) -> dict[str, str]:
    return {case["id"]: case["status"] for case in results(folder)["cases"]}


def verdict(result: Result) -> str:
    return next((line for line in result.outlines if line.startswith("verdict: ")), "none")


# Ordinary pytest stays ordinary


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
                "pytest_qimen", "pytest_qimen.plugin", "pytest_qimen.plugin.options"
            }
        """
    )
    result = pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    assert "qimen" not in "".join(line for line in result.outlines if not line.startswith("plugins:"))


def test_the_other_options_alone_start_nothing(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    result = go("--qimen-role", "wmx", "--qimen-level", "high", "--qimen-report", "out")
    result.assert_outcomes(passed=1)
    assert not (pytester.path / "out").exists()


def test_the_marker_and_the_options_are_documented(go: Go) -> None:
    assert "@pytest.mark.qimen(level, role, method, family): a case of the conformance suite" in "\n".join(
        go("--markers").outlines
    )
    told = "\n".join(go("--help").outlines)
    for name, _, _ in OPTIONS:
        assert f"--{name}" in told
        assert f"{name.replace('-', '_')} (" in told


# A run


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
    result.stderr.fnmatch_lines(["ERROR: not found: *service.heartbeat.toml::request/nothing*"])


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


# Ini twins and the environment

TWINS = {
    "qimen = true": ("target embedded at http://127.0.0.1", 0),
    "qimen = true\nqimen_level = should": (", level should,", 0),
    "qimen = true\nqimen_role = erp": ("ERROR", 4),
    "qimen = true\nqimen_method = order.* nosuch.*": (
        "no method of wms, erp, store, wdk matches 'nosuch.*'",
        4,
    ),
    "qimen_target = target.toml": ("target mine at http://127.0.0.1", 0),
    "qimen_url = {url}": ("target unnamed at http://127.0.0.1", 0),
    "qimen = true\nqimen_rate = often": ("--qimen-rate: expected a number", 4),
    "qimen = true\nqimen_examples = 0": (
        "--qimen-examples: expected a whole number of at least 1, got '0'",
        4,
    ),
    "qimen = true\nqimen_seed = x": ("--qimen-seed: expected a whole number of at least 0, got 'x'", 4),
    "qimen = true\nqimen_fuzz = soon": ("--qimen-fuzz: expected a time such as 30m", 4),
    "qimen = true\nqimen_fuzz = 5\nqimen_corpus = tox.ini/x": ("--qimen-corpus: ", 4),
    "qimen = true\nqimen_fuzz = 5\nqimen_database = redis://127.0.0.1:1/0": ("--qimen-database: ", 4),
    "qimen_url = http://nosuch.invalid/x\nqimen_fuzz = 5\nqimen_yes = true": ("fuzz: ended: ", 1),
    "qimen = true\nqimen_connections = 0": (
        "--qimen-connections: expected a whole number of at least 1, got '0'",
        4,
    ),
    "qimen = true\nqimen_shard = 3/2": ("--qimen-shard: expected a part and their number such as 3/10", 4),
    "qimen = true\nqimen_report = out": ("report: out", 0),
    "qimen = true\nqimen_har = out.har": ("report: out.har", 0),
    "qimen = true\nqimen_new_only = gone": ("--qimen-new-only: gone: file: No such file or directory", 4),
    "qimen = true\nqimen_mask_personal = true\nqimen_report = out": ("private: events.jsonl and found/", 0),
    "qimen = true\nqimen_lang = zh": ("结论: 符合规范", 0),
    "qimen = true\nqimen_readonly = true": ("verdict: conformant", 0),
}


@pytest.mark.parametrize("ini", TWINS)
def test_ini_twins(ini: str, go: Go, pytester: pytest.Pytester) -> None:
    told, status = TWINS[ini]
    with faulty() as url:
        pytester.makefile(".toml", target=f'name = "mine"\nurl = "{url}"\n')
        pytester.makeini(f"[pytest]\n{ini.format(url=url)}\n")
        args = ["--qimen-method", "wms/*"] if "role" in ini else []
        result = go(*args, f"{HEARTBEAT}::request/minimal", keys=KEYS)
    assert (told in result.stdout.str() + result.stderr.str(), result.ret) == (True, status)


def test_the_command_line_overrides_the_ini_file(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nqimen = true\nqimen_level = should\nqimen_role = erp\nqimen_report = ini\n")
    result = go(HEARTBEAT, "--qimen-level", "may", "--qimen-role", "wms", "--qimen-report", "line")
    assert ", level may," in result.stdout.str()
    assert result.ret == 0
    assert (pytester.path / "line" / "results.json").exists()
    assert not (pytester.path / "ini").exists()


def test_every_option_has_its_twin_in_the_table() -> None:
    tried = set(re.findall(r"qimen\w*(?= =)", "\n".join(TWINS)))
    assert tried == {name.replace("-", "_") for name, _, _ in OPTIONS}


def sent_with(go: Go, pytester: pytest.Pytester, target: str = "", **keys: str) -> dict[str, str]:
    """The parameters of the first request of a run with these keys in the environment."""
    with endpoint(lambda request: response()) as server:
        pytester.makefile(".toml", target=f'url = "{server.url}"\n{target}')
        go("--qimen-target", "target.toml", f"{HEARTBEAT}::request/minimal", keys=keys)
        return server.requests[0].params


def test_keys_come_from_the_environment(go: Go, pytester: pytest.Pytester) -> None:
    params = sent_with(go, pytester, QIMEN_APP_KEY="a1", QIMEN_SECRET="s1", QIMEN_CUSTOMER_ID="c1")
    assert (params["app_key"], params["customerId"]) == ("a1", "c1")
    named = 'app_key_env = "KEY_OF_MINE"\nsecret_env = "SECRET_OF_MINE"\n'
    params = sent_with(go, pytester, named, QIMEN_APP_KEY="a1", KEY_OF_MINE="a2", SECRET_OF_MINE="s2")
    assert params["app_key"] == "a2"


# What cannot be meant

URL = "http://127.0.0.1:1/qimen"
USAGE: Mapping[tuple[str, ...], str] = {
    ("--qimen-url", "127.0.0.1:8080"): (
        "--qimen-url: expected http://host/path or https://host/path, got '127.0.0.1:8080'"
    ),
    ("--qimen-url", "ftp://127.0.0.1"): (
        "--qimen-url: expected http://host/path or https://host/path, got 'ftp://127.0.0.1'"
    ),
    ("--qimen-url", "http://"): "--qimen-url: expected http://host/path or https://host/path, got 'http://'",
    ("--qimen-url", "http:///qimen"): (
        "--qimen-url: expected http://host/path or https://host/path, got 'http:///qimen'"
    ),
    ("--qimen-url", URL): (
        "the environment has no QIMEN_APP_KEY; the target file may name another with app_key_env"
    ),
    ("--qimen", "--qimen-role", "wms,oms"): (
        "--qimen-role: unknown role 'oms'; expected some of wms, erp, store, wdk"
    ),
    ("--qimen", "--qimen-method", "order.cancle"): (
        "--qimen-method: no method of wms, erp, store, wdk matches 'order.cancle'; `qimen list` shows them"
    ),
    ("--qimen", "--qimen-role", "erp", "--qimen-method", "order.cancel"): (
        "--qimen-method: no method of erp matches 'order.cancel'; `qimen list` shows them"
    ),
    ("--qimen", "--qimen-method", "order.*", "--qimen-method", "nosuch.*"): (
        "--qimen-method: no method of wms, erp, store, wdk matches 'nosuch.*'; `qimen list` shows them"
    ),
    ("--qimen", "--qimen-level", "high"): "--qimen-level: expected one of must, should, may, got 'high'",
    ("--qimen", "--qimen-rate", "0"): (
        "--qimen-rate: expected a number of requests a second such as 50/s, got '0'"
    ),
    ("--qimen", "--qimen-rate", "50/min"): (
        "--qimen-rate: expected a number of requests a second such as 50/s, got '50/min'"
    ),
    ("--qimen", "--qimen-rate", "nan/s"): (
        "--qimen-rate: expected a number of requests a second such as 50/s, got 'nan/s'"
    ),
    ("--qimen", "--qimen-examples", "many"): (
        "--qimen-examples: expected a whole number of at least 1, got 'many'"
    ),
    ("--qimen", "--qimen-seed=-1"): "--qimen-seed: expected a whole number of at least 0, got '-1'",
    ("--qimen-target", "nosuch.toml"): "nosuch.toml: file: No such file or directory",
    (
        "--qimen-target",
        "broken.toml",
    ): "broken.toml: target.roles: unknown role 'x'; expected some of wms, erp, store, wdk",
    ("--qimen", "--qimen-report", "file.txt"): "--qimen-report: [Errno 17] File exists: 'file.txt'",
}


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_usage_errors_are_one_line(args: tuple[str, ...], go: Go, pytester: pytest.Pytester) -> None:
    pytester.makefile(".txt", file="")
    pytester.makefile(".toml", broken='roles = ["x"]')
    result = go(*args, HEARTBEAT)
    assert result.ret == 4
    assert [line for line in result.errlines if line] == [f"ERROR: {USAGE[args]}"]
    assert "Traceback" not in result.stdout.str()


def test_a_secret_that_is_missing_is_named(go: Go) -> None:
    result = go("--qimen-url", URL, HEARTBEAT, keys={"QIMEN_APP_KEY": "k"})
    assert result.errlines[0] == (
        "ERROR: the environment has no QIMEN_SECRET; the target file may name another with secret_env"
    )


def test_an_unknown_option(go: Go) -> None:
    assert go("--qimen-fast").ret == 4


# Broken and own case files


def own(pytester: pytest.Pytester, name: str, text: str) -> str:
    path = pytester.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return name


def test_a_broken_case_file_does_not_hide_the_others(go: Go, pytester: pytest.Pytester) -> None:
    own(pytester, "mine/wms/thing.create.toml", METHOD.replace("max = 20,", 'max = "20",'))
    own(pytester, "mine/flows/broken.toml", "[[flow]\n")
    own(pytester, "mine/flows/good.toml", FLOW)
    result = go("--qimen", "mine", "--collect-only", "-q")
    assert "cases/flows/good.toml::create-and-cancel" in result.outlines
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


def test_a_case_that_cannot_work_is_an_error_and_not_green(go: Go, pytester: pytest.Pytester) -> None:
    own(pytester, "flows/first.toml", FLOW.replace("save = {", "again = true\nsave = {"))
    result = go("--qimen", "flows", "--qimen-report", "out")
    assert result.ret == 1
    assert "`again` needs a step before it" in result.stdout.str()
    assert verdict(result) == "verdict: incomplete (1 case could not be tested), 0 requests"
    assert statuses(pytester.path / "out") == {"flows/first/create-and-cancel": "error"}


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


# What is written

CASE_KEYS = {"id", "method", "role", "level", "requirements", "status", "findings", "requests", "seconds"}
MORE_KEYS = {"family", "cause"}  # beyond design.md 5: why a case is blocked is nowhere else
FINDING_KEYS = {"check", "path", "expected", "actual", "clause", "level", "step"}
STATUSES = {"pass", "fail", "warn", "info", "unsupported", "blocked", "waived", "stale", "error"}


def test_the_report(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("need-not-checked") as url:
        result = go("--qimen-url", url, HEARTBEAT, "--qimen-report", "deep/out", keys=KEYS)
    assert result.ret == 1
    assert "report: deep/out" in result.outlines
    found = results(pytester.path / "deep" / "out")
    assert list(found) == [
        *("format", "verdict", "suite", "target", "level", "seed", "started", "ended", "counts", "cases")
    ]
    assert (found["format"], found["verdict"], found["target"], found["level"]) == (
        1,
        "non-conformant",
        url,
        "must",
    )
    assert set(found["suite"]) == {"version", "digest"}
    assert re.fullmatch("Q[0-9A-Z]{6}", found["seed"])
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", found[key]) for key in ("started", "ended")
    )
    assert set(found["counts"]) == STATUSES
    assert sum(found["counts"].values()) == len(found["cases"])
    assert [case["id"] for case in found["cases"]] == sorted(case["id"] for case in found["cases"])
    for case in found["cases"]:
        assert set(case) == CASE_KEYS | MORE_KEYS
        assert all(set(one) == FINDING_KEYS for one in case["findings"])
    failed = [case for case in found["cases"] if case["status"] == "fail"]
    assert failed
    assert all(case["findings"] for case in failed)


def test_the_events(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("need-not-checked") as url:
        go("--qimen-url", url, SHOP, "--qimen-report", "out", keys=KEYS)
    found = events(pytester.path / "out")
    assert [found[0]["type"], found[-1]["type"]] == ["run", "end"]
    assert {event["type"] for event in found} == {"run", "case", "created", "end"}
    cases = [event for event in found if event["type"] == "case"]
    shown = [event for event in cases if "exchanges" in event]
    assert {event["status"] for event in shown} == {"fail"}
    for event in shown:
        for exchange in event["exchanges"]:
            assert dict(exchange["request"]["params"])["sign"] == "***"
            assert "sign=***" in exchange["request"]["url"]


def test_a_run_that_is_interrupted_is_incomplete(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        breaking="""
        def pytest_runtest_setup(item):
            if item.name == "request/typical":
                raise KeyboardInterrupt
        """
    )
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess(
        *(*ALWAYS, "-p", "breaking", "--qimen", HEARTBEAT, "--qimen-report", "out")
    )
    assert result.ret == 2
    assert verdict(result) == "verdict: incomplete (the run broke off), 1 request"
    found = results(pytester.path / "out")
    assert (found["verdict"], found["ended"]) == ("incomplete", None)
    assert statuses(pytester.path / "out") == {"wms/service.heartbeat/request/minimal": "pass"}


def test_junit(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("code-missing") as url:
        go("--qimen-url", url, HEARTBEAT, ANSWER, "-k", "wms", "--junitxml", "junit.xml", keys=KEYS)
    root = ElementTree.parse(pytester.path / "junit.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert {case.get("classname") for name, case in cases.items() if not name.startswith("wms/")} == {
        "cases.wms.service.heartbeat.toml"
    }
    assert len(cases) == len(list(root.iter("testcase")))
    failure = cases["answer/success"].find("skipped")
    assert failure is not None
    assert failure.get("message") == "protocol/answer/wms/success"


NARROW = {  # what is chosen -> what is red of an endpoint whose answers have no code
    "with the cases of all methods": ((HEARTBEAT, ANSWER), {"protocol/answer/wms"}),
    "the cases of the method": ((HEARTBEAT,), {"wms/service.heartbeat/answer"}),
    "its smallest message": ((HEARTBEAT, "-k", "minimal"), {"wms/service.heartbeat/request"}),
    "a flow": (("cases/flows/masterdata.toml", "-k", "heartbeat"), {"flows/masterdata"}),
}


@pytest.mark.parametrize(("args", "red"), NARROW.values(), ids=NARROW)
def test_a_fault_of_all_answers_is_red_whatever_is_chosen(
    args: tuple[str, ...], red: set[str], go: Go, pytester: pytest.Pytester
) -> None:
    with faulty("code-missing") as url:
        go("--qimen-url", url, *args, "--qimen-role", "wms", "--qimen-report", "out", keys=KEYS)
    found = statuses(pytester.path / "out")
    assert {name.rpartition("/")[0] for name, status in found.items() if status == "fail"} == red


def test_a_shard_leaves_a_fault_to_the_shard_whose_case_it_is(go: Go, pytester: pytest.Pytester) -> None:
    with faulty("code-missing") as url:
        for shard in ("1/2", "2/2"):
            out = shard.replace("/", "-")
            go("--qimen-url", url, HEARTBEAT, ANSWER, "--qimen-role", "wms", "--qimen-shard", shard,
               "--qimen-report", out, keys=KEYS)  # fmt: skip
    found = statuses(pytester.path / "1-2") | statuses(pytester.path / "2-2")
    assert {name for name, status in found.items() if status == "fail"} == {
        "protocol/answer/wms/success",
        "protocol/answer/wms/failure",
    }


def test_failing_items_show_everything(go: Go) -> None:
    with endpoint(lambda request: response(code=None)) as server:
        result = go("--qimen-url", server.url, "cases/protocol/answer.toml", "-k", "wms/success", keys=KEYS)
        sent = server.requests[-1]
    query = re.sub("sign=[0-9A-F]+", "sign=***", sent.target.partition("?")[2])
    told = [
        "FAIL  protocol/answer/wms/success  (must)",
        "The form of an answer to a good request · 成功应答的格式",
        "requirement: answer.form   clause: 000 section 2.3",
        "",
        "envelope.code (must, request 1, 000 section 2.3)",
        "  at       code",
        "  expected a code",
        "  actual   no code",
        "",
        f"curl -sS -X POST '{server.url}?{query}' -H 'Content-Type: text/xml;charset=utf-8' "
        f"-H 'Accept: text/xml,application/json;q=0.1' --data-binary '{sent.body.decode()}'",
        "HTTP 200",
        response(code=None),
    ]
    assert "\n".join(told) + "\n" in result.stdout.str()
    assert result.ret == 1


# Exit status

ENDS = {
    "conformant": ((), (), 0, "conformant (every must that was tested holds)"),
    "a should that is broken": (
        ("codes-not-checked",),
        (),
        0,
        "conformant (every must that was tested holds)",
    ),
    "a should that counts": (
        ("codes-not-checked",),
        ("--qimen-level", "should"),
        1,
        "non-conformant (4 cases are red)",
    ),
    "a must that is broken": (("need-not-checked",), (), 1, "non-conformant"),
}


@pytest.mark.parametrize(("faults", "args", "status", "told"), ENDS.values(), ids=ENDS)
def test_exit_status(faults: tuple[str, ...], args: tuple[str, ...], status: int, told: str, go: Go) -> None:
    with faulty(*faults) as url:
        result = go(
            "--qimen-url", url, SHOP, "-m", "qimen(family='codes') or qimen(family='need')", *args, keys=KEYS
        )
    assert (verdict(result).startswith(f"verdict: {told}"), result.ret) == (True, status)


def test_a_dead_endpoint_is_one_red_line_and_incomplete(go: Go, pytester: pytest.Pytester) -> None:
    url = f"http://127.0.0.1:{free_port()}/qimen"
    args = (
        "cases/protocol/smoke.toml",
        HEARTBEAT,
        "cases/erp/entryorder.confirm.toml",
        "--qimen-report",
        "out",
    )
    result = go("--qimen-url", url, *args, keys=KEYS)
    assert result.ret == 1
    assert "verdict: incomplete" in verdict(result)
    found = statuses(pytester.path / "out")
    assert {name for name, status in found.items() if status == "error"} == {"protocol/smoke/wms/answers"}
    assert set(found.values()) == {"error", "blocked"}
    assert f"{len(found) - 1} cases blocked by protocol/smoke/wms/answers" in result.outlines
    assert results(pytester.path / "out")["verdict"] == "incomplete"
    assert [line for line in result.outlines if line.startswith("ERROR cases/")] == [
        "ERROR cases/protocol/smoke.toml::wms/answers - ERROR  protocol/smoke/wms/answ..."
    ]


def test_known_failures(go: Go, pytester: pytest.Pytester) -> None:
    known = "".join(
        f'[[known]]\nid = "wms/shop.synchronize/request/{name}"\nreason = "ticket"\nsince = 2026-01-01\n'
        f"expires = {expires}\n"
        for name, expires in (
            ("actionType/not-in-code-list", "2999-01-01"),
            ("shop.sourcePlatformCode/not-in-code-list", "2026-01-01"),
            ("actionType/absent", "2999-01-01"),
        )
    )
    with faulty("codes-not-checked") as url:
        own(pytester, "mine.toml", f'url = "{url}"\n{known}')
        result = go(
            "--qimen-target",
            "mine.toml",
            SHOP,
            "-k",
            "/not-in or /absent",
            "--qimen-report",
            "out",
            keys=KEYS,
        )
    found = statuses(pytester.path / "out")
    assert found["wms/shop.synchronize/request/actionType/not-in-code-list"] == "waived"
    assert found["wms/shop.synchronize/request/shop.sourcePlatformCode/not-in-code-list"] == "stale"
    assert found["wms/shop.synchronize/request/actionType/absent"] == "stale"
    assert result.ret == 1
    assert "the waiver expired on 2026-01-01" in result.stdout.str()
    assert "passes, but is known as failing: ticket" in result.stdout.str()


# Several processes


def comparable(folder: Path) -> dict[str, Any]:
    """results.json but for times and what is drawn anew for every run."""
    found = results(folder)
    for key in ("seed", "started", "ended", "target", "suite"):
        del found[key]
    for case in found["cases"]:
        del case["seconds"]
        case["cause"] = case["cause"].replace(f"{folder.name}/", "")
        case["findings"] = [
            {key: value for key, value in one.items() if key != "actual"} for one in case["findings"]
        ]
    return found


def test_two_workers_find_what_one_finds(
    pytester: pytest.Pytester, go: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ("cases/protocol/answer.toml", HEARTBEAT, SHOP, "cases/flows/inbound.toml")
    with faulty("code-missing", "codes-not-checked") as url:
        one = go("--qimen-url", url, *args, "--qimen-report", "one", keys=KEYS)
        two = pytester.runpytest_subprocess(
            *(*ALWAYS, "-n", "2"),
            *("--qimen-url", url, *args, "--qimen-report", "two"),
        )
    assert one.ret == two.ret == 1
    assert comparable(pytester.path / "one") == comparable(pytester.path / "two")
    found = events(pytester.path / "two")
    assert [event["type"] for event in (found[0], found[-1])] == ["run", "end"]
    created = [event for event in found if event["type"] == "created"]
    assert created
    keys = {text for event in created for text in event["keys"].values() if re.match("Q.{10}", text)}
    assert {text[:6] for text in keys} == {results(pytester.path / "two")["seed"][:6]}


def test_a_worker_that_crashes_is_an_error(pytester: pytest.Pytester, go: Go) -> None:
    pytester.makepyfile(
        breaking="""
        import os

        def pytest_runtest_call(item):
            if item.name == "request/typical":
                os._exit(3)
        """
    )
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess(
        *(*ALWAYS, "-p", "breaking", "-n", "1", "--qimen", HEARTBEAT, "-k", "minimal or typical"),
        *("--qimen-report", "out"),
    )
    assert result.ret == 1
    assert statuses(pytester.path / "out") == {
        "wms/service.heartbeat/request/minimal": "pass",
        "wms/service.heartbeat/request/typical": "error",
    }
    assert results(pytester.path / "out")["verdict"] == "incomplete"


# Secrets


def test_no_secret_is_in_any_output(go: Go, pytester: pytest.Pytester) -> None:
    secret, session = "a<&>b.*[c]\"d'e\\f$1", "s3ss<&>ion.*"
    told = f"<![CDATA[expected {secret}, session {session}]]>"

    def gossip(request: Any) -> str:
        return response(
            "failure", message=told, more=f"<body>{secret.replace('&', '&amp;').replace('<', '&lt;')}</body>"
        )

    login = "user:pass-word-1"
    with endpoint(gossip) as server:
        url = server.url.replace("http://", f"http://{login}@")
        args = ("cases/protocol/answer.toml", "cases/protocol/signature.toml", HEARTBEAT)
        result = go(
            *("--qimen-url", url, *args, "-k", "wms or wdk", "-vv", "--qimen-report", "out"),
            *("--junitxml", "out/junit.xml"),
            keys=KEYS | {"QIMEN_SECRET": secret, "QIMEN_SESSION": session},
        )
        assert server.requests
    written = {path.name: path.read_text("utf-8") for path in (pytester.path / "out").iterdir()}
    assert {"events.jsonl", "results.json", "junit.xml"} <= written.keys()
    bodies = "\n".join(_decoded(event) for event in events(pytester.path / "out"))
    written |= {"stdout": result.stdout.str(), "stderr": result.stderr.str(), "bodies": bodies}
    for name, text in written.items():
        for hidden in (secret, session, "pass-word-1"):
            for spelled in (hidden, _escaped(hidden), json.dumps(hidden)[1:-1]):
                assert spelled not in text, f"{spelled!r} is in {name}"
    assert "message=expected ***, session ***" in written["results.json"]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _decoded(event: dict[str, Any]) -> str:
    import base64

    return "\n".join(
        base64.b64decode(part).decode("utf-8", "replace")
        for exchange in event.get("exchanges", [])
        for part in (exchange["body"], exchange["request"]["body"])
    )


# What people read in the end

SUMMARY = """\
==================================== qimen =====================================
4 cases blocked by protocol/answer/wms/success
                                    pass  fail  warn  info block
wms                                    3     2     ·     1     4
  service.heartbeat                    1     2     ·     1     2
  shop.synchronize                     2     ·     ·     ·     2
all                                    3     2     ·     1     4
verdict: non-conformant (2 cases are red), 10 requests
=========================== short test summary info ============================
FAIL cases/protocol/answer.toml::wms/success - FAIL  protocol/answer/wms/succ...
FAIL cases/protocol/answer.toml::wms/failure - FAIL  protocol/answer/wms/fail...
"""


def test_the_summary_of_a_run_with_one_fault(go: Go) -> None:
    files = ("cases/protocol/answer.toml", HEARTBEAT, SHOP)
    chosen = "(answer and wms) or minimal or typical"
    with faulty("code-missing") as url:
        result = go("--qimen-url", url, *files, "-k", chosen, keys=KEYS)
    told = result.stdout.str()
    told = told[told.index(SUMMARY[:40]) :]
    assert told.rpartition("\n=")[0] + "\n" == SUMMARY
    assert result.outlines[-1].strip("= ").startswith("2 failed, 4 passed, ")
