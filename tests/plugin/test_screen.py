"""Whole screens of red runs: short, what is wrong said once, verdict and report last."""

import re
from pathlib import Path

import httpcore  # noqa: F401
import pytest

import pytest_qimen.plugin.collect
from tests.plugin.plugin_runs import HEARTBEAT, KEYS, Go, faulty
from tests.support.servers import endpoint

NEED = ("--qimen-method", "entryorder.query", "-k", "request and (absent or empty)")


def parts(text: str) -> dict[str, list[str]]:
    """The lines below every heading."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in text.splitlines():
        heading = re.fullmatch("=+ (.+?) =+", line)
        if heading:
            name = heading[1]
        else:
            found.setdefault(name, []).append(line)
    return found


def test_a_red_run_says_what_is_wrong_once_and_the_verdict_last(
    keyed_go: Go, pytester: pytest.Pytester
) -> None:
    with faulty("need-not-checked") as url:
        result = keyed_go("--qimen-url", url, *NEED, "--qimen-report", "out")
    found = parts(result.stdout.str())
    wrong = found["what is wrong"]
    assert wrong[0].startswith("1. accepts requests without a demanded field (")
    assert wrong[1:4] == [
        f"   FAIL wms/entryorder.query/request/{name}: accepted, must be refused"
        for name in ("page/absent", "page/empty", "pageSize/absent")
    ]
    assert wrong[4:] == ["   … 1 more"]
    assert found["qimen"][-1] == "report: out"
    assert found["qimen"][-2].startswith("verdict: non-conformant (")
    replay = f"qimen replay wms/entryorder.query/request/page/absent --url {url}"
    assert f"replay: {replay}" in found["failures"]
    assert f"curl:   {replay.replace('replay', 'sign --curl')}" in found["failures"]
    assert "short test summary info" not in found


def test_a_red_run_in_chinese(keyed_go: Go) -> None:
    with faulty("need-not-checked") as url:
        result = keyed_go("--qimen-url", url, *NEED, "--qimen-lang", "zh")
    told = result.stdout.str()
    assert "=================================== 问题所在 ===================================" in told
    assert "   FAIL wms/entryorder.query/request/page/absent: 被接受，应当拒绝" in told
    assert "                                    通过  失败  警告  记录  受阻" in told
    assert re.search("^合计                                 ", told, re.MULTILINE)
    assert re.search("^重放: qimen replay wms/", told, re.MULTILINE)


def test_details_of_few_cases_and_of_all_with_v(keyed_go: Go) -> None:
    with faulty("need-not-checked") as url:
        args = ("--qimen-url", url, "--qimen-method", "entryorder.*", "-k", "request")
        short, long = keyed_go(*args), keyed_go(*args, "-v")
        none = keyed_go(*args, "--tb=no", "-rN")
    heading = re.compile("^____ ", re.MULTILINE)
    red = short.parseoutcomes()["failed"]
    assert 3 < len(heading.findall(short.stdout.str())) < 20
    assert f" of {red} cases; -v shows all" in short.stdout.str()
    assert len(heading.findall(long.stdout.str())) == red > 30
    assert len(short.outlines) < 250
    assert not {"failures", "what is wrong"} & parts(none.stdout.str()).keys()


def test_a_file_shows_ten_letters(keyed_go: Go) -> None:
    with faulty("need-not-checked") as url:
        result = keyed_go(
            "--qimen-url", url, "--qimen-method", "entryorder.create", "-k", "request and absent"
        )
    line = next(line for line in result.outlines if line.startswith("cases/wms/entryorder.create"))
    assert 0 < line.partition(".toml ")[2].count("F") <= 10


SCREENS = {
    "wrong secret": (
        "wms/service.heartbeat/request/minimal:",
        "came back: HTTP 200, Content-Type: text/xml;charset=utf-8, 226 bytes: <?xml",
        "check: QIMEN_SECRET and QIMEN_APP_KEY; `qimen sign --diagnose` and docs/faq.md",
    ),
    "a page": (
        "protocol/smoke/wms/answers:",
        "26 bytes: <html>Please log in</html>",
        "check: this is a web page; is the path of the URL right?",
    ),
    "nothing": (
        "protocol/smoke/wms/answers:",
        "no answer came back: connect: ",
        "check: does the endpoint run, and are host and port of the URL right?",
    ),
}


@pytest.mark.parametrize("name", SCREENS)
def test_the_first_screen_of_a_narrowed_run(name: str, keyed_go: Go) -> None:
    if name == "wrong secret":
        with faulty() as url:
            result = keyed_go("--qimen-url", url, HEARTBEAT, keys=KEYS | {"QIMEN_SECRET": "x"})
    elif name == "a page":
        with endpoint(lambda request: b"<html>Please log in</html>") as server:
            result = keyed_go("--qimen-url", server.url, HEARTBEAT)
    else:
        result = keyed_go("--qimen-url", "http://127.0.0.1:1/", HEARTBEAT)
    told = "\n".join(parts(result.stdout.str())["qimen"])
    for line in SCREENS[name]:
        assert line in " ".join(told.split())
    assert result.ret == 1


def test_ctrl_c_shows_no_file_of_ours(keyed_go: Go, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pytest_qimen.plugin.run.Run.outcome", interrupt)
    result = keyed_go("--qimen", HEARTBEAT)
    assert result.ret == 2
    assert "interrupted; what was tested so far is kept" in result.stdout.str()
    assert Path(pytest_qimen.plugin.collect.__file__).name not in result.stdout.str()
