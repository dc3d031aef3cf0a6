"""What a search is made of: its budget, its damage, its memory; each by itself."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import fakeredis
import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from pytest_qimen.cases import find_case, load_cases
from pytest_qimen.client import tampers
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.phrases import say
from pytest_qimen.search.budget import WAITS, Budget, Guard, parse
from pytest_qimen.search.corpus import Corpus, FailureKey, Own, database, open_corpus
from pytest_qimen.search.splices import WORDS, damaged, is_xml, splices
from tests.support.servers import Request, endpoint, response

BODY = b'<?xml version="1.0" encoding="utf-8"?>\n<request><a>1</a><b>\xe6\xb5\x8b</b></request>'

# The budget

BUDGETS = {
    "30m": Budget(seconds=1800),
    "90s": Budget(seconds=90),
    "2h": Budget(seconds=7200),
    "50000": Budget(requests=50000),
    "": None,
}


@pytest.mark.parametrize(("text", "budget"), BUDGETS.items())
def test_budgets(text: str, budget: Budget | None) -> None:
    assert parse(text) == budget


@pytest.mark.parametrize("text", ["0", "0m", "-5", "30 m", "1d", "1.5h", "ten", "9999999999"])
def test_what_is_no_budget(text: str) -> None:
    with pytest.raises(UsageError, match=f"--qimen-fuzz: expected a time .* got '{text}'"):
        parse(text)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def guard() -> Iterator[Guard]:
    made = Guard(connect_timeout=2, read_timeout=2)
    clock = Clock()
    made.clock, made.sleep = lambda: clock.now, clock.sleep
    yield made
    made.close()


def request(url: str) -> SignedRequest:
    return SignedRequest("POST", f"{url}?a=1", (), BODY, ())


def test_a_number_of_requests(guard: Guard) -> None:
    guard.budget = Budget(requests=2)
    with endpoint(lambda _: response()) as server:
        assert guard.over() is None
        guard.send(request(server.url))
        assert guard.over() is None
        guard.send(request(server.url))
    assert guard.over() == say("budget-spent")


def test_a_time_begins_with_the_first_request(guard: Guard) -> None:
    guard.budget = Budget(seconds=60)
    guard.sleep(100)
    assert guard.over() is None
    with endpoint(lambda _: response()) as server:
        guard.send(request(server.url))
    guard.sleep(59)
    assert guard.over() is None
    guard.sleep(1)
    assert guard.over() == say("time-over")


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_tired_endpoint_is_spared(status: str, guard: Guard) -> None:
    answers = iter([b"", b"", None])

    def reply(_: Request) -> bytes | str | None:
        return response() if next(answers) is None else tired(status)

    with endpoint(reply) as server:
        found = guard.send(request(server.url))
    assert found.status == 200
    assert (guard.pauses, guard.over()) == (2, None)


def tired(status: str, headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\n\r\n".encode()


def test_an_endpoint_that_stays_tired_ends_the_search(guard: Guard) -> None:
    with endpoint(lambda _: tired("503 Service Unavailable")) as server:
        found = guard.send(request(server.url))
        assert len(server.requests) == len(WAITS)
    assert found.status == 503
    assert guard.over() == say("keeps-answering", status=503)


@pytest.mark.parametrize(("header", "first"), [("7", 7.0), ("100000", 60.0), ("soon", WAITS[0])])
def test_the_endpoint_says_how_long(header: str, first: float, guard: Guard) -> None:
    slept: list[float] = []
    guard.sleep = slept.append
    with endpoint(lambda _: tired("429 Slow", f"Retry-After: {header}\r\n")) as server:
        guard.send(request(server.url))
    assert slept[0] == first


# The damage


@given(splices(BODY))
def test_a_case_file_says_the_same_damage(done: list[object]) -> None:
    made = _Draft()
    tampers.tamper(made, tuple(one.tamper for one in done), tampers.BEFORE)  # type: ignore[attr-defined, arg-type]
    assert made.body == damaged(BODY, done)  # type: ignore[arg-type]


class _Draft:
    body = BODY


def test_damage_does_damage() -> None:
    seen = {True: 0, False: 0}

    @given(splices(BODY))
    def count(done: list[object]) -> None:
        seen[is_xml(damaged(BODY, done))] += 1  # type: ignore[arg-type]

    count()
    assert all(seen.values())


IS_XML = {
    BODY: True,
    b"\xef\xbb\xbf" + BODY: True,
    BODY[:-1]: False,
    BODY.replace(b"1", b"\x00"): False,
    BODY.replace(b"1", b"&nbsp;"): False,
    BODY.replace(b"1", b"\xff"): False,
    BODY.replace(b"<a>", b"<x:a>").replace(
        b"</a>", b"</x:a>"
    ): True,  # no prefix is declared: XML 1.0 allows it
    b"<!DOCTYPE request>" + b"<request/>": True,
    b"": False,
    b"\r\n" + BODY: True,  # nothing may stand before a declaration, and many a receiver does not care
    BODY.replace(b"utf-8", b"utf-x"): True,
    BODY + b"\0": True,
    BODY + b"x": False,
}


@pytest.mark.parametrize(("body", "sound"), IS_XML.items())
def test_what_is_xml(body: bytes, sound: bool) -> None:
    assert is_xml(body) is sound


@given(st.sampled_from(WORDS))
def test_every_word_can_stand_in_a_case_file(word: bytes) -> None:
    made = _Draft()
    made.body = b""
    tampers.tamper(made, (f"splice:0:0:{b64encode(word).decode()}",), tampers.BEFORE)  # type: ignore[arg-type, attr-defined]
    assert made.body == word


# The memory

CAUSE = FailureKey(("wms/x", "contract.accepts"), frozenset({"remark"}))


def test_a_failure_is_explained_by_a_simpler_one() -> None:
    assert CAUSE.explains(FailureKey(CAUSE.sign, frozenset({"remark", "order"})))
    assert not CAUSE.explains(FailureKey(CAUSE.sign, frozenset({"order"})))
    assert not CAUSE.explains(FailureKey(("wms/x", "envelope.flag"), CAUSE.odd))


def test_the_next_run_goes_on(tmp_path: Path) -> None:
    first = open_corpus(tmp_path / "deep" / "corpus", 7)
    first.coverage.add("arm", iter(["in a", "in b"]))
    path = first.keep(CAUSE, find_case("wms/shop.synchronize/request/typical"))
    assert first.known(CAUSE)
    first.save()
    second = open_corpus(tmp_path / "deep" / "corpus", 0)
    assert (second.seed, second.runs) == (7, 1)
    assert second.coverage.seen == {"arm": {"in a", "in b"}}
    assert second.known(CAUSE)
    assert second.files() == [path]
    path.unlink()
    assert not open_corpus(tmp_path / "deep" / "corpus", 0).known(CAUSE)


def test_a_failure_is_a_case_file(tmp_path: Path) -> None:
    corpus = open_corpus(tmp_path, 0)
    case = find_case("wms/shop.synchronize/request/typical")
    names = [corpus.keep(FailureKey(("a", str(number)), frozenset()), case) for number in range(3)]
    assert len(set(names)) == 3
    (found,) = load_cases(names[0])
    assert [(step.api.name, step.base) for step in found.steps] == [("wms/shop.synchronize", "typical")]
    assert found.id == f"flows/{names[0].stem}/failure"


STATES = {
    "{": "file: is no state of --qimen-fuzz",
    "[]": "file: is no state of --qimen-fuzz",
    '{"format": 1}': "file: is no state of --qimen-fuzz",
    '{"format": 2}': "format: is 2; this version reads up to 1",
}


@pytest.mark.parametrize(("text", "told"), STATES.items())
def test_a_state_that_is_none(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(DataError) as caught:
        open_corpus(tmp_path, 0)
    assert str(caught.value) == f"{tmp_path / 'state.json'}: {told}"
    assert (tmp_path / "state.json").read_text() == text


def test_a_corpus_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--qimen-corpus: "):
        open_corpus(tmp_path / "file", 0)


# The examples


def test_arms_share_a_database_and_no_examples(tmp_path: Path) -> None:
    whole = database("", tmp_path)
    one, two = Own(whole, "one"), Own(whole, "two")
    one.save(b"key", b"value")
    assert list(one.fetch(b"key")) == [b"value"]
    assert list(two.fetch(b"key")) == []
    one.delete(b"key", b"value")
    assert list(one.fetch(b"key")) == []
    assert (tmp_path / "examples").is_dir()


def test_a_redis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = fakeredis.FakeServer()
    monkeypatch.setattr(redis.Redis, "from_url", lambda url, **_: fakeredis.FakeRedis(server=server))
    database("redis://127.0.0.1:1/0", tmp_path).save(b"key", b"value")
    assert list(database("redis://127.0.0.1:1/0", tmp_path).fetch(b"key")) == [b"value"]


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis://127.0.0.1:port/0"])
def test_a_redis_that_is_not_there(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--qimen-database: "):
        database(url, tmp_path)


def test_the_state_is_readable(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, 3)
    corpus.save()
    assert json.loads((tmp_path / "state.json").read_text())["seed"] == 3
