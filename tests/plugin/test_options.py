"""Options, their ini twins and the environment."""

import re
from collections.abc import Mapping

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect  # noqa: F401 - both here, or pytester imports all of it for each test
from pytest_qimen.plugin.options import OPTIONS
from tests.plugin.plugin_runs import HEARTBEAT, KEYS, Go, faulty
from tests.support.servers import endpoint, response

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
    "qimen = true\nqimen_postman = out.json": ("report: out.json", 0),
    "qimen = true\nqimen_postman = /dev/null/out.json": ("--qimen-postman: /dev/null: is no folder: ", 4),
    "qimen = true\nqimen_new_only = gone": ("--qimen-new-only: gone: file: no such file or folder", 4),
    "qimen = true\nqimen_mask_personal = true\nqimen_report = out": ("private: events.jsonl and found/", 0),
    "qimen = true\nqimen_canary = here": ("--qimen-canary: ", 4),
    "qimen = true\nqimen_listen = http": ("--qimen-listen: expected 0 to 65535", 4),
    "qimen = true\nqimen_live = page": ("--qimen-live: expected a port from 0 to 65535", 4),
    "qimen = true\nqimen_attended = true": ("--qimen-attended: only with --qimen-listen", 4),
    "qimen = true\nqimen_lang = zh": ("结论: 符合规范", 0),
    "qimen = true\nqimen_canary = off": ("verdict: conformant", 0),
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


URL = "http://127.0.0.1:1/qimen"
MISSING = (
    "the environment has no {} (the target file may name others with app_key_env …). "
    "`qimen serve` prints its own keys; those of your endpoint:"
)


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
    ("--qimen", "--qimen-role", "wms,oms"): (
        "--qimen-role: unknown role 'oms'; expected some of wms, erp, store, wdk"
    ),
    ("--qimen", "--qimen-method", "order.cancle"): (
        "--qimen-method: no method of wms, erp, store, wdk matches 'order.cancle'; did you mean order.cancel?"
    ),
    ("--qimen", "--qimen-role", "erp", "--qimen-method", "order.cancel"): (
        "--qimen-method: no method of erp matches 'order.cancel'; it is a method of --qimen-role wms"
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
    ("--qimen-target", "nosuch.toml"): "nosuch.toml: file: no such file or folder",
    (
        "--qimen-target",
        "broken.toml",
    ): "broken.toml: target.roles: unknown role 'x'; expected some of wms, erp, store, wdk",
    (
        "--qimen",
        "--qimen-report",
        "file.txt",
    ): "--qimen-report: file.txt: is no folder: name a place where files can be written",
}


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_usage_errors_are_one_line(args: tuple[str, ...], go: Go, pytester: pytest.Pytester) -> None:
    pytester.makefile(".txt", file="")
    pytester.makefile(".toml", broken='roles = ["x"]')
    result = go(*args, HEARTBEAT)
    assert result.ret == 4
    assert [line for line in result.errlines if line] == [f"ERROR: {USAGE[args]}"]
    assert "Traceback" not in result.stdout.str()


def test_keys_that_are_missing_are_named_at_once_with_lines_to_copy(go: Go) -> None:
    names = ("QIMEN_APP_KEY", "QIMEN_SECRET", "QIMEN_CUSTOMER_ID")
    assert go("--qimen-url", URL).errlines[:8] == [
        f"ERROR: {MISSING.format(', '.join(names))}",
        *(f"export {name}=…" for name in names),
        "PowerShell:",
        *(f"$env:{name} = '…'" for name in names),
    ]


def test_a_secret_that_is_missing_is_named(go: Go) -> None:
    keys = {"QIMEN_APP_KEY": "k", "QIMEN_CUSTOMER_ID": "c"}
    result = go("--qimen-url", URL, HEARTBEAT, keys=keys)
    assert result.errlines[:2] == [f"ERROR: {MISSING.format('QIMEN_SECRET')}", "export QIMEN_SECRET=…"]


def test_a_misspelt_option_names_the_nearest(go: Go) -> None:
    result = go("--qimen-metod", "order.*")
    assert result.errlines[0] == "ERROR: there is no option --qimen-metod; did you mean --qimen-method?"


def test_an_unknown_option(go: Go) -> None:
    assert go("--qimen-fast").ret == 4
