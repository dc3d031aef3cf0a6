"""Every known mistake of signing is found by its own name; what is right or random is not taken for one."""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import LANGUAGES
from pytest_qimen.phrases.signing import TEXTS
from pytest_qimen.wire.diagnosis import Diagnosis, diagnose, explain
from pytest_qimen.wire.mistakes import PREFIX
from pytest_qimen.wire.signature import sign

VECTORS = Path(__file__).parents[1] / "vectors" / "sign.json"
SECRET = "Topsecret-A"
BODY = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<request>\r\n <a>仓é😀 %2B+&amp;</a></request>\r\n'
).encode()
PARAMS = {
    "method": "deliveryorder.create",
    "timestamp": "2026-11-28 10:00:00",
    "format": "xml",
    "app_key": "testerp_appkey",
    "v": "2.0",
    "sign_method": "md5",
    "customerId": "stub-cust-code",
    "session": "abc",
    "partner_id": "top-sdk-java-20160611",
    "Note": " a+b 仓é/~* ",
    "empty": "",
}


def joined(params: Mapping[str, str], order: Callable[[str], str] = str) -> bytes:
    """The text of the parameters as the documents want it."""
    return "".join(name + params[name] for name in sorted(params, key=order)).encode()


def md5(*parts: bytes) -> str:
    return hashlib.md5(b"".join(parts)).hexdigest().upper()


def both(params: bytes, body: bytes = BODY, key: str = SECRET) -> str:
    """The digest with the secret at both ends."""
    return md5(key.encode(), params, body, key.encode())


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in PARAMS.items() if name not in names}


def glued(pattern: bytes, between: bytes = b"") -> bytes:
    return between.join(pattern % (name.encode(), PARAMS[name].encode()) for name in sorted(PARAMS))


def written(write: Callable[[str], str | bytes]) -> bytes:
    found = ((name, write(value)) for name, value in sorted(PARAMS.items()))
    return b"".join(
        name.encode() + (value if isinstance(value, bytes) else value.encode()) for name, value in found
    )


KEY, TEXT = SECRET.encode(), joined(PARAMS)
RIGHT = both(TEXT)
DIGEST = bytes.fromhex(RIGHT)
WHOLE = BODY.decode()
MISTAKES: dict[str, tuple[str, str]] = {
    "lower case": ("sign-lower-case", RIGHT.lower()),
    "mixed case": ("sign-mixed-case", RIGHT[:16] + RIGHT[16:].lower()),
    "blanks": ("sign-blanks", f" {RIGHT}\n"),
    "base64": ("sign-base64", base64.b64encode(DIGEST).decode()),
    "base64 for URLs": ("sign-base64", base64.urlsafe_b64encode(DIGEST).decode().rstrip("=")),
    "16 digits": ("sign-middle", RIGHT[8:24]),
    "cut": ("sign-head", RIGHT[:20]),
    "front": ("sign-secret-front", md5(KEY, TEXT, BODY)),
    "end": ("sign-secret-end", md5(TEXT, BODY, KEY)),
    "no secret": ("sign-secret-none", md5(TEXT, BODY)),
    "&key=": ("sign-secret-named", md5(TEXT, BODY, b"&key=", KEY)),
    "body first": ("sign-body-first", md5(KEY, BODY, TEXT, KEY)),
    "newline": ("sign-key-newline", both(TEXT, key=f"{SECRET}\n")),
    "blank": ("sign-key-blank", both(TEXT, key=f"{SECRET} ")),
    "ampersand": ("sign-key-ampersand", both(TEXT, key=f"{SECRET}&")),
    "lower secret": ("sign-key-lower", both(TEXT, key=SECRET.lower())),
    "upper secret": ("sign-key-upper", both(TEXT, key=SECRET.upper())),
    "app_key": ("sign-key-app-key", both(TEXT, key="testerp_appkey")),
    "empty secret": ("sign-key-empty", md5(TEXT, BODY)),
    "hmac": ("sign-algorithm", hmac.new(KEY, TEXT + BODY, "md5").hexdigest().upper()),
    "hmac-sha256": ("sign-algorithm", hmac.new(KEY, TEXT + BODY, "sha256").hexdigest().upper()),
    "hmac-sha1": ("sign-algorithm", hmac.new(KEY, TEXT + BODY, "sha1").hexdigest().upper()),
    "sha1": ("sign-algorithm", hashlib.sha1(KEY + TEXT + BODY + KEY).hexdigest().upper()),
    "sha256": ("sign-algorithm", hashlib.sha256(KEY + TEXT + BODY + KEY).hexdigest().upper()),
    "as given": ("sign-order-given", both("".join(map("".join, PARAMS.items())).encode())),
    "ignoring case": ("sign-order-case", both(joined(PARAMS, str.lower))),
    "descending": ("sign-order-reverse", both("".join(n + PARAMS[n] for n in sorted(PARAMS)[::-1]).encode())),
    "by value": (
        "sign-order-value",
        both("".join(n + v for n, v in sorted(PARAMS.items(), key=lambda pair: pair[1])).encode()),
    ),
    "k=v&": ("sign-glue-both", both(glued(b"%b=%b", b"&"))),
    "k=v& to the end": ("sign-glue-trailing", both(glued(b"%b=%b&"))),
    "k=v": ("sign-glue-equals", both(glued(b"%b=%b"))),
    "kv&": ("sign-glue-ampersand", both(glued(b"%b%b", b"&"))),
    "k:v": ("sign-glue-colon", both(glued(b"%b:%b"))),
    "values": ("sign-glue-values", both("".join(v for _, v in sorted(PARAMS.items())).encode())),
    "encoded with %20": ("sign-values-encoded", both(written(lambda value: quote(value, safe="")))),
    "encoded with +": ("sign-values-encoded", both(written(quote_plus))),
    "encoded with /": ("sign-values-encoded", both(written(quote))),
    "encodeURIComponent": ("sign-values-encoded", both(written(lambda value: quote(value, safe="!~*'()")))),
    "URLEncoder": (
        "sign-values-encoded",
        both(written(lambda value: quote_plus(value, safe="*").replace("~", "%7E"))),
    ),
    "blank as +": ("sign-values-blank-plus", both(written(lambda value: value.replace(" ", "+")))),
    "blank as %20": ("sign-values-blank-encoded", both(written(lambda value: value.replace(" ", "%20")))),
    "+ as blank": ("sign-values-plus-blank", both(written(lambda value: value.replace("+", " ")))),
    "values trimmed": ("sign-values-trimmed", both(written(str.strip))),
    "values in GBK": ("sign-values-gbk", both(written(lambda value: value.encode("gbk")))),
    "values in Latin-1": ("sign-values-latin", both(written(lambda v: v.encode().decode("latin-1")))),
    "values in ASCII": (
        "sign-values-question",
        both(written(lambda value: value.encode("ascii", "replace"))),
    ),
    "session added": ("sign-not-signed", both(joined(without("session")))),
    "two added": ("sign-not-signed", both(joined(without("session", "partner_id")))),
    "three added": ("sign-not-signed", both(joined(without("session", "partner_id", "customerId")))),
    "seven known": ("sign-not-signed", both(joined(without("session", "partner_id", "Note", "empty")))),
    "timestamp forgotten": ("sign-not-signed", both(joined(without("timestamp")))),
    "empty dropped": ("sign-empty-dropped", both(joined(without("empty")))),
    "empty signed": ("sign-not-sent", both(joined({**PARAMS, "target_app_key": ""}))),
    "sign signed": ("sign-itself", both(joined({**PARAMS, "sign": ""}))),
    "prefixed": ("sign-method-prefixed", both(joined({**PARAMS, "method": PREFIX + PARAMS["method"]}))),
    "other sign_method": ("sign-method-other", both(joined({**PARAMS, "sign_method": "MD5"}))),
    "no body": ("sign-body-none", both(TEXT, b"")),
    "trimmed": ("sign-body-trimmed", both(TEXT, BODY.strip())),
    "newline after": ("sign-body-newline", both(TEXT, BODY + b"\n")),
    "LF": ("sign-body-lf", both(TEXT, BODY.replace(b"\r\n", b"\n"))),
    "one line": ("sign-body-one-line", both(TEXT, BODY.replace(b"\r\n", b""))),
    "compact": ("sign-body-compact", both(TEXT, BODY.replace(b">\r\n <", b"><").replace(b">\r\n", b">"))),
    "no blanks": ("sign-body-blankless", both(TEXT, b"".join(BODY.split()))),
    "two BOMs": ("sign-body-bom", both(TEXT, b"\xef\xbb\xbf" + BODY)),
    "no BOM": ("sign-body-no-bom", both(TEXT, BODY[3:])),
    "no declaration": ("sign-body-undeclared", both(TEXT, BODY[BODY.index(b"<request>") :])),
    "declaration": ("sign-body-declared", both(TEXT, b'<?xml version="1.0" encoding="utf-8"?>' + BODY)),
    "GBK": ("sign-body-gbk", both(TEXT, WHOLE.encode("gbk", "replace"))),
    "Latin-1": ("sign-body-latin", both(TEXT, BODY.decode("latin-1").encode())),
    "ASCII": ("sign-body-question", both(TEXT, WHOLE.encode("ascii", "replace"))),
    "no emoji": ("sign-body-bmp", both(TEXT, WHOLE.replace("😀", "").encode())),
    "URL-decoded": ("sign-body-decoded", both(TEXT, BODY.replace(b"+", b" ").replace(b"%2B", b"+"))),
    "URL-encoded": ("sign-body-encoded", both(TEXT, quote_plus(WHOLE).encode())),
    "unescaped": ("sign-body-unescaped", both(TEXT, BODY.replace(b"&amp;", b"&"))),
    "twice": ("sign-body-twice", both(TEXT, BODY + BODY)),
}
# These need another request than the one above.
ELSEWHERE = {
    *("sign-right", "sign-unknown", "sign-together", "sign-either", "sign-no-digest", "sign-secret-both"),
    *("sign-key-trimmed", "sign-method-bare", "sign-doubled-first", "sign-doubled-last", "sign-body-crlf"),
}


def ids(found: tuple[Diagnosis, ...]) -> list[list[str]]:
    return [[phrase.id for phrase in one.mistakes] for one in found]


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_found_by_its_name(name: str) -> None:
    wanted, digest = MISTAKES[name]
    found = diagnose(PARAMS, BODY, SECRET, digest)
    if name in ("no secret", "empty secret"):  # the same text, however it came about
        assert ids(found) == [["sign-secret-none"]]
    else:
        assert ids(found) == [[wanted]]


def test_every_sentence_is_tested() -> None:
    assert {wanted for wanted, _ in MISTAKES.values()} | ELSEWHERE == set(TEXTS)


def test_what_is_said() -> None:
    assert str(explain(diagnose(PARAMS, BODY, SECRET, RIGHT))) == "the signature is right"
    found = diagnose(PARAMS, BODY, SECRET, both(joined(without("session", "partner_id"))))
    assert str(explain(found)) == "sent, but not signed: session, partner_id"
    assert explain(found).text("zh") == "发送了，但没有参与签名：session、partner_id"
    found = diagnose(PARAMS, BODY, SECRET, hmac.new(KEY, TEXT, "sha256").hexdigest())
    assert str(explain(found)) == (
        "the digest is in lower case; upper case is wanted; and it is a digest by hmac-sha256; md5 is wanted"
        "; and the body was not signed"
    )
    assert str(explain(())).startswith("no known mistake gives this signature")
    assert explain(()).text("zh").startswith("已知的错误都得不出这个签名")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_said_holds_the_secret_or_a_digest(language: str) -> None:
    for _, digest in MISTAKES.values():
        said = explain(diagnose(PARAMS, BODY, SECRET, digest)).text(language)
        assert SECRET.lower() not in said.lower()
        assert RIGHT not in said.upper()


@pytest.mark.parametrize(
    ("params", "body", "digest", "wanted"),
    [
        (
            {"method": "taobao.qimen.a.b", "v": "2.0"},
            b"<r/>",
            md5(KEY, b"methoda.bv2.0<r/>", KEY),
            ["sign-method-bare"],
        ),
        ([("a", "1"), ("b", "2"), ("a", "3")], b"", md5(KEY, b"a1b2", KEY), ["sign-doubled-first"]),
        ([("a", "1"), ("b", "2"), ("a", "3")], b"", md5(KEY, b"a3b2", KEY), ["sign-doubled-last"]),
        ({"a": "1"}, b"<r>\n</r>", md5(KEY, b"a1<r>\r\n</r>", KEY), ["sign-body-crlf"]),
        ({"a": "1", "sign": "x"}, b"", md5(KEY, b"a1", KEY), []),
    ],
)
def test_other_requests(
    params: Mapping[str, str] | list[tuple[str, str]], body: bytes, digest: str, wanted: list[str]
) -> None:
    assert ids(diagnose(params, body, SECRET, digest)) == [wanted]


def test_blanks_around_the_secret() -> None:
    found = diagnose({"a": "1"}, b"", " abc ", md5(b"abca1abc"))
    assert ids(found) == [["sign-key-trimmed"]]


@pytest.mark.parametrize(
    ("method", "digest", "wanted"),
    [
        ("hmac", hmac.new(KEY, KEY + b"a1" + KEY, "md5").hexdigest().upper(), ["sign-secret-both"]),
        ("hmac", md5(KEY, b"a1", KEY), ["sign-algorithm"]),
        ("hmac-sha256", hmac.new(KEY, b"a1", "md5").hexdigest().upper(), ["sign-algorithm"]),
        ("hmac-sha256", hmac.new(KEY, b"a1", "sha256").hexdigest(), ["sign-lower-case"]),
    ],
)
def test_top(method: str, digest: str, wanted: list[str]) -> None:
    assert ids(diagnose({"a": "1"}, None, SECRET, digest, method)) == [wanted]


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text("utf-8")), ids=lambda one: one["case"])
def test_vectors_are_right(vector: dict[str, str]) -> None:
    """Signed by the rule that drops empty parameters: right, or that mistake where one is sent."""
    params = dict(vector["params"])
    found = diagnose(params, vector["body"], vector["secret"], vector["sign"], vector["sign_method"])
    assert ids(found) == [["sign-empty-dropped"] if "" in params.values() else []]


@pytest.mark.parametrize("body", [BODY, b""])
def test_several_mistakes_at_once(body: bytes) -> None:
    text = "&".join(f"{name}={value}" for name, value in sorted(without("session").items())).encode()
    digest = hashlib.md5(text + body + KEY).hexdigest()
    (one,) = ids(diagnose(PARAMS, body, SECRET, digest))
    assert one == ["sign-lower-case", "sign-secret-end", "sign-glue-both", "sign-not-signed"]
    text = "&".join(f"{name}={value}" for name, value in sorted(PARAMS.items())).encode()
    (one,) = ids(diagnose(PARAMS, body, SECRET, md5(text, b"&key=", KEY)))  # as WeChat Pay signs
    assert one == [
        "sign-secret-named",
        "sign-glue-both",
        *(["sign-body-none"] if body else []),
    ]


@settings(max_examples=20)
@given(
    st.binary(min_size=16, max_size=16), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=6)
)
def test_a_random_digest_gives_none(digest: bytes, params: dict[str, str]) -> None:
    assert diagnose(params, b"<r/>", SECRET, digest.hex().upper()) == ()


@pytest.mark.parametrize("given_", ["", "sign", "Illegal", "0" * 33, "G" * 32, "-" * 24, "仓", "0" * 10_000])
def test_what_is_no_digest_is_told(given_: str) -> None:
    (found,) = diagnose(PARAMS, BODY, SECRET, given_)
    assert found.phrase().text() == "the sign is no digest: expected 32 upper-case hexadecimal digits"


@pytest.mark.parametrize(
    ("params", "body"),
    [
        ({f"x{count}": "1" for count in range(5000)}, b"<r/>"),
        ({f"x{count}": "" for count in range(20)}, BODY * 1000),
        (PARAMS, bytes(20 << 20)),
        (PARAMS, b"<a> </a>\r\n" * 200_000),
        (PARAMS, "仓".encode() * 87_000),
        ({"a": "%" * 60_000}, b"&amp;" * 50_000),
        ([("a", "1")] * 5000, b""),
    ],
)
def test_what_is_big_is_searched_to_its_end(
    params: Mapping[str, str] | list[tuple[str, str]], body: bytes
) -> None:
    assert diagnose(params, body, SECRET, hashlib.md5(random.randbytes(9)).hexdigest().upper()) == ()


def test_what_the_suite_signs_is_right() -> None:
    params = without("empty")
    assert ids(diagnose(params, BODY, SECRET, sign(params, BODY, SECRET))) == [[]]


def test_unknown_sign_method() -> None:
    with pytest.raises(UsageError, match="unknown sign_method 'md4'"):
        diagnose(PARAMS, BODY, SECRET, RIGHT, "md4")
