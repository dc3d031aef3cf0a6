"""Each tamper changes the bytes that it names, only these, and keeps or breaks the signature as it should."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.apis import TARGET, api, may, must

from pytest_qimen import schema, spec, xml
from pytest_qimen.cases import Step, bundled_cases, bundled_files
from pytest_qimen.client.request import FORM_TYPE, SignedRequest, china_now, draft, finish, seal
from pytest_qimen.client.tampers import AFTER, BEFORE, mistake, tamper
from pytest_qimen.errors import UsageError
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.wire import encoding
from pytest_qimen.wire.signature import sign, verify

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'
INSIDE = "<a>测 1</a><b><c>x&amp;y</c></b>".encode()
BODY = b"<request>" + INSIDE + b"</request>"
MOMENT = "2026-05-01 10:00:00"
QIMEN = api(must("a"), may("b", "group"), may("b.c", type="string", format="date"))
TOP = api(must("a"), may("b", "group"), may("b.c"), may("b.n", "number"), protocol="top")


def sent(one: spec.Api, root: xml.Element, *names: str) -> SignedRequest:
    """The request with these tampers, of a known moment."""
    made = draft(TARGET, one, root)
    made.set("timestamp", MOMENT)
    tamper(made, names, BEFORE)
    seal(TARGET, made)
    tamper(made, names, AFTER)
    return finish(TARGET, made)


def qimen(*names: str) -> SignedRequest:
    return sent(QIMEN, xml.parse(BODY), *names)


def is_verified(request: SignedRequest, protocol: str = "qimen") -> bool:
    """What the official verifier says of what is on the wire."""
    query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    if protocol == "qimen":
        return verify(query, request.body, TARGET.secret)
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    return verify(query | form, None, TARGET.secret, query["sign_method"])


def doctype(subset: str, first: str = "测 1") -> bytes:
    text = f"<!DOCTYPE request [{subset}]>\n<request><a>{first}</a><b><c>x&amp;y</c></b></request>"
    return HEAD + text.encode()


def ending(text: bytes) -> bytes:
    return HEAD + b"<request>" + INSIDE + text + b"</request>"


def references(text: str) -> str:
    return "".join(f"&#{ord(one)};" for one in text)


ATTRIBUTES = b"".join(b' a%d="1"' % number for number in range(10_000))
LAUGHS = '<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";"}{"".join(["&a" + str(n - 1) + ";"] * 9)}">'
    for n in range(1, 10)
)
PASSWD = "file:///etc/passwd"
INCLUDE = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{PASSWD}"/>'.encode()
BODIES = {
    "no-declaration": BODY,
    "single-quotes": b"<?xml version='1.0' encoding='UTF-8'?>\n" + BODY,
    "standalone": b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + BODY,
    "wrong-encoding": b'<?xml version="1.0" encoding="iso-8859-1"?>\n' + BODY,
    "bom": b"\xef\xbb\xbf" + HEAD + BODY,
    "crlf": HEAD.replace(b"\n", b"\r\n") + BODY.replace(b"><", b">\r\n<"),
    "indented": HEAD + BODY.replace(b"><", b">\n  <"),
    "tabs": HEAD + BODY.replace(b"><", b">\t<"),
    "cdata": HEAD + BODY.replace("测 1".encode(), "<![CDATA[测 1]]>".encode()),
    "references": HEAD + BODY.replace("测 1".encode(), references("测 1").encode()),
    "comments": HEAD + BODY.replace(b"><", b"><!-- note --><"),
    "processing-instruction": HEAD + b'<?note a="b"?>\n' + BODY,
    "wide-tags": HEAD + re.sub(rb"(\w)>", rb"\1 >", BODY),
    "attribute": HEAD + BODY.replace(b"<request>", b'<request note="1">'),
    "many-attributes": HEAD + BODY.replace(b"<request>", b"<request" + ATTRIBUTES + b">"),
    "deep": ending(b"<d>" * 5_000 + b"</d>" * 5_000),
    "padded": ending(b"<vendorField>" + b"x" * 4_000 + b"</vendorField>"),
    "big": ending(b"<vendorField>" + b"x" * 1_000_000 + b"</vendorField>"),
    "huge": ending(b"<vendorField>" + b"x" * 5_000_000 + b"</vendorField>"),
    "truncated": (HEAD + BODY)[: len(HEAD + BODY) * 2 // 3],
    "unclosed": HEAD + b"<request>" + INSIDE,
    "crossed": ending(b"<a><b></a></b>"),
    "bare-ampersand": ending(b"<vendorField>a & b</vendorField>"),
    "control-character": ending(b"<vendorField>a\x07b</vendorField>"),
    "not-utf-8": ending(b"<vendorField>\xc3\x28\xff</vendorField>"),
    "two-roots": HEAD + BODY + b"<request/>",
    "not-xml": b'{"request": {}}',
    "nothing": b"",
    "wrong-root": HEAD + b"<query>" + INSIDE + b"</query>",
    "doctype": doctype(""),
    "internal-entity": doctype('<!ENTITY e "entity">', "&e;"),
    "external-entity": doctype(f'<!ENTITY e SYSTEM "{PASSWD}">', "&e;"),
    "parameter-entity": doctype(f'<!ENTITY % p SYSTEM "{PASSWD}"> %p;'),
    "billion-laughs": doctype(LAUGHS, "&a9;"),
    "quadratic": doctype(f'<!ENTITY e "{"x" * 50_000}">', "&e;" * 5_000),
    "xinclude": ending(INCLUDE),
    "flip-start": HEAD + BODY.replace("测 1".encode(), "测 2".encode()),
    "flip-middle": HEAD + BODY.replace("测 1".encode(), "测 2".encode()),
    "flip-end": HEAD + BODY.replace("测 1".encode(), "测 2".encode()),
    "body-blank": HEAD + BODY + b" ",
    "body-newline": HEAD + BODY + b"\n",
}


@pytest.mark.parametrize(("name", "body"), BODIES.items(), ids=BODIES)
def test_bodies(name: str, body: bytes) -> None:
    plain, found = qimen(), qimen(name)
    assert plain.body == HEAD + BODY
    assert found.body == body
    assert (found.http_method, found.headers) == (plain.http_method, plain.headers)
    unsigned = {key: value for key, value in plain.params if key != "sign"}
    assert {key: value for key, value in found.params if key != "sign"} == unsigned


def test_gbk() -> None:
    plain, found = qimen(), qimen("gbk")
    assert found.body == b'<?xml version="1.0" encoding="GBK"?>\n' + BODY.decode().encode("gbk")
    assert xml.get(xml.parse(found.body), "a") == "测 1"
    assert dict(found.headers) == dict(plain.headers) | {"Content-Type": "text/xml;charset=GBK"}


def params(*names: str) -> dict[str, str]:
    return {key: value for key, value in qimen(*names).params if key != "sign"}


def moved(days: int) -> str:
    return (datetime.strptime(china_now(), "%Y-%m-%d %H:%M:%S") + timedelta(days=days)).strftime("%Y-%m-%d")


PARAMS = {
    "drop-param:timestamp": {"timestamp": None},
    "drop-param:unheard": {},
    "set-param:v=9.9": {"v": "9.9"},
    "set-param:partner_id=top=1": {"partner_id": "top=1"},
    "set-param:customerId=测试": {"customerId": "测试"},
    "set-param:session=": {"session": ""},
    "sign-method:hmac": {"sign_method": "hmac"},
    "tamper-param:timestamp": {"timestamp": "2020-01-02 03:04:05"},
    "tamper-param:v": {"v": "1.0"},
    "tamper-param:app_key": {"app_key": "key1"},
    "tamper-param:method": {"method": "thing.create1"},
    "tamper-param:format": {"format": "xml1"},
    "extra-unsigned": {"extra": "1"},
}


@pytest.mark.parametrize(("name", "changed"), PARAMS.items())
def test_params(name: str, changed: dict[str, str | None]) -> None:
    expected = {key: value for key, value in (params() | changed).items() if value is not None}
    assert params(name) == expected
    assert (qimen(name).body, qimen(name).headers) == (qimen().body, qimen().headers)


@pytest.mark.parametrize(("name", "days"), [("old-timestamp", -400), ("future-timestamp", 400)])
def test_timestamps(name: str, days: int) -> None:
    before = moved(days)
    found = params(name)
    assert found["timestamp"][:10] in (before, moved(days))
    assert found | {"timestamp": ""} == params() | {"timestamp": ""}


SIGNATURES: dict[str, Callable[[str], list[str]]] = {
    "sign-lower": lambda good: [good.lower()],
    "sign-truncated": lambda good: [good[:16]],
    "sign-missing": lambda good: [],
    "sign-empty": lambda good: [""],
    "sign-twice": lambda good: ["0" * 32, good],
    "sign-wrong": lambda good: [good[::-1]],
    "sign-blank": lambda good: [f" {good}"],
}


@pytest.mark.parametrize(("name", "change"), SIGNATURES.items(), ids=SIGNATURES)
def test_signatures(name: str, change: Callable[[str], list[str]]) -> None:
    plain, found = qimen(), qimen(name)
    assert [value for key, value in found.params if key == "sign"] == change(dict(plain.params)["sign"])
    assert params(name) == params()
    assert (found.body, found.headers, found.http_method) == (plain.body, plain.headers, plain.http_method)


def test_the_rest() -> None:
    plain = qimen()
    assert qimen("reverse-params").params[:-1] == plain.params[:-1][::-1]
    assert qimen("percent-blanks").url == plain.url.replace("+", "%20") != plain.url
    assert qimen("http-method:GET").http_method == "GET"
    assert dict(qimen("content-type:application/json").headers)["Content-Type"] == "application/json"
    assert [key for key, _ in qimen("content-type:").headers] == ["Accept"]
    assert dict(qimen("form-type").headers)["Content-Type"] == FORM_TYPE
    other = qimen("other-secret")
    assert other.url != plain.url
    assert (params("other-secret"), other.body) == (params(), plain.body)


def test_signatures_over_less_than_the_request() -> None:
    plain = qimen()
    for name, body, secret in (
        ("sign-without-body", b"", TARGET.secret),
        ("sign-without-secret", plain.body, ""),
    ):
        found = qimen(name)
        assert dict(found.params)["sign"] == sign(params(name), body, secret)
        assert (params(name), found.body, found.headers) == (params(), plain.body, plain.headers)


def test_every_tamper_is_in_a_table() -> None:
    tried = {name.partition(":")[0] for name in (*BODIES, *PARAMS, *SIGNATURES)}
    tried |= {"gbk", "old-timestamp", "future-timestamp", "reverse-params", "percent-blanks", "http-method"}
    tried |= {"content-type", "form-type", "other-secret", "sign-without-body", "sign-without-secret"}
    tried |= {"splice"}
    assert tried == BEFORE.keys() | AFTER.keys()
    assert not BEFORE.keys() & AFTER.keys()


ARGUMENTS = {
    "drop-param": "timestamp",
    "set-param": "partner_id=1",
    "sign-method": "md5",
    "http-method": "PUT",
    "content-type": "text/plain",
    "tamper-param": "timestamp",
    "splice": "3:2:YWI=",
}
BREAKS = {"other-secret": "it is what the name says"}
KEEPS = {"sign-twice": "the second one is good, and receivers read the last or the first"}


@pytest.mark.parametrize("name", [*BEFORE, *AFTER])
def test_signatures_hold_or_break(name: str) -> None:
    full = f"{name}:{ARGUMENTS[name]}" if name in ARGUMENTS else name
    assert is_verified(qimen(full)) is (name in KEEPS if name in AFTER else name not in BREAKS)


@pytest.mark.parametrize("method", ["hmac", "hmac-sha256", "md5"])
def test_top_knows_three_signatures(method: str) -> None:
    root = xml.parse(b"<request><a>1</a></request>")
    assert is_verified(sent(TOP, root, f"sign-method:{method}"), "top")
    assert not is_verified(sent(TOP, root, f"sign-method:{method}", "flip-end"), "top")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gbk:1", "the tamper 'gbk' takes no argument, got '1'"),
        ("drop-param", "the tamper 'drop-param' wants an argument behind a colon"),
        ("http-method:", "the tamper 'http-method' wants an argument behind a colon"),
        ("set-param:v", "the tamper 'set-param' wants NAME=VALUE behind a colon"),
        ("splice:1:2", "the tamper 'splice' wants OFFSET:COUNT:BASE64 behind a colon"),
        ("content-type", "the tamper 'content-type' wants an argument behind a colon"),
    ],
)
def test_a_tamper_and_its_argument(name: str, words: str) -> None:
    assert mistake(name) == words
    with pytest.raises(UsageError, match=words):
        qimen(name)


def test_an_unknown_tamper() -> None:
    with pytest.raises(UsageError) as caught:
        qimen("flip")
    assert str(caught.value).startswith(
        "unknown tamper 'flip'; expected one of no-declaration, single-quotes, "
    )
    assert str(caught.value).endswith(", sign-wrong, sign-blank")


FORMS = {
    "<a>x1</a>": ({"flip-start": "a=x2", "flip-end": "a=x2"}),
    "<a>x</a><b><c>y</c><n>1</n></b>": {
        "flip-start": 'a=1&b={"c":"y","n":1}',
        "flip-middle": 'a=x&b={"c":"1","n":1}',
        "flip-end": 'a=x&b={"c":"1","n":1}',
    },
    "<b><n>1</n></b>": {"flip-start": 'b={"n":1} ', "flip-end": 'b={"n":1} '},
    "<b><c>&quot;</c></b>": {"flip-middle": 'b={"c":"\\""} '},
}


@pytest.mark.parametrize(
    ("inside", "name", "form"),
    [(inside, name, form) for inside, table in FORMS.items() for name, form in table.items()],
)
def test_a_flip_changes_one_text_of_a_form(inside: str, name: str, form: str) -> None:
    request = sent(TOP, xml.parse(f"<request>{inside}</request>".encode()), name)
    assert "&".join(f"{key}={value}" for key, value in parse_qsl(request.body.decode())) == form
    assert not is_verified(request, "top")


@pytest.mark.parametrize("place", ["start", "middle", "end"])
@pytest.mark.parametrize("name", spec.methods())
def test_a_flipped_message_is_legal(name: str, place: str) -> None:
    """Else an endpoint would refuse it for another reason, and pass without looking at the signature."""
    one = spec.load_api(name)
    root = compose(Step(one), Context(TARGET, Keys()), {})
    plain, request = sent(one, root), sent(one, root, f"flip-{place}")
    assert request.body != plain.body
    assert not is_verified(request, one.protocol)
    if one.protocol == "top":
        forms = [parse_qsl(each.body.decode(), keep_blank_values=True) for each in (plain, request)]
        assert sum(old != new for old, new in zip(*forms, strict=True)) == 1
        message = encoding.decode(one, dict(forms[1]))
    else:
        message = xml.parse(request.body)
    assert schema.problems(one, "request", message) == ()


SHARED = [path for path in bundled_files() if path.parent.name in ("protocol", "flows")]


@pytest.mark.parametrize("path", SHARED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_tamper_of_the_bundled_cases_does_something(path: Path) -> None:
    for case in bundled_cases(path):
        for step in case.steps:
            for name in step.tampers if not step.message and not step.again else ():
                root = compose(step, Context(TARGET, Keys(), _Anything()), {})
                plain, request = sent(step.api, root), sent(step.api, root, name)
                assert (plain.body, plain.url, plain.headers, plain.http_method) != (
                    request.body,
                    request.url,
                    request.headers,
                    request.http_method,
                ), f"{case.id}: {name}"


class _Anything(dict[str, str]):
    """Names of which each was saved."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return "1"
