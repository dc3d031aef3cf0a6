"""Tampers of signatures: which hold and which break."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from hashlib import md5
from operator import attrgetter
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from pytest_qimen import schema, spec, xml
from pytest_qimen.cases import Step, bundled_cases, bundled_files
from pytest_qimen.client.attacks import LEADING
from pytest_qimen.client.request import FORM_TYPE
from pytest_qimen.client.tampers import AFTER, BEFORE, mistake
from pytest_qimen.errors import UsageError
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.wire import encoding
from pytest_qimen.wire.signature import sign, string_to_sign
from tests.client.tampered import BODIES, BODY, PARAMS, TOP, is_verified, params, qimen, sent
from tests.support.apis import TARGET

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
    found, less = qimen("sign-without-param:timestamp"), params()
    del less["timestamp"]
    assert dict(found.params)["sign"] == sign(less, plain.body, TARGET.secret)
    assert params("sign-without-param:timestamp") == params()


def test_secrets_on_one_side() -> None:
    text, secret = string_to_sign(params(), qimen().body), TARGET.secret.encode()
    for name, joined in (("sign-secret-in-front", secret + text), ("sign-secret-at-end", text + secret)):
        assert dict(qimen(name).params)["sign"] == md5(joined).hexdigest().upper()


def test_other_names_of_a_method() -> None:
    assert params("other-prefix")["method"] == "taobao.qimen.thing.create"
    assert params("wider-method:x.|.y")["method"] == "x.thing.create.y"


def test_a_byte_order_mark_is_added_after_signing() -> None:
    plain, found = qimen(), qimen("body-bom")
    assert (found.body, found.url) == (BOM_UTF8 + plain.body, plain.url)


def test_line_breaks_change_after_signing() -> None:
    plain, found = qimen("indented"), qimen("indented", "body-crlf")
    assert (found.body, found.url) == (plain.body.replace(b"\n", b"\r\n"), plain.url)


def test_letters_are_percent_encoded() -> None:
    plain, found = qimen(), qimen("percent-letters")
    assert found.params == plain.params
    assert parse_qsl(urlsplit(found.url).query) == parse_qsl(urlsplit(plain.url).query)
    values = dict(part.split("=") for part in urlsplit(found.url).query.split("&"))
    assert re.fullmatch("(%[0-9A-F]{2}|[-+])+", values["timestamp"])
    assert re.fullmatch("(%[0-9A-F]{2}|[-+_])+", values["customerId"])
    assert values["method"] == "thing.create"


def test_json_of_a_form_is_broken() -> None:
    form = dict(parse_qsl(sent(TOP, xml.parse(BODY)).body.decode()))
    for name, change in (
        ("json-truncated", lambda text: text[: len(text) * 2 // 3]),
        ("json-single-quotes", lambda text: text.replace('"', "'")),
    ):
        found = dict(parse_qsl(sent(TOP, xml.parse(BODY), name).body.decode()))
        assert found == {key: change(text) if text[0] in "[{" else text for key, text in form.items()}


def test_every_tamper_is_in_a_table() -> None:
    tried = {name.partition(":")[0] for name in (*BODIES, *PARAMS, *SIGNATURES)}
    tried |= {"gbk", "old-timestamp", "future-timestamp", "reverse-params", "percent-blanks", "http-method"}
    tried |= {"content-type", "form-type", "other-secret", "sign-without-body", "sign-without-secret"}
    tried |= {"sign-without-param"}
    tried |= {"splice", "literal", "add-param", "add-param-first", "add-field"}
    tried |= {"delivery", "mixed-blanks", "small-percent", "percent-letters", "body-crlf"}
    tried |= {"other-prefix", "wider-method", "body-bom"}
    tried |= {"json-truncated", "json-single-quotes", "sign-secret-in-front", "sign-secret-at-end"}
    assert tried == BEFORE.keys() | AFTER.keys()
    assert not BEFORE.keys() & AFTER.keys()


ARGUMENTS = {
    "drop-param": "timestamp",
    "set-param": "partner_id=1",
    "literal": ":",
    "add-param": "extra=1",
    "add-param-first": "extra=1",
    "add-field": "extra=1",
    "sign-method": "md5",
    "http-method": "PUT",
    "content-type": "text/plain",
    "tamper-param": "timestamp",
    "sign-without-param": "timestamp",
    "splice": "3:2:YWI=",
    "delivery": "packets",
    "wider-method": "x.|",
    **dict.fromkeys(LEADING, "http://127.0.0.1:1/"),
}
BREAKS = {"other-secret": "it is what the name says"}
KEEPS = {
    "sign-twice": "the second one is good, and receivers read the last or the first",
    "add-field": "a Qimen request has no form",
}


@pytest.mark.parametrize("name", [*BEFORE, *AFTER])
def test_signatures_hold_or_break(name: str) -> None:
    full = f"{name}:{ARGUMENTS[name]}" if name in ARGUMENTS else name
    assert is_verified(qimen(full)) is (name in KEEPS if name in AFTER else name not in BREAKS)


ADDED = {  # what stands in the URL behind the signed parameters, or before them
    ("add-param:extra=@1",): "extra=%401&sign=",
    ("literal:@", "add-param:extra=@1"): "extra=@1&sign=",
    ("literal:=", "add-param:extra=1=2"): "extra=1=2&sign=",
    ("literal:[]", "add-param:extra[]=1"): "extra[]=1&sign=",
    ("add-param:v=1.0",): "v=1.0&sign=",
    ("add-param-first:v=1.0",): "?v=1.0&method=",
}


@pytest.mark.parametrize(("names", "part"), ADDED.items(), ids=ADDED.values())
def test_a_parameter_is_added_as_it_is_written(names: tuple[str, ...], part: str) -> None:
    request = qimen(*names)
    assert part in request.url
    assert dict(request.params)["sign"] == dict(qimen().params)["sign"]


def test_a_literal_parameter_is_signed_as_what_it_means() -> None:
    assert "extra=1=2&sign=" in qimen("literal:=", "set-param:extra=1=2").url
    assert is_verified(qimen("literal:=", "set-param:extra=1=2"))
    assert is_verified(qimen("set-param:extra=1=2"))


def test_a_field_is_added_to_a_form() -> None:
    request = sent(TOP, xml.parse(b"<request><a>1</a></request>"), "add-field:extra=1")
    assert parse_qsl(request.body.decode()) == [("a", "1"), ("extra", "1")]
    assert not is_verified(request, "top")


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
        ("add-param:v", "the tamper 'add-param' wants NAME=VALUE behind a colon"),
        ("splice:1:2", "the tamper 'splice' wants OFFSET:COUNT:BASE64 behind a colon"),
        ("content-type", "the tamper 'content-type' wants an argument behind a colon"),
    ],
)
def test_a_tamper_and_its_argument(name: str, words: str) -> None:
    assert str(mistake(name)) == words
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
                others = tuple(one for one in step.tampers if one != name)
                plain, request = sent(step.api, root, *others), sent(step.api, root, *step.tampers)
                wire = attrgetter("body", "url", "headers", "http_method", "delivery")
                assert wire(plain) != wire(request), f"{case.id}: {name}"


class _Anything(dict[str, str]):
    """Names of which each was saved."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return "1"
