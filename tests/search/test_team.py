"""A search on several workers, without their processes: what each tells, what the controller makes of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import find_case
from pytest_qimen.phrases import Said, say
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import Session
from pytest_qimen.runner.compose import Keys
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.search.asked import Asked
from pytest_qimen.search.budget import Budget, Guard
from pytest_qimen.search.corpus import Corpus, FailureKey, Found, database, open_corpus
from pytest_qimen.search.hunt import Hunt
from pytest_qimen.search.property import drawer
from pytest_qimen.search.tally import Tally, lines
from pytest_qimen.search.team import EVERY, Branch, News, Team, searching, seed_of
from pytest_qimen.target.model import Target

CASE = find_case("wms/shop.synchronize/request/typical")
KEY = FailureKey(("wms/x", "contract.accepts"), frozenset({"remark"}))


def team_of(folder: Path, workers: int = 2, requests: int = 600) -> Team:
    return Team(open_corpus(folder, 7), Guard(), Budget(requests=requests), workers)


def hunt_at(url: str, branch: Corpus, folder: Path) -> Hunt:
    """A worker's search at an endpoint."""
    guard = Guard(connect_timeout=2, read_timeout=5)
    target = embedded_target(Target(url="", app_key="", secret=""), url)
    session = Session(target, guard, keys=Keys(0, 7), draw=drawer(1, 0))
    return Hunt(session, guard, branch, database("", folder))


def work(team: Team, number: int, url: str, folder: Path) -> tuple[Hunt, list[Path]]:
    """Let a worker search to its end; what it tells passes through JSON. The files that are new to all."""
    files: list[Path] = []

    def tell(news: News) -> None:
        path = team.hear(json.loads(json.dumps(news)))
        files.extend([path] if path else [])

    branch = Branch(folder, json.loads(json.dumps(team.errand)))
    hunt = hunt_at(url, branch, folder / "examples")
    branch.join(number, hunt, tell, lambda: 5)
    for cause, outcome in hunt.failures([spec.load_api("shop.synchronize")]):
        assert branch.keep(cause, outcome.case) is None
    hunt.guard.close()
    team.count(hunt.tally().to_json())
    return hunt, files


def test_the_first_worker_searches_as_a_process_by_itself_would() -> None:
    seeds = [seed_of(7, number) for number in (1, 2, 3)]
    assert seeds[0] == 7
    assert len(set(seeds)) == 3
    assert seeds == [seed_of(7, number) for number in (1, 2, 3)]


@pytest.mark.parametrize(("requests", "shares"), [(600, [200] * 3), (7, [3, 2, 2]), (1, [1, 0, 0])])
def test_all_workers_together_may_spend_the_budget(requests: int, shares: list[int]) -> None:
    found = [Budget(requests=requests).share(number, 3) for number in (1, 2, 3)]
    assert [one.requests for one in found] == shares
    assert Budget(seconds=9).share(2, 3) == Budget(seconds=9)


def test_two_workers_find_a_fault_and_it_is_one(tmp_path: Path) -> None:
    team = team_of(tmp_path)
    with serve(faults=["length-not-checked"]) as url:
        (one, first), (two, second) = (work(team, number, url, tmp_path) for number in (1, 2))
    assert (len(first), second) == (1, [])
    assert first == team.corpus.files()
    (cause,) = team.corpus.causes
    assert {*one.corpus.causes} == {*two.corpus.causes} == {cause}
    assert team.corpus.counts[cause] > 2
    assert one.guard.sent + two.guard.sent < 700
    assert open_corpus(tmp_path, 0).causes == team.corpus.causes


def test_the_first_worker_finds_what_one_process_finds(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        team = team_of(tmp_path / "many", requests=600)
        work(team, 1, url, tmp_path / "many")
        alone = hunt_at(url, open_corpus(tmp_path / "one", 7), tmp_path / "one" / "examples")
        alone.guard.budget = Budget(requests=300)
        for cause, outcome in alone.failures([spec.load_api("shop.synchronize")]):
            alone.corpus.keep(cause, outcome.case)
        alone.guard.close()
    texts = [[path.read_text("utf-8") for path in one.corpus.files()] for one in (team, alone)]
    assert texts[0] == texts[1] != []


def test_a_sound_endpoint(tmp_path: Path) -> None:
    team = team_of(tmp_path, requests=400)
    with serve() as url:
        hunts = [work(team, number, url, tmp_path)[0] for number in (1, 2)]
    assert team.corpus.files() == []
    assert team.searched
    assert 400 <= sum(hunt.guard.sent for hunt in hunts) < 450
    covered = {mark for hunt in hunts for marks in hunt.corpus.coverage.seen.values() for mark in marks}
    assert {mark for marks in team.corpus.coverage.seen.values() for mark in marks} == covered
    told = [str(line) for line in team.lines()]
    assert told[1:] == [
        "ended: the budget is spent",
        f"seed 7, run 0, corpus {tmp_path}",
        f"seeds of the workers: 7, {seed_of(7, 2)}",
    ]


class Line:
    """What a worker told, and how many requests the controller needed for what it found."""

    def __init__(self) -> None:
        self.told: list[News] = []

    def branch(self, team: Team, folder: Path) -> tuple[Branch, Hunt]:
        branch = Branch(folder, team.errand)
        hunt = hunt_at("http://127.0.0.1:1/", branch, folder)
        branch.join(2, hunt, self.told.append, lambda: 5)
        return branch, hunt


def test_requests_for_what_was_found_are_those_of_the_worker_that_found_it(tmp_path: Path) -> None:
    line = Line()
    branch, hunt = line.branch(team_of(tmp_path), tmp_path)
    branch.keep(KEY, CASE)
    assert hunt.guard.sent == 5
    assert Found.from_json(line.told[0]["found"]) == Found.of(KEY, CASE)
    assert branch.known(KEY)


def test_a_worker_that_covers_nothing_new_is_heard_of_from_time_to_time(tmp_path: Path) -> None:
    line = Line()
    branch, _ = line.branch(team_of(tmp_path), tmp_path)
    branch.coverage.add("arm", iter(["in a"]))
    for _ in range(EVERY):
        branch.save()
    assert [news["covered"] for news in line.told] == [{"arm": ["in a"]}, {}]


def test_requests_that_the_controller_sends_for_a_worker_count_once(tmp_path: Path) -> None:
    team = team_of(tmp_path)

    def send(requests: int) -> Callable[[], None]:
        return lambda: setattr(team._guard, "sent", team._guard.sent + requests)

    assert team.play(send(3)) == 3
    team.count(Tally(1, sent=13, searched=True).to_json())
    send(2)()
    told = [str(line) for line in team.lines()]
    assert told[:2] == [
        "13 requests, 0 distinct failures known, 0 marks covered",
        "2 more requests, to take back what was created",
    ]


def test_a_worker_that_crashes_is_named(tmp_path: Path) -> None:
    team = team_of(tmp_path)
    team.count(Tally(1, sent=300, searched=True, ended=say("budget-spent")).to_json())
    team.count(Tally(2, sent=120, searched=True).to_json())
    team.lose("cases/wms/shop.synchronize.toml::request/minimal")
    team.lose("fuzz-2")
    told = [str(line) for line in team.lines()]
    assert told[:3] == [
        "420 requests, 0 distinct failures known, 0 marks covered",
        "worker 1 ended: the budget is spent",
        "worker 2 ended: its process crashed",
    ]


def test_what_a_worker_without_a_search_tells_changes_nothing(tmp_path: Path) -> None:
    team = team_of(tmp_path)
    team.count(Tally(0, sent=4).to_json())
    assert [str(line) for line in team.lines()][:2] == [
        "0 requests, 0 distinct failures known, 0 marks covered",
        "ended: interrupted",
    ]


def test_a_tally_travels() -> None:
    left_out: dict[str, Said] = {
        "wms/x": say("ended-so", status="fail", reason="no"),
        "wms/y": "the other side's words",
    }
    tally = Tally(2, 300, 7, 3, True, say("keeps-answering", status=503), left_out)
    assert Tally.from_json(json.loads(json.dumps(tally.to_json()))) == tally
    assert Tally.from_json(replace(tally, ended=None).to_json()).ended is None


def test_what_one_process_did_is_told_without_a_worker(tmp_path: Path) -> None:
    told = lines(Corpus(tmp_path, 3), [Tally(sent=9, after=2, pauses=1, ended=say("time-over"))])
    assert [str(line) for line in told] == [
        "9 requests, 0 distinct failures known, 0 marks covered",
        "2 more requests, to take back what was created",
        "ended: the time is over",
        "backed off 1 times",
        f"seed 3, run 0, corpus {tmp_path}",
    ]


def test_which_part_a_process_has(tmp_path: Path) -> None:
    asked = Asked(Budget(requests=9), tmp_path, "", 2)
    session = hunt_at("http://127.0.0.1:1/", Corpus(tmp_path, 0), tmp_path).session
    guard = Guard()
    team = searching(session, guard, asked, seed=5, connections=1, errand=None)
    assert isinstance(team, Team)
    asked = replace(asked, workers=0)
    member = searching(session, guard, asked, seed=0, connections=1, errand=team.errand)
    assert isinstance(member.corpus, Branch)
    assert member.corpus.seed == 5
    alone = searching(session, guard, asked, seed=5, connections=1, errand=None)
    assert isinstance(alone, Hunt)
    assert guard.budget == Budget(requests=9)
