"""What a caller does after a batch of which only some was taken: the rest comes again, under its own keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_qimen.calls.call import FAILED, Call, Key
from pytest_qimen.calls.journal import Journal
from pytest_qimen.checks.callers.documents import fault
from pytest_qimen.checks.callers.late import Late
from pytest_qimen.phrases import say
from pytest_qimen.verdict import Finding, Level

JUDGED = tuple(
    f"read.{name}"
    for name in (
        *("partial-failed-again", "partial-only-failed", "partial-same-keys", "failed-list-commas"),
        "batchconfirm-again",
    )
)
MOST = 1000  # keys of a batch that are remembered
SURE = 2  # lines that come again under new numbers by no chance


@dataclass
class Batch:
    """What an answer said of a batch: by key, what had been sent under it, for what was taken."""

    method: str = ""
    place: str = ""
    source: str = ""
    taken: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)  # the texts that named several at once
    open: list[str] = field(default_factory=list)  # failed and not sent again
    whole: str = ""  # the digest of a batch of confirmations that has to come again as it was


@dataclass
class Failed:
    """In which batch a key failed."""

    batch: str = ""


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with a batch because of the answer to one before, and remember its own answer."""
    keys = _keys(call)
    if not keys:
        return
    for key in keys:
        yield from _joined(call, key, journal)
    names = dict.fromkeys(journal.recall(Failed, _name(call, key.value)).batch for key in keys)
    for name in [one for one in names if one][:10]:
        yield from _again(call, keys, name, journal)
    _answered(call, keys, journal)


def _keys(call: Call) -> list[Key]:
    """Return the keys of the elements of a batch: those that the answer names where they failed."""
    if call.api is None or call.api.readonly:
        return []
    if not any(path in call.api.response.by_path for path in FAILED):
        is_confirm = call.method == "deliveryorder.batchconfirm"
        return [key for key in call.keys if not key.is_message] if is_confirm else []
    bills = [key for key in call.keys if key.name in ("billNum", "bill_num")]
    return (bills or [key for key in call.keys if not key.is_message])[:MOST]


def _name(call: Call, value: str) -> str:
    return f"{call.sender} {call.method} {value}"


def _joined(call: Call, key: Key, journal: Journal) -> Iterator[Finding]:
    """Yield a list of failed numbers that was taken for one number."""
    if "," in key.value:
        batch = journal.recall(Batch, journal.recall(Failed, _name(call, key.value)).batch)
        if key.value in batch.listed:
            expected = say("call-one-number", place=batch.place)
            yield fault(call, "read.failed-list-commas", Level.SHOULD, key.path, expected, key.value)


def _again(call: Call, keys: list[Key], name: str, journal: Journal) -> Iterator[Finding]:
    """Yield what a batch that brings the failed ones again brings beside them."""
    batch = journal.recall(Batch, name)
    values = {key.value for key in keys}
    same = next((key for key in keys if key.value in batch.taken), None)
    if same:
        expected = say("call-only-failed", place=batch.place)
        yield fault(call, "read.partial-only-failed", Level.MAY, same.path, expected, same.value)
    contents = set(batch.taken.values())
    new = [key for key in keys if key.content in contents and key.value not in batch.taken]
    new = [key for key in new if key.value not in batch.failed and key.is_message]
    if new and len(new) == len(batch.taken):
        level = Level.MUST if len({key.content for key in new}) >= SURE else Level.MAY
        expected = say("call-same-key", place=batch.place)
        actual = say("call-new-key", key=new[0].value)
        yield fault(call, "read.partial-same-keys", level, new[0].path, expected, actual)
    batch.open = [one for one in batch.open if one not in values]
    if batch.whole and (call.whole == batch.whole or not batch.open):
        batch.whole = ""
    journal.keep(name, batch)


def _answered(call: Call, keys: list[Key], journal: Journal) -> None:
    if call.outcome != "failure" or call.answer is None or call.api is None:
        return
    name = f"{call.sender} {call.number}"
    is_confirm = call.method == "deliveryorder.batchconfirm"
    failed = [key.value for key in keys if is_confirm or (call.failed and call.refused(key.value))]
    if not failed:
        return
    taken = {key.value: key.content for key in keys if key.value not in failed}
    listed = [text for text in call.failed if "," in text]
    whole = call.whole if is_confirm else ""
    journal.keep(
        name, Batch(call.method, call.heard.place, call.api.source, taken, failed, listed, failed, whole)
    )
    for one in (*failed, *listed):
        journal.keep(_name(call, one), Failed(name))


def conclude(journal: Journal) -> Iterator[Late]:
    """Note what failed and had not been sent again when the last call came: it may have come later."""
    for batch in journal.threads(Batch):
        if batch.open:
            what = "batchconfirm-again" if batch.whole else "partial-failed-again"
            actual = say("call-not-again", keys=tuple(batch.open[:5]))
            found = Finding(f"caller.read.{what}", Level.MAY, "", say("call-again"), actual, batch.source)
            yield Late(batch.place, batch.method, found)
