"""A day of a right ERP and a right warehouse raises nothing, in whatever legal form its messages come."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.client.request import draft, finish, seal
from pytest_qimen.spec import PREFIX
from tests.support.callings import FAILURE, calling, found, success
from tests.support.heard import CALLER, TARGET, heard_of
from tests.support.wrong_documents import WITH_ID, cancel, confirm, entry, item, lost, of, order
from tests.support.wrong_pages import bills, page, part, report, scrolled

Form = Callable[[bytes], bytes]


def day() -> list[Heard]:
    """Call after call of a day, with refusals, lost answers and what follows from them."""
    return [
        item("i", FAILURE),
        item("i", WITH_ID, at=1),
        entry(at=30, **of("i", "W7")),
        entry(at=31, **of("i", "W7")),
        entry("E2", FAILURE, at=32, **of("i", "W7")),
        entry("E2", at=33, **of("i", "W7"), orderLines__orderLine__planQty="9"),
        lost(entry("E3", at=34, **of("i", "W7"))),
        entry("E3", at=35, **of("i", "W7")),
        part("a", "b", code="E4"),
        part("c", code="E4"),
        part("d", code="E4"),
        *(page(number, at=40 + number, total=5) for number in (1, 2, 3)),
        order(),
        order("D2"),
        confirm("3", "k"),
        confirm("7", "l", "0"),
        confirm("7", "l", "0"),
        cancel("D2"),
        cancel("older"),
        bills(("b1", "1"), ("b2", "2"), failed="b2"),
        bills(("b2", "2")),
        report(1),
        report(2),
        scrolled("", "a", total=2),
        scrolled("a", "b", total=2),
        *two_readers(),
        calling("wms/service.heartbeat", at=60),
        calling("wms/service.heartbeat", at=61),
    ]


def two_readers() -> list[Heard]:
    """Two readers of one list at the same time, each with its own cursor."""
    pairs = (("", "p1"), ("p1", "p2"), ("", "q1"), ("p2", "p3"), ("q1", "q2"), ("p3", "p4"), ("q2", "q3"))
    return [scrolled(cursor, given, total=30) for cursor, given in pairs]


def formed(heard: Heard, form: Form) -> Heard:
    """Return the call with its message in another form, signed as it then is."""
    call = Call(heard)
    if call.is_top or call.api is None or call.root is None:
        return heard
    made = draft(TARGET, call.api, call.root)
    made.body = form(heard.body)
    seal(TARGET, made)
    again = heard_of(finish(TARGET, made))
    return replace(heard, target=again.target, body=again.body, headers=again.headers)


def reordered(body: bytes) -> bytes:
    root = xml.parse(body)
    xml.reorder(root, lambda names: names[::-1])
    return xml.write(root)


FORMS: dict[str, Form] = {
    "as it is": lambda body: body,
    "without a declaration": lambda body: body.partition(b"?>")[2].strip(),
    "with a mark of byte order": lambda body: b"\xef\xbb\xbf" + body,
    "in a namespace": lambda body: body.replace(b"<request", b'<request xmlns="urn:x"', 1),
    "with a prefix declared": lambda body: body.replace(b"<request", b'<request xmlns:x="urn:x"', 1),
    "with comments": lambda body: body.replace(b"</request>", b"<!-- x --></request>"),
    "pretty": lambda body: xml.write(xml.parse(body), pretty=True),
    "in another order": reordered,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_day_in_each_legal_form(form: str) -> None:
    rows = found(formed(call, FORMS[form]) for call in day())
    assert [one for one in rows if one.level.is_judged] == []


def test_every_call_at_once_again() -> None:
    twice = [one for call in day() for one in (call, call)]
    assert [one for one in found(twice) if one.level.is_judged] == []


def test_in_parallel() -> None:
    """Orders of several people, each in its own order, with those of the others between them."""
    mine = [entry(f"E{number}") for number in range(9)]
    theirs = [order(f"D{number}") for number in range(9)]
    pages = [page(number, at=number, total=9) for number in (1, 5, 3, 2, 4)]
    mixed = [one for three in zip(mine, theirs, pages * 2, strict=False) for one in three]
    assert [one for one in found(mixed[:15]) if one.level.is_judged] == []


@pytest.mark.parametrize(
    "spelled",
    [
        lambda target: target.replace("%20", "+"),
        lambda target: target.replace("+", "%20"),
        lambda target: target.replace("%3A", "%3a"),
        lambda target: target.replace("%3A", ":"),
        lambda target: "?".join(
            (target.partition("?")[0], "&".join(target.partition("?")[2].split("&")[::-1]))
        ),
    ],
)
def test_each_writing_of_the_url(spelled: Callable[[str], str]) -> None:
    calls = [replace(call, target=spelled(call.target)) for call in day()]
    assert [one for one in found(calls) if one.level.is_judged] == []


def test_a_prefixed_method_towards_the_gateway() -> None:
    caller = replace(CALLER, prefixed=("wms", "erp", "store"))
    calls: Sequence[Heard] = [entry()]
    made = draft(TARGET, Call(calls[0]).api, Call(calls[0]).root)  # type: ignore[arg-type]
    made.set("method", f"{PREFIX}entryorder.create")
    seal(TARGET, made)
    assert found([heard_of(finish(TARGET, made))], caller) != []
    assert [one for one in found([heard_of(finish(TARGET, made))], caller) if one.level.is_judged] == []


def test_an_empty_parameter_is_signed_or_not() -> None:
    made = draft(TARGET, Call(entry()).api, Call(entry()).root)  # type: ignore[arg-type]
    made.set("session", "")
    seal(TARGET, made)
    rows = found([heard_of(finish(TARGET, made))])
    assert {one.check for one in rows if one.check != "caller.message.variety"} == {
        "caller.call.no-empty-parameter"
    }


def test_answers_of_success_as_any_endpoint_writes_them() -> None:
    plain = success(entryOrderId="9").replace(b"success", b"SUCCESS")
    calls = [entry(answer=plain), cancel("E1", identity="9")]
    assert [one for one in found(calls) if one.level.is_judged] == []
