"""`qimen replay` runs a case again."""

from pathlib import Path
from typing import Any

import pytest

from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.reference.serve import SECRET, serve
from tests.commands.replays import CASE, recorded, run, run_of, saved
from tests.support.servers import Request, endpoint, free_port, response

pytestmark = pytest.mark.usefixtures("keys")


def test_against_the_embedded_endpoint() -> None:
    status, told = run()
    assert status == 0
    assert told[:3] == [
        f"PASS  {CASE}  (should)",
        "refuses shop.shopName: too-long · 应拒绝 shop.shopName：过长",
        "requirement: request.length   clause: 003 taobao.qimen.shop.synchronize request.shop.shopName",
    ]
    assert told[4].startswith("curl -sS -X POST 'http://127.0.0.1:")


CHANGES = {  # how it was, whether the endpoint still accepts what is too long, exit status, the last line
    ("fail", True): (1, "differs: was fail, is warn"),
    ("warn", True): (1, "still failing: was warn, is warn"),
    ("pass", True): (1, "differs: was pass, is warn"),
    ("warn", False): (0, "fixed: was warn, is pass"),
    ("fail", False): (0, "fixed: was fail, is pass"),
    ("stale", False): (0, "fixed: was stale, is pass"),
    ("pass", False): (0, "unchanged: was pass, is pass"),
    ("blocked", False): (0, "differs: was blocked, is pass"),
}


@pytest.mark.parametrize(("then", "expected"), CHANGES.items())
def test_compared_with_a_recorded_run(
    then: tuple[str, bool], expected: tuple[int, str], tmp_path: Path
) -> None:
    before, broken = then
    with serve(faults=["length-not-checked"] if broken else []) as url:
        status, told = run(url=url, report=recorded(tmp_path, before))
    assert (status, told[-1]) == expected


def test_a_failure_is_told_in_full() -> None:
    with serve(faults=["length-not-checked"]) as url:
        status, told = run(url=url)
    assert status == 1
    assert told[0] == f"WARN  {CASE}  (should)"
    assert told[4:7] == [
        "contract.refuses (should, request 1, 003 taobao.qimen.shop.synchronize request.shop.shopName)",
        "  expected the request is refused",
        "  actual   flag=success code=0 message=success",
    ]
    assert SECRET not in "\n".join(told)


def test_a_target_file(tmp_path: Path) -> None:
    with serve() as url:
        file = tmp_path / "mine.toml"
        file.write_text(f'url = "{url}"\nwithout = ["shop.*"]\n', "utf-8")
        status, told = run(file=file)
        assert (status, told[3]) == (2, "the profile leaves out shop.synchronize")
        file.write_text('url = "http://127.0.0.1:1/"\n', "utf-8")
        assert run(file=file, url=url)[0] == 0


def test_what_could_not_be_run_names_the_cause() -> None:
    status, told = run(url=f"http://127.0.0.1:{free_port()}/")
    assert status == 2
    assert told[0] == f"BLOCKED  {CASE}  (should)"
    assert told[3:7] == [
        "protocol/smoke/wms/answers",
        "",
        "blocked by",
        "ERROR  protocol/smoke/wms/answers  (must)",
    ]
    assert told[9].startswith("connect: ")


def test_a_case_that_a_refusal_blocks() -> None:
    def reply(request: Request) -> str:
        return response("failure" if request.method == "shop.synchronize" else "success")

    with endpoint(reply) as server:
        status, told = run(url=server.url)
    assert status == 2
    assert "FAIL  wms/shop.synchronize/request/minimal  (must)" in told


USAGE: list[tuple[dict[str, Any], str]] = [
    ({"identity": "wms/shop.synchronize/request/nothing"}, "shop.synchronize.toml has no case 'wms/"),
    ({"identity": "nothing"}, "no case file for 'nothing'"),
    ({"url": "127.0.0.1"}, "--url: expected http://host/path or https://host/path, got '127.0.0.1'"),
    ({"report": Path("/nonexistent")}, "--report: /nonexistent holds no events.jsonl"),
    ({"raw": True}, "--raw: name the run that recorded the requests with --report"),
    ({"identity": "gone.toml"}, "replay: there is no file gone.toml"),
    (
        {"identity": "wms/shop.synchronize/property/legal-accepted"},
        "replay: wms/shop.synchronize/property/legal-accepted draws its messages; "
        "name the run that kept one with --report",
    ),
]


@pytest.mark.parametrize(("settings", "told"), USAGE)
def test_usage(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(**settings)
    assert str(caught.value).startswith(told)


def test_a_case_that_was_not_recorded(tmp_path: Path) -> None:
    with serve() as url, pytest.raises(UsageError) as caught:
        run(report=recorded(tmp_path, "pass", "wms/another/one"), url=url)
    assert str(caught.value) == f"--report: the run has no case {CASE!r}"
    (tmp_path / "events.jsonl").write_text("oops\noops\n", "utf-8")
    with pytest.raises(DataError) as error:
        run(report=tmp_path)
    assert str(error.value) == f"{tmp_path / 'events.jsonl'}: line 1: is no JSON"


def test_keys_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIMEN_SECRET")
    with pytest.raises(UsageError) as caught:
        run(url="http://127.0.0.1:1/")
    assert str(caught.value).startswith("the environment has no QIMEN_SECRET (the target file may name")
    assert run()[0] == 0  # the embedded endpoint has keys of its own


def test_a_report_names_the_endpoint(tmp_path: Path) -> None:
    with serve(faults=["length-not-checked"]) as url:
        report = run_of(tmp_path, CASE, url)
        status, told = run(report=report)
        assert (status, told[-1]) == (1, "still failing: was warn, is warn")
        assert any(url in line for line in told)
    status, told = run(report=report)  # it is gone now: never another one instead
    assert (status, told[-1]) == (2, "differs: was warn, is blocked")


def test_a_run_of_the_embedded_endpoint_is_replayed_there_and_says_so(tmp_path: Path) -> None:
    with serve() as url:
        report = run_of(tmp_path, CASE, url, embedded=True)
    status, told = run(report=report)
    assert (status, told[0]) == (0, "the run was of the embedded endpoint, and so is this")


def test_a_report_names_the_profile(tmp_path: Path) -> None:
    with serve() as url:
        profile = {"roles": ["wms"], "methods": ["*"], "without": ["shop.*"], "readonly": False}
        report = run_of(tmp_path, CASE, url, profile=profile)
        status, told = run(report=report)
        assert (status, told[4]) == (2, "the profile leaves out shop.synchronize")
        target = tmp_path / "mine.toml"
        target.write_text(f'url = "{url}"\n', "utf-8")
        assert run(report=report, file=target)[0] == 0


def test_a_login_is_not_recorded(tmp_path: Path) -> None:
    report = saved(recorded(tmp_path, "warn"), url="http://***@127.0.0.1:1/qimen")
    with pytest.raises(UsageError) as caught:
        run(report=report)
    assert str(caught.value) == "--report: the login in the run's URL is not recorded; give the whole --url"


def test_keys_are_asked_for_before_a_recorded_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIMEN_SECRET")
    with pytest.raises(UsageError, match="the environment has no QIMEN_SECRET"):
        run(report=recorded(tmp_path, "warn"))


STRANGE = [
    *("http://wms.example/qimen", "https://10.0.0.1/q", "http://localhost@wms.example/", "ftp://127.0.0.1/"),
    *("http://127.0.0.1:80@wms.example/", "http://127.0.0.1.example/", "http://localhost\\@wms.example/"),
    *("http://[::1]x/", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1 /", "//127.0.0.1/", "x"),
]


@pytest.mark.parametrize("url", STRANGE)
def test_a_report_of_another_machine_names_no_endpoint(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="signed requests go only where you say: give --url or --target"):
        run(report=saved(recorded(tmp_path, "warn"), url=url))


def test_a_recorded_url_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with serve() as url:
        _, told = run(report=run_of(tmp_path, CASE, url))
    assert told[0] == f"sends to {url}, the endpoint of the run"
