"""The keys of a call against the calls before it: numbers used twice, messages that came again."""

from collections.abc import Iterator

from pytest_qimen.calls.call import Call, Key
from pytest_qimen.calls.journal import Journal
from pytest_qimen.phrases import Said, say
from pytest_qimen.verdict import Finding, Level

JUDGED = (
    *("key.bill-once", "key.message-once", "key.publish-once", "key.stable", "key.stable-content"),
    *("key.stable-after-failure", "key.numbers-not-recycled", "call.timestamp-fresh", "fault.no-overlap"),
)
_ONCE = {  # name of a key -> requirement
    "billNum": "key.bill-once",
    "bill_num": "key.bill-once",
    "outBizCode": "key.message-once",
    "messageId": "key.message-once",
    "bill_no": "key.publish-once",
    "order_no": "key.publish-once",
}
PATIENCE = 30  # seconds after which nobody has to wait for an answer any longer
STALE = 600  # seconds after which a message that comes again should be stamped anew


def check(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield what the calls before this one show about its keys; the journal holds the call, too."""
    for key in call.keys:
        if key.is_message:
            yield from _message_key(call, key, journal)
    yield from _twin(call, journal)
    yield from _stamp(call, journal)
    yield from _overlap(call, journal)


def _message_key(call: Call, key: Key, journal: Journal) -> Iterator[Finding]:
    earlier = journal.other_content(call, key)
    if earlier:
        used = say("call-key-used", method=earlier.method, place=earlier.place)
        yield _finding(call, _ONCE[key.name], Level.MUST, key.path, used, key.name)
        if earlier.outcome == "success":
            yield _finding(call, "key.numbers-not-recycled", Level.MUST, key.path, used, key.name)
        elif earlier.outcome == "unclear":
            yield _finding(call, "key.stable-content", Level.SHOULD, key.path, used, key.name)


def _finding(call: Call, what: str, level: Level, path: str, actual: Said, name: str) -> Finding:
    assert call.api is not None
    clause = f"{call.api.source} request.{name}"
    return Finding(f"caller.{what}", level, path, say("call-key-once"), actual, clause)


def _twin(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield a call that looks like one that was refused, or whose answer was unclear, under a new key.

    Two equal orders are legal: what nobody asked for is noted, not judged.
    """
    if call.api is None:
        return
    message = next((key for key in call.keys if key.is_message), None)
    document = next((key for key in call.keys if call.method.endswith(".create")), None)
    for what, outcome, key in (
        ("stable", "unclear", message),
        ("stable-after-failure", "failure", document),
    ):
        twin = journal.twin(call, outcome, key) if key else None
        if twin and key:
            expected = say("call-same-key", place=twin.place)
            actual = say("call-new-key", key=key.value)
            yield Finding(f"caller.key.{what}", Level.MAY, key.path, expected, actual, call.api.source)


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


def _overlap(call: Call, journal: Journal) -> Iterator[Finding]:
    """Yield a message that is sent while the same one still waits for its answer."""
    same = journal.same_message(call) if call.whole and call.heard.at and call.api else None
    if same is None or same.moment is None or same.took is None or call.heard.at is None or call.api is None:
        return
    passed = call.heard.at.timestamp() - same.moment
    if 0 <= passed < min(same.took, PATIENCE) and not call.api.readonly:
        expected, actual = say("call-open", place=same.place), f"{passed:.1f} s < {same.took:.1f} s"
        yield Finding("caller.fault.no-overlap", Level.SHOULD, "", expected, actual, call.api.source)
