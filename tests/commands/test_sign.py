"""`qimen sign` signs every form of a request, refuses what cannot be meant, and explains a wrong sign."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from pytest_qimen.__main__ import main
from pytest_qimen.wire.signature import sign
from tests.commands.console_runs import Captured, run

SECRET = "s3cret"
BODY = '<?xml version="1.0"?>\r\n<request>测\x07</request>\n'.encode()
PARAMS = {
    "method": "order.cancel",
    "timestamp": "2026-05-01 10:00:00",
    "format": "xml",
    "app_key": "a=b",
    "v": "2.0",
    "sign_method": "md5",
    "customerId": "仓&1",
}
QUERY = urlencode(PARAMS)
URL = f"http://wms.example/qimen?{QUERY}"
WORDS = [f"{name}={value}" for name, value in PARAMS.items()]
DIGEST = sign(PARAMS, BODY, SECRET)
BARE = sign(PARAMS, b"", SECRET)
TOP = PARAMS | {"method": "alibaba.wdk.sku.scroll.query", "sign_method": "hmac"}
FIELDS = {"param": '{"a":1}'}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("QIMEN_SECRET", SECRET)
    monkeypatch.chdir(tmp_path)
    Path("body.xml").write_bytes(BODY)
    Path("form.txt").write_text(urlencode(FIELDS))
    with open(os.devnull, encoding="utf-8") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        yield


def piped(data: bytes, *words: str) -> tuple[int, str, str]:
    """What the command says, in a process of its own, with something piped into it."""
    reader, writer = os.pipe()
    os.write(writer, data)
    os.close(writer)
    command = [sys.executable, "-m", "pytest_qimen", "sign", *words]
    done = subprocess.run(command, stdin=reader, capture_output=True, encoding="utf-8")
    os.close(reader)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        [QUERY],
        [f"?{QUERY}"],
        [URL],
        [f"{URL}&sign=ABC#here"],
        [URL.replace("+", "%20")],
        [f"HTTP{URL[4:]}"],
    ],
    ids=["words", "query", "question mark", "URL", "signed URL", "%20", "HTTP"],
)
def test_every_form_gives_the_same_signature(words: list[str], capsys: Captured) -> None:
    assert run(capsys, "sign", *words, "--body", "body.xml") == (0, f"{DIGEST}\n", "")
    assert run(capsys, "sign", *words) == (0, f"{BARE}\n", "")


@pytest.mark.parametrize("text", [URL, QUERY, f"\ufeff{URL}\r\n"])
def test_standard_input_holds_the_parameters(text: str) -> None:
    assert piped(text.encode(), "-", "--body", "body.xml") == (0, f"{DIGEST}\n", "")


def test_standard_input_holds_the_body() -> None:
    assert piped(BODY, URL, "--body", "-") == (0, f"{DIGEST}\n", "")


def test_what_is_piped_and_ignored_is_told() -> None:
    status, out, err = piped(BODY, URL)
    assert (status, out) == (0, f"{BARE}\n")
    assert err.startswith("qimen: what is piped into this command is ignored; - reads the parameters")
    assert piped(BODY, URL, "--lang", "zh")[2].startswith("qimen: 通过管道输入的内容没有使用")
    assert piped(b"", URL) == (0, f"{BARE}\n", "")


def test_a_redirected_file_is_told(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    with open("body.xml", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert "ignored" in run(capsys, "sign", URL)[2]


@pytest.mark.parametrize("method", ["md5", "hmac", "hmac-sha256"])
def test_top_signs_its_form_and_no_body(method: str, capsys: Captured) -> None:
    params = TOP | {"sign_method": method}
    digest = sign(params | FIELDS, None, SECRET, method)
    words = [f"{name}={value}" for name, value in params.items()]
    assert run(capsys, "sign", *words, "--body", "form.txt") == (0, f"{digest}\n", "")
    assert run(capsys, "sign", f"{urlencode(params)}&{urlencode(FIELDS)}") == (0, f"{digest}\n", "")


def test_both_protocols_know_the_method(capsys: Captured) -> None:
    params = PARAMS | {"method": "taobao.qimen.storeinventory.itemupdate"}
    assert run(capsys, "sign", urlencode(params), "--body", "body.xml")[1].strip() == sign(
        params, BODY, SECRET
    )
    assert run(capsys, "sign", urlencode(params), "--body", "form.txt")[1].strip() == sign(
        params | FIELDS, None, SECRET
    )


def test_the_string_to_sign_is_explained(capsys: Captured) -> None:
    status, out, _ = run(capsys, "sign", f"{URL}&sign=X&empty=", "--body", "body.xml", "--explain")
    assert status == 0
    assert SECRET not in out
    assert out.splitlines() == [
        "the parameters but sign, in the byte order of their names, values raw:",
        "  app_key      a=b",
        "  customerId   仓&1",
        "  format       xml",
        "  method       order.cancel",
        "  sign_method  md5",
        "  timestamp    2026-05-01 10:00:00",
        "  v            2.0",
        f"then the body, its {len(BODY)} bytes as they are sent",
        "the string to sign; the secret stands where *** is, at both ends:",
        "***app_keya=bcustomerId仓&1formatxmlmethodorder.cancelsign_methodmd5timestamp2026-05-01 10:00:00v2.0"
        '<?xml version="1.0"?><U+000D>',
        "<request>测<U+0007></request>",
        "***",
        "its MD5 in UTF-8, as upper-case hexadecimal:",
        DIGEST,
    ]
    out = run(capsys, "sign", urlencode(TOP), "--explain", "--lang", "zh")[1]
    assert "没有报文\n待签名串；其中没有密钥，密钥是 hmac 的 key：\napp_keya=b" in out
    assert "\n取 UTF-8 字节的 HMAC-MD5，写成大写十六进制：\n" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["http://wms.example/qimen"], "this URL has no query: 'http://wms.example/qimen'"),
        ([URL, "v=2.0"], "a URL is given alone, in quotes: 'http://wms.example/"),
        (["v=2.0", QUERY], "a query is given alone, in quotes: 'method=order.cancel&"),
        (["order.cancel"], "expected NAME=VALUE, a query or a URL, got 'order.cancel'"),
        (["=x", "v=2.0"], "expected NAME=VALUE, a query or a URL, got '=x'"),
        (
            ["timestamp=2026-05-01%2010:00:00"],
            "timestamp is URL-encoded: give it raw, or give the whole query",
        ),
        (["timestamp=2026-05-01+10:00:00"], "timestamp is URL-encoded: give it raw, or give the whole query"),
        (WORDS[:-1], "missing: customerId "),
        (WORDS[:1], "missing: timestamp, app_key, v, customerId (a URL in a shell needs quotes around it)"),
        ([*WORDS[:-1], "customerId="], "missing: customerId "),
        ([urlencode(TOP | {"sign_method": ""})], "missing: sign_method "),
        ([*WORDS, "v=2.0", "v=1.0"], "given more than once: v"),
        ([urlencode(PARAMS | {"sign_method": "hmac"})], "sign_method is 'hmac': Qimen knows md5 only"),
        (
            [urlencode(TOP | {"sign_method": "MD5"})],
            "sign_method is 'MD5': expected one of md5, hmac, hmac-sha256",
        ),
        ([f"{QUERY}&x={quote('仓', encoding='gbk')}"], "the parameters are not in UTF-8"),
        ([*WORDS, "x=\udcff"], "'x=\\udcff' is not in UTF-8"),
        (["&".join(["a=1"] * 10_001)], "Max number of fields exceeded"),
        ([URL, "--body", "gone.xml"], "gone.xml: no such file or folder"),
        (["-", "--body", "-"], "standard input holds either the parameters or the body"),
        ([URL, "--sign", DIGEST], "--sign belongs to --diagnose"),
        ([URL, "--diagnose"], "--diagnose needs the sign that was sent: in the URL, or as --sign"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], says: str, capsys: Captured) -> None:
    status, out, err = run(capsys, "sign", *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"qimen: sign: {says}")
    assert err.count("\n") == 1


def test_something_is_needed(capsys: Captured) -> None:
    assert main(["sign"]) == 2
    assert "URL | QUERY | NAME=VALUE" in capsys.readouterr().err


UNSORTED = sign({}, "".join(map("".join, PARAMS.items())).encode() + BODY, SECRET)


@pytest.mark.parametrize(
    ("given", "status", "en", "zh"),
    [
        (DIGEST, 0, "the signature is right", "签名正确"),
        (DIGEST.lower(), 1, "the digest is in lower case; upper case is wanted", "摘要用了小写，应为大写"),
        (BARE, 1, "the body was not signed", "报文没有参与签名"),
        (UNSORTED, 1, "the parameters were not sorted", "参数没有排序"),
        (
            BARE.lower(),
            1,
            "the digest is in lower case; upper case is wanted; and the body was not signed",
            "摘要用了小写，应为大写；并且报文没有参与签名",
        ),
        ("0" * 32, 1, "no known mistake gives this signature", "已知的错误都得不出这个签名"),
        ("", 1, "the sign is no digest", "sign 不是摘要"),
    ],
)
def test_a_sign_is_diagnosed(given: str, status: int, en: str, zh: str, capsys: Captured) -> None:
    words = ("--body", "body.xml", "--diagnose")
    for found, language in ((en, "en"), (zh, "zh")):
        more = ("--lang", language)
        for asked in ([URL, "--sign", given], [f"{URL}&sign={given}"]):
            got, out, err = run(capsys, "sign", *asked, *words, *more)
            assert (got, err) == (status, "")
            assert out.startswith(found)
            assert SECRET not in out


def test_a_request_that_nobody_should_send_is_diagnosed(capsys: Captured) -> None:
    """Doubled and missing parameters are what is looked for, no reason to refuse."""
    given = sign({"a": "1"}, BODY, SECRET)
    words = ("--body", "body.xml", "--diagnose", "--sign", given)
    assert run(capsys, "sign", "a=1&b=2", *words) == (1, "sent, but not signed: b\n", "")
    assert run(capsys, "sign", "a=1&a=2", *words) == (
        1,
        "of doubled parameters only the first was signed\n",
        "",
    )
