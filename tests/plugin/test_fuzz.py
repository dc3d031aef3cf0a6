"""Searches for failures as their users meet them: what is found, what is not, and what is spared."""

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import load_cases
from pytest_qimen.phrases import say
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import Session
from pytest_qimen.runner.compose import Keys
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.search.budget import Budget, Guard
from pytest_qimen.search.corpus import database, open_corpus
from pytest_qimen.search.hunt import Failure, Hunt
from pytest_qimen.search.property import drawer
from pytest_qimen.target.model import Target, with_options
from pytest_qimen.target.near import is_near
from pytest_qimen.verdict import Status
from tests.plugin.plugin_runs import ALWAYS, KEYS, Go, statuses
from tests.search.test_fuzz_parts import Clock
from tests.support.servers import Request, endpoint, free_port, response


def hunting(
    folder: Path, url: str, *methods: str, requests: int = 600, connections: int = 1, **profile: Any
) -> tuple[Hunt, list[Failure]]:
    """A search of the embedded endpoint, and what it found."""
    target = with_options(embedded_target(Target(url="", app_key="", secret=""), url), **profile)
    guard = Guard(connect_timeout=2, read_timeout=5)
    guard.budget, guard.sleep = Budget(requests=requests), Clock().sleep
    corpus = open_corpus(folder, 1)
    keys = Keys(0, 7 + corpus.runs)  # not drawn: what is covered, and so where the budget goes, hangs on them
    session = Session(target, guard, keys=keys, draw=drawer(1, 0))
    hunt = Hunt(session, guard, corpus, database("", folder), connections)
    apis = [spec.load_api(method) for method in methods]
    found = []
    for cause, outcome in hunt.failures(apis):
        hunt.corpus.keep(cause, outcome.case)
        found.append((cause, outcome))
    guard.close()
    return hunt, found


def test_a_sound_endpoint_shows_nothing(tmp_path: Path) -> None:
    with serve() as url:
        hunt, found = hunting(
            tmp_path, url, "entryorder.create", "storeinventory.update", "alibaba.wdk.stock.publish"
        )
    assert found == []
    assert hunt.ended == say("budget-spent")
    assert 600 <= hunt.guard.sent < 700
    assert hunt.corpus.coverage.total() > 50


FAULTS = {  # fault, method -> where the one failure that is found lies, and what is odd there
    ("emoji-refused", "shop.synchronize"): ("wms/shop.synchronize/property/legal-accepted", 1),
    ("element-order-enforced", "shop.synchronize"): ("wms/shop.synchronize/property/legal-accepted", 1),
    ("length-not-checked", "shop.synchronize"): ("wms/shop.synchronize/property/illegal-refused", 0),
    ("malformed-accepted", "shop.synchronize"): ("wms", 0),
    ("bill-num-replay-counts-again", "storeinventory.update"): (
        "store/storeinventory.update/property/sums",
        0,
    ),
}


@pytest.mark.parametrize(
    ("fault", "method", "place", "odd"), [(*key, *found) for key, found in FAULTS.items()]
)
def test_every_way_of_searching_finds_its_fault(
    fault: str, method: str, place: str, odd: int, tmp_path: Path
) -> None:
    with serve(faults=[fault]) as url:
        _, found = hunting(tmp_path, url, method, requests=1200 if "num" in fault else 500)
    odds = [cause.odd for cause, _ in found if cause.sign[0] == place]
    assert [len(one) for one in odds] == [odd]


def test_a_disguise_that_is_not_seen_through(tmp_path: Path) -> None:
    methods = ("entryorder.create", "entryorder.query", "order.cancel")
    with serve(faults=["comment-refused"]) as url:
        _, found = hunting(tmp_path, url, *methods, requests=2500)
    assert ("noise", frozenset({"comments"})) in {(cause.sign[0], cause.odd) for cause, _ in found}


def test_what_is_found_is_a_case_that_fails_there_and_passes_elsewhere(tmp_path: Path) -> None:
    with serve(faults=["emoji-refused"]) as url:
        hunt, _ = hunting(tmp_path, url, "shop.synchronize", requests=500)
        (case,) = (case for path in hunt.corpus.files() for case in load_cases(path))
        assert hunt.session.outcome(case).status is Status.FAIL
        hunt.guard.close()
    with serve() as url:
        target = embedded_target(Target(url="", app_key="", secret=""), url)
        guard = Guard()
        assert Session(target, guard).outcome(case).status is Status.PASS
        guard.close()


def test_the_same_seed_finds_the_same(tmp_path: Path) -> None:
    bodies: list[list[str]] = []
    for name in ("one", "two"):
        with serve(faults=["length-not-checked"]) as url:
            _, found = hunting(tmp_path / name, url, "shop.synchronize", requests=300)
        bodies.append([outcome.case.steps[0].message for _, outcome in found])
    assert bodies[0] == bodies[1] != []


def test_the_next_run_does_not_find_what_is_known(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        _, first = hunting(tmp_path, url, "shop.synchronize", requests=400)
        hunt, second = hunting(tmp_path, url, "shop.synchronize", requests=400)
    assert (len(first), len(second)) == (1, 0)
    assert hunt.corpus.runs == 1
    (cause,) = hunt.corpus.causes
    assert hunt.corpus.counts[cause] > 1


def test_what_was_found_is_kept_as_examples(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        _, found = hunting(tmp_path, url, "shop.synchronize")
    assert found
    assert any(path.is_file() for path in (tmp_path / "examples").rglob("*"))


def test_several_connections(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        _, found = hunting(tmp_path, url, "shop.synchronize", "supplier.synchronize", connections=4)
    assert {cause.sign[0].split("/")[1] for cause, _ in found} <= {
        "shop.synchronize",
        "supplier.synchronize",
    }
    assert found


# Endpoints that fare badly


def test_an_endpoint_that_dies_ends_the_search_and_is_told_of(tmp_path: Path) -> None:
    alive = iter(range(20))

    def reply(request: Request) -> str | None:
        return response() if next(alive, None) is not None else None

    with endpoint(reply) as server:
        hunt, found = hunting(tmp_path, server.url, "shop.synchronize")
    assert str(hunt.ended).startswith("the endpoint does not answer any more: ")
    assert hunt.guard.pauses
    assert [outcome.status for _, outcome in found if outcome.status is Status.ERROR]


def test_an_endpoint_that_recovers_is_searched_on(tmp_path: Path) -> None:
    count = iter(range(10**6))

    def reply(request: Request) -> str | None:
        return None if 60 <= next(count) < 64 else response()

    with endpoint(reply) as server:
        hunt, _ = hunting(tmp_path, server.url, "shop.synchronize", requests=200)
    assert hunt.ended == say("budget-spent")


def test_an_endpoint_that_refuses_everything_leaves_nothing_to_search(tmp_path: Path) -> None:
    with endpoint(lambda _: response("failure", "E1", "no")) as server:
        hunt, found = hunting(tmp_path, server.url, "shop.synchronize")
    assert (found, hunt.ended) == ([], say("nothing-left"))
    assert {name: str(why) for name, why in hunt.left_out.items()} == {
        "wms/shop.synchronize": "fail: wms/shop.synchronize/request/minimal"
    }


def test_an_endpoint_that_answers_the_same_message_differently_is_told_of(tmp_path: Path) -> None:
    count = iter(range(10**6))

    def reply(request: Request) -> str:
        return response() if next(count) % 7 else response("failure", "E1", "no")

    with endpoint(reply) as server:
        hunt, _ = hunting(tmp_path, server.url, "service.heartbeat", requests=200)
    assert hunt.left_out == {"wms/service.heartbeat": say("answers-vary")}


def test_a_stock_that_the_profile_pins_is_not_searched(tmp_path: Path) -> None:
    pins = {"warehouseId": ("7",), "scItemId": ("8",)}
    with serve() as url:
        hunt, found = hunting(tmp_path, url, "storeinventory.update", requests=300, data=pins)
    assert "other cases change the same stock" in str(hunt.left_out["store/storeinventory.update"])
    assert found == []


# The command line


@pytest.fixture
def fuzz(go: Go) -> Go:
    return lambda *args, **more: go(
        "--qimen-fuzz", "200", "--qimen-method", "shop.synchronize", *args, **more
    )  # type: ignore[return-value]


def test_a_run(fuzz: Go, pytester: pytest.Pytester) -> None:
    with serve(faults=["length-not-checked"]) as url:
        result = fuzz("--qimen-url", url, "--qimen-level", "should", "--qimen-report", "out", keys=KEYS)
        assert result.ret == 1
        told = result.stdout.str()
        assert "fuzz: 2" in told
        assert "1 distinct failures known" in told
        assert "fuzz: ended: the budget is spent" in told
        (found,) = statuses(pytester.path / "out")
        assert found.startswith("flows/found-001-wms-shop-synchronize-illegal-refused")
        again = fuzz("--qimen-url", url, "--qimen-level", "should", keys=KEYS)
        assert "1 distinct failures known" in again.stdout.str()
        assert "found-001" in again.stdout.str()
        path = next((pytester.path / ".qimen-fuzz" / "flows").iterdir())
        alone = pytester.runpytest_inprocess(*ALWAYS, "--qimen-url", url, "--qimen-level", "should", path)
        alone.assert_outcomes(failed=1)
    healed = pytester.runpytest_inprocess(*ALWAYS, "--qimen", path)
    healed.assert_outcomes(passed=1)


def test_a_sound_run_is_green(fuzz: Go) -> None:
    result = fuzz("--qimen")
    assert (result.ret, "0 distinct failures known" in result.stdout.str()) == (0, True)


def test_a_fault_of_all_answers_is_told_once(go: Go, pytester: pytest.Pytester) -> None:
    with serve(faults=["code-missing"]) as url:
        go(
            "--qimen-url",
            url,
            "--qimen-fuzz",
            "300",
            "--qimen-role",
            "wms",
            "--qimen-report",
            "out",
            keys=KEYS,
        )
    found = statuses(pytester.path / "out")
    assert {name for name, status in found.items() if status == "fail"} == {
        "protocol/answer/wms/success",
        "protocol/answer/wms/failure",
    }


def test_a_run_that_may_search_nothing_is_not_green(fuzz: Go, pytester: pytest.Pytester) -> None:
    result = fuzz("--qimen", "--qimen-corpus", "mine", "--qimen-readonly")
    assert result.ret == 1
    assert "fuzz: left out wms/shop.synchronize: unsupported: would write" in result.stdout.str()
    assert "fuzz: ended: there is nothing left to search" in result.stdout.str()
    state = json.loads((pytester.path / "mine" / "state.json").read_text())
    assert (state["seed"], state["runs"]) == (0, 0)


USAGE = {
    ("--qimen", "--qimen-fuzz", "0"): "--qimen-fuzz: expected a time such as 30m",
    ("--qimen", "--qimen-fuzz", "1m", "-n", "2", "--dist", "worksteal"): (
        "--qimen-fuzz: workers of xdist only as -n starts them: on this machine, with --dist load"
    ),
    ("--qimen", "--qimen-fuzz", "1m", "--qimen-corpus", "file"): "--qimen-corpus: ",
    ("--qimen", "--qimen-fuzz", "1m", "--qimen-database", "redis://127.0.0.1:1/0"): "--qimen-database: ",
    ("--qimen-url", "http://8.8.8.8/qimen", "--qimen-fuzz", "1m"): (
        "--qimen-fuzz: 8.8.8.8 is a public host that no target file names: its owner must agree"
    ),
}


@pytest.mark.parametrize(("args", "told"), USAGE.items())
def test_usage_errors(args: tuple[str, ...], told: str, go: Go, pytester: pytest.Pytester) -> None:
    (pytester.path / "file").touch()
    result = go(*args, keys=KEYS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.stderr.lines if told in line]


NEAR = {
    "http://127.0.0.1:80/x": (True, True),
    "http://[::1]/x": (True, True),
    "http://10.1.2.3/x": (True, False),
    "http://192.168.0.1/x": (True, False),
    "http://8.8.8.8/x": (False, False),
    "http://nosuch.invalid/x": (False, False),
}


@pytest.mark.parametrize(("url", "private", "loopback"), [(url, *found) for url, found in NEAR.items()])
def test_whose_host_it_is(url: str, private: bool, loopback: bool) -> None:
    assert (is_near(url), is_near(url, loopback=True)) == (private, loopback)


def test_yes_and_a_target_file_are_enough(go: Go, pytester: pytest.Pytester) -> None:
    """Port 1 of a name that exists nowhere: nothing can be sent, and both runs get that far."""
    host = f"http://nosuch.invalid:{free_port()}/qimen"
    pytester.makefile(".toml", target=f'url = "{host}"\nconnect_timeout = 0.2\n')
    for args in (("--qimen-url", host, "--qimen-yes"), ("--qimen-target", "target.toml")):
        result = go(*args, "--qimen-fuzz", "5", "--qimen-method", "shop.synchronize", keys=KEYS)
        assert "fuzz: ended: " in result.stdout.str()
