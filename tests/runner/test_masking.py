"""What an outcome shows holds no secret and no signature of the run, and no text without end."""

from collections.abc import Mapping
from dataclasses import replace

from pytest_qimen.cases import Case
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Network, Told
from pytest_qimen.runner.masking import LONGEST, Masking
from pytest_qimen.runner.model import Created, Outcome
from pytest_qimen.verdict import Finding, Level, Status
from tests.report.outcomes import CASE

SECRET, SIGN, OTHER = "SeCrEtQq93xYz", "D06D88CB34B2EC0E5C9BAB396C9542B6", "E4E83589F1454C1B677DDF0B59026C6A"


def outcome(case: Case = CASE, status: Status = Status.FAIL, sign: str = SIGN, told: str = SECRET) -> Outcome:
    url = f"http://x/?item={told}&sign={sign}"
    request = SignedRequest(
        "POST", url, (), told.encode(), (("item", told), ("sign", sign)), secrets=(SECRET,)
    )
    headers = ((f"x-{told}", told),)
    exchange = Exchange(request, 200, headers, told.encode(), 0.0, Network("protocol", told))
    finding = Finding("a", Level.MUST, f"r.{told}", told, say("and-alike", actual=told, number=1), "clause")
    return Outcome(case, status, (finding,), Told(told), (exchange,))


def test_nothing_of_an_outcome_shows_a_secret_or_a_sign() -> None:
    for text in (SECRET, SECRET.lower(), SIGN, SIGN.lower(), SIGN[::-1], f"x{SECRET}x {SIGN}"):
        shown = Masking([SECRET])(outcome(told=text))
        assert text not in repr((shown, shown.exchanges[0].request.body, shown.exchanges[0].headers))
        assert text not in shown.exchanges[0].request.masked_url()


def test_a_signature_of_another_case_is_known() -> None:
    mask = Masking()
    mask(outcome(sign=OTHER, told="x"))
    shown = mask(outcome(told=f"expected {OTHER.lower()}"))
    assert str(shown.reason) == "expected ***"


def test_what_is_no_secret_stays() -> None:
    was = outcome(told="A" * 32)
    assert Masking([SECRET])(was) == was


def test_texts_are_cut_after_they_are_masked() -> None:
    shown = Masking([SECRET])(outcome(told="z" * (LONGEST - 4) + SECRET + "z" * 1_000_000))
    (found,) = shown.findings
    assert len(str(found.actual)) < LONGEST + 100
    assert len(found.path) < 600
    assert SECRET[:3] not in str(found.expected) + shown.cause
    assert str(found.expected).endswith("characters)")


def test_an_entry_of_the_ledger_hides_what_an_answer_gave() -> None:
    keys: Mapping[str, str] = {"orderId": f"id {SECRET}"}
    entry = Created("case", "m", keys, "order.cancel", {"orderId": SECRET.upper()})
    shown = Masking([SECRET]).entry(entry)
    assert (shown.keys["orderId"], shown.undo_set["orderId"]) == ("id ***", "***")
    plain = replace(entry, keys={"a": "b"}, undo_set={})
    assert Masking([SECRET]).entry(plain) is plain
