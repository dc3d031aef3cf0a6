"""A check of a scenario and the calls that it looks at in, what they should hold and what they hold out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pytest_qimen import xml
from pytest_qimen.cases.scenario import CallCheck, Wait
from pytest_qimen.phrases import Said, say
from pytest_qimen.scenarios.play import Play, Taken

_TOGETHER = ("covers", "sum", "unique", "last")  # kinds that compare several messages
Wrong = Iterator[tuple[Said, Said]]  # expected, actual


def whether(check: CallCheck, one: Taken, play: Play) -> Wrong:
    """Yield what one call should hold and does not."""
    found = xml.values(one.call.root, check.path) if one.call.root is not None and check.path else []
    found = [text for text in found if text]
    shown = ", ".join(found[:20]) or say("play-nothing")
    wanted = _meant(check.value, play)
    if check.kind == "same":
        yield from _same(check.value, one, play)
    elif check.kind == "holds":
        if one.call.root is None or wanted not in {xml.text(leaf) for leaf in one.call.root.iter("*")}:
            yield str(wanted), say("play-not-in-message")
    elif not _HOLDS[check.kind](found, wanted):
        yield say(f"play-{check.kind}", value=_text(wanted)), shown


def is_given(check: CallCheck, play: Play) -> bool:
    """Return False where a check compares with what no answer gave."""
    return _meant(check.value, play) not in ("", [])


def is_put_to_test(check: CallCheck, beat: Wait, calls: Sequence[Taken]) -> bool:
    """Return False where several messages should be judged together and one came; what it lacks is judged.

    One message with one line is what a driver sends that takes no note of how many were asked for.
    """
    if beat.times == 1 or check.kind not in _TOGETHER or len({one.call.whole for one in calls}) > 1:
        return True
    return check.kind == "covers" and 1 < len(_found(check, calls)) < check.value


def _found(check: CallCheck, calls: Sequence[Taken]) -> list[str]:
    """Return the texts at the path of a check, of each message once; "-" for an empty one."""
    return [
        text or "-"
        for one in {one.call.whole: one for one in calls}.values()
        if one.call.root is not None
        for element in xml.find(one.call.root, check.path)
        for text in _parts(one, check.path, xml.text(element))
    ]


def over(check: CallCheck, calls: Sequence[Taken], play: Play) -> Wrong:
    """Yield what several calls together should hold and do not; one that came again counts once."""
    found = _found(check, calls)
    wanted = _meant(check.value, play)
    if check.kind == "arrived":
        if (arrived := sum(play.documents().values())) < wanted:
            yield say("play-arrived", value=str(wanted)), str(arrived)
    elif check.kind == "only-lost":
        for one in play.came_needlessly()[:1]:
            yield say("play-only-lost"), say("play-came-again-too", place=one.call.heard.place)
        if not play.has_lost_again():
            yield say("play-not-again"), say("play-nothing")
    elif check.kind == "covers":
        if len(found) != wanted:
            yield say("play-covers", value=str(wanted)), str(len(found))
    elif not _HOLDS[check.kind](found, wanted):
        yield say(f"play-{check.kind}", value=_text(wanted)), ", ".join(found[:20]) or say("play-nothing")


def _parts(one: Taken, path: str, text: str) -> list[str]:
    """Return a text, or its parts where the document writes a list as one text."""
    row = one.call.api.request.by_path.get(path) if one.call.api else None
    return text.split(row.separator) if row and row.separator else [text]


def _meant(value: Any, play: Play) -> Any:
    return play.names.get(value[1:], value) if isinstance(value, str) and value.startswith("@") else value


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _same(what: str, one: Taken, play: Play) -> Wrong:
    """Yield the keys, or the rest, in which a call differs from the one that opened the scenario."""
    first = play.opening
    assert first is not None
    if what == "keys":
        wanted, found = ([f"{key.name} {key.value}" for key in call.keys] for call in (first.call, one.call))
        if set(wanted) != set(found):
            yield ", ".join(wanted[:20]), ", ".join(found[:20]) or say("play-nothing")
    elif first.call.fingerprint != one.call.fingerprint:
        yield say("play-same-content"), say("play-other-content")


def _sum(found: list[str], wanted: Any) -> bool:
    try:
        return bool(sum(map(Decimal, found)) == wanted)
    except InvalidOperation:
        return False


def _texts(wanted: Any) -> list[str]:
    return [str(one) for one in wanted] if isinstance(wanted, list) else [str(wanted)]


_HOLDS: Mapping[str, Callable[[list[str], Any], bool]] = {
    "is": lambda found, wanted: bool(found) and found[0] in _texts(wanted),
    "not": lambda found, wanted: not set(found) & set(_texts(wanted)),
    "in": lambda found, wanted: bool(set(found) & set(_texts(wanted))),
    "count": lambda found, wanted: len(found) == wanted,
    "at-most": lambda found, wanted: len(found) <= wanted,
    "present": lambda found, wanted: bool(found),
    "absent": lambda found, wanted: not found,
    "unique": lambda found, wanted: len(set(found)) == len(found),
    "sum": _sum,
    "last": lambda found, wanted: bool(found) and found[-1] in _texts(wanted),
}
