"""The keys of a call against the calls before it: numbers used twice, messages that came again."""

from collections.abc import Iterator

from pytest_qimen.calls.call import Call, Key
from pytest_qimen.calls.journal import Journal
from pytest_qimen.phrases import Said, say
from pytest_qimen.verdict import Finding, Level

JUDGED = (
    *("key.document-once", "key.bill-once", "key.message-once", "key.publish-once", "key.stable"),
    *("call.timestamp-fresh",),
)
_ONCE = {  # name of a key -> requirement
    "billNum": "key.bill-once",
    "bill_num": "key.bill-once",
    "outBizCode": "key.message-once",
    "messageId": "key.message-once",
    "bill_no": "key.publish-once",
    "order_no": "key.publish-once",
}
STALE = 600  # seconds after which a message that comes again should be stamped anew


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what the calls before this one show about its keys; the journal holds the call, too."""
    for key in call.keys:
        if key.is_message:
            yield from _message_key(call, key, journal)
        else:
            yield from _document(call, key, journal)
    yield from _twin(call, journal)
    yield from _stamp(call, journal)


def _message_key(call: Call, key: Key, journal: Journal) -> Iterator[Finding]:
    earlier = journal.other_content(call, key.name, key.value, key.content)
    if earlier:
        used = say("call-key-used", method=earlier.method, place=earlier.place)
        yield _finding(call, _ONCE[key.name], Level.MUST, key.path, used, key.name)


def _document(call: Call, key: Key, journal: Journal) -> Iterator[Finding]:
    """Yield a code that a document had which was accepted; only methods that create one are judged.

    A code within a list names one of several documents, whose content the message's digest does not tell.
    """
    if call.api is None or not call.api.method.endswith(".create"):
        return
    row = call.api.request.by_path.get(key.path)
    if row is None or not row.key or row.refers:
        return
    earlier = journal.other_document(call, key.name, key.value)
    if earlier:
        used = say("call-key-used", method=earlier.method, place=earlier.place)
        yield _finding(call, "key.document-once", Level.SHOULD, key.path, used, key.name)


def _finding(call: Call, what: str, level: Level, path: str, actual: Said, name: str) -> Finding:
    assert call.api is not None
    clause = f"{call.api.source} request.{name}"
    return Finding(f"caller.{what}", level, path, say("call-key-once"), actual, clause)


def _twin(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield a call that looks like the one before whose answer was unclear, under a new key.

    Two equal orders are legal: what nobody asked for is noted, not judged.
    """
    twin = journal.twin(call)
    key = next((key for key in call.keys if key.is_message), None)
    if twin and key and call.api:
        expected = say("call-same-key", place=twin.place)
        actual = say("call-new-key", key=key.value)
        yield Finding("caller.key.stable", Level.MAY, key.path, expected, actual, call.api.source)


def _stamp(call: Call, journal: Journal) -> Iterator[Finding]:
    same = journal.same_message(call) if call.whole and call.heard.at else None
    if same is None or same.moment is None or call.heard.at is None:
        return
    passed = call.heard.at.timestamp() - same.moment
    if passed > STALE and same.stamp == call.get("timestamp") and same.stamp:
        expected = say("call-fresh", minutes=int(passed // 60), place=same.place)
        yield Finding(
            "caller.call.timestamp-fresh", Level.SHOULD, "timestamp", expected, same.stamp, "000 section 2.2"
        )
