"""The suite and `qimen check` say the same about every message; the likely cause of broken XML is named."""

import re
from collections.abc import Iterator

import pytest

from pytest_qimen import rules, schema, spec, xml
from pytest_qimen.cases import Step, bundled_cases, bundled_files
from pytest_qimen.checks import envelope
from pytest_qimen.checks import schema as fields
from pytest_qimen.checks.answer import read
from pytest_qimen.checks.callers.message import requirement
from pytest_qimen.checks.evidence import Evidence
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.commands.check import check
from pytest_qimen.messages import samples
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.verdict import Level
from tests.support.apis import TARGET

SPACE = 'xmlns="http://example.com/qimen"'


def judged_by_the_suite(api: spec.Api, data: bytes) -> bool:
    """Return True when a case that judges the form of this answer would be red at level should."""
    exchange = Exchange(SignedRequest("POST", "", (), b"", ()), 200, (), data, 0.0)
    evidence = Evidence(exchange, Step(api), read(exchange, api), None)
    found = [*envelope.check(evidence), *fields.check(evidence)]
    return any(one.level.is_judged for one in found)


def checked(api: spec.Api, data: bytes) -> bool:
    return bool(check("1.xml", data, [api]).faults)


def odd(text: str, root: str) -> Iterator[tuple[str, str]]:
    """Yield the answer in odd ways, each with what is odd."""
    yield "as it is", text
    yield "default namespace", text.replace(f"<{root}>", f"<{root} {SPACE}>")
    yield "unused namespace", text.replace(f"<{root}>", f'<{root} xmlns:q="urn:q">')
    for name in ("flag", "code", "message"):
        yield f"blank {name}", re.sub(f"<{name}>[^<]*<", f"<{name}>  <", text)
        yield f"no {name}", re.sub(f"<{name}>[^<]*</{name}>", "", text)
    yield "long message", re.sub("<message>[^<]*<", f"<message>{'x' * 201}<", text)
    yield "failure", text.replace(">success<", ">failure<")
    yield "flag in capitals", text.replace(">success<", ">SUCCESS<")
    yield "every leaf blank", re.sub(r">[^<>]+</", "> </", text)
    yield "other root", text.replace(f"{root}>", "answer>")
    yield "more", text.replace(f"</{root}>", f"<more>1</more></{root}>")


@pytest.mark.parametrize("name", spec.methods())
def test_answers(name: str) -> None:
    api = spec.load_api(name)
    text = xml.write(samples.full(api.response, api.root), declaration=False).decode()
    for what, one in odd(text, api.root):
        data = one.encode()
        assert checked(api, data) is judged_by_the_suite(api, data), what
    assert not checked(api, text.replace(f"<{api.root}>", f"<{api.root} {SPACE}>", 1).encode())


@pytest.mark.parametrize("name", [name for name in spec.methods() if spec.load_api(name).protocol == "qimen"])
def test_requests_of_all_cases(name: str) -> None:
    """The corpus is whole: the first message of every case of every Qimen method, 12,000 of them."""
    (path,) = [one for one in bundled_files() if f"{one.parent.name}/{one.stem}" == name]
    api = spec.load_api(name)
    for case in bundled_cases(path):
        for step in case.steps[:1]:
            if step.api is not api or step.message:
                continue
            root = compose(step, Context(TARGET, Keys()), {})
            levels = [
                requirement(api, api.request.by_path.get(one.field, spec.Field("")), one)[1]
                for one in schema.problems(api, "request", root)
            ]
            levels += [Level(one.rule.level) for one in rules.broken(api, "request", root)]
            assert checked(api, xml.write(root)) is any(one.is_judged for one in levels), case.id


CAUSES = {
    b"<request><a>x & y</a></request>": "an & that is not escaped as &amp;, near '<request><a>x & y",
    b"<request><a>x&nbsp;y</a></request>": "&nbsp; is an entity of HTML",
    b'{"request": {}}': "this is JSON",
    b"<!DOCTYPE html><html><body>502</body></html>": "this is an HTML page",
    b"method=a&xml=%3Crequest%3E": "this is form encoding",
    b"&lt;request&gt;&lt;/request&gt;": "the whole message is escaped",
    "<?xml version='1.0' encoding='utf-8'?><request>测试</request>".encode("gbk"): (
        "the declaration says utf-8, the bytes are GBK"
    ),
    b"10:00:00 INFO send: <request/>": "the message begins only behind '10:00:00 INFO send: '",
}


@pytest.mark.parametrize(("data", "cause"), CAUSES.items(), ids=range(len(CAUSES)))
def test_likely_causes(data: bytes, cause: str) -> None:
    report = check("1.xml", data, [spec.load_api("order.cancel")])
    assert report.what == "wms/order.cancel"  # the method that was given
    ((first, likely, _),) = report.faults
    assert first.startswith("must: no message: ")
    assert likely.startswith(f"likely cause: {cause}")
    assert " / 可能的原因：" in likely


def hinted(change: str) -> str:
    api = spec.load_api("entryorder.create")
    text = xml.write(samples.minimal(api.request)).decode()
    line = re.search("<orderLines>(.*?)</orderLines>", text, re.DOTALL)
    assert line
    changed = {
        "bare": text.replace("<orderLines>", "").replace("</orderLines>", ""),
        "doubled": text.replace(line[0], line[0] * 2),
        "root": text.replace("request>", "Request>"),
    }[change]
    return "\n".join("\n".join(block) for block in check("1.xml", changed.encode(), [api]).faults)


def test_hints() -> None:
    wrapper = "orderLine stands here without its wrapper orderLines: put it into one"
    doubled = "orderLines stands several times: one of them holds every orderLine"
    assert f"likely cause: {wrapper} / " in hinted("bare")
    assert f"likely cause: {doubled} / " in hinted("doubled")
    assert "root is `Request`, expected `request`\n根元素是 `Request`，应为 `request`" in hinted("root")
