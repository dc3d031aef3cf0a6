"""A regular expression in, how it can backtrack without bound out: its parse tree is read, no clock.

Sets of characters are compared on a sample, which holds one of every kind that the patterns tell apart.
"""

import re
from collections.abc import Iterator
from typing import Any

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    import sre_parse as parser  # type: ignore[no-redef]

FREE = 1_000  # a repetition that may be longer is one without bound
SAMPLE = frozenset([*map(chr, range(0x7F)), "\xe9", "\xff", "京", "\U0001f600"])
REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
FIXED = ("POSSESSIVE_REPEAT", "ATOMIC_GROUP")  # what they have taken they never give back
Tree = list[tuple[Any, Any]]


def dangers(pattern: str | bytes, flags: int = 0) -> Iterator[str]:
    """What is wrong with a pattern: nothing for one that is linear from each place at which it begins."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = list(parser.parse(text, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags))
    yield from _of_sequence(tree)
    start = _first(tree)
    for place, (op, arg) in enumerate(tree):
        if (
            _is_free(op, arg)
            and not _is_anchored(tree)
            and start & _all(arg[2])
            and _demands(tree[place + 1 :])
        ):
            yield "each place begins a search that may go to the end"


def _of_sequence(tree: Tree) -> Iterator[str]:
    for place, (op, arg) in enumerate(tree):
        if str(op) in FIXED:
            continue
        if _is_free(op, arg):
            body = list(arg[2])
            if any(_is_free(*one) for one in _inside(body)) and not _is_parted(body):
                yield "a repetition in a repetition"
            yield from _of_alternatives(body)
            taken = _all(body)
            for follower, value in tree[place + 1 :]:
                if _is_free(follower, value) and taken & _all(value[2]):
                    yield "two repetitions that may share"
                if not taken & _all([(follower, value)]) and _demands([(follower, value)]):
                    break
        for inner in _parts(op, arg):
            yield from _of_sequence(inner)


def _of_alternatives(body: Tree) -> Iterator[str]:
    for op, arg in _inside(body):
        if str(op) == "BRANCH":
            met: frozenset[str] = frozenset()
            for one in arg[1]:
                if met & _first(list(one)):
                    yield "alternatives that begin alike in a repetition"
                met |= _first(list(one))


def _is_parted(body: Tree) -> bool:
    """Each round begins with what no repetition in it takes."""
    start = _first(body[:1])
    inner = [_all(list(arg[2])) for op, arg in _inside(body) if _is_free(op, arg)]
    return _demands(body[:1]) and not any(start & one for one in inner)


def _is_anchored(tree: Tree) -> bool:
    return (
        bool(tree) and str(tree[0][0]) == "AT" and str(tree[0][1]) in ("AT_BEGINNING", "AT_BEGINNING_STRING")
    )


def _is_free(op: Any, arg: Any) -> bool:
    return str(op) in REPEATS and int(arg[1]) > FREE


def _parts(op: Any, arg: Any) -> list[Tree]:
    """The sequences within a part."""
    name = str(op)
    if name in (*REPEATS, "POSSESSIVE_REPEAT"):
        return [list(arg[2])]
    if name == "SUBPATTERN":
        return [list(arg[3])]
    if name == "ATOMIC_GROUP":
        return [list(arg)]
    return [list(one) for one in arg[1]] if name == "BRANCH" else []


def _inside(tree: Tree) -> Iterator[tuple[Any, Any]]:
    for op, arg in tree:
        yield op, arg
        if str(op) not in FIXED:
            for inner in _parts(op, arg):
                yield from _inside(inner)


def _demands(tree: Tree) -> bool:
    """Something of the sequence must be there, or hold."""
    for op, arg in tree:
        name = str(op)
        if name in (*REPEATS, "POSSESSIVE_REPEAT"):
            if arg[0] and _demands(list(arg[2])):
                return True
        elif name == "BRANCH":
            if all(_demands(list(one)) for one in arg[1]):
                return True
        elif not (parts := _parts(op, arg)) or _demands(parts[0]):
            return True
    return False


def _all(tree: Tree) -> frozenset[str]:
    """Every character that a sequence may take."""
    return frozenset().union(*(_signs(op, arg) for op, arg in _inside(tree)))


def _first(tree: Tree) -> frozenset[str]:
    """The characters with which a sequence may begin."""
    found: frozenset[str] = frozenset()
    for op, arg in tree:
        parts = _parts(op, arg)
        found |= frozenset().union(*map(_first, parts)) if parts else _signs(op, arg)
        if (parts or _signs(op, arg)) and _demands([(op, arg)]):
            break
    return found


def _signs(op: Any, arg: Any) -> frozenset[str]:
    name = str(op)
    if name == "LITERAL":
        return frozenset({chr(arg)})
    if name == "NOT_LITERAL":
        return SAMPLE - {chr(arg)}
    if name == "ANY":
        return SAMPLE
    if name != "IN":
        return frozenset()
    found: frozenset[str] = frozenset()
    for kind, value in arg:
        if str(kind) == "RANGE":
            found |= {one for one in SAMPLE if value[0] <= ord(one) <= value[1]}
        elif str(kind) == "CATEGORY":
            letter = str(value).removeprefix("CATEGORY_").removeprefix("NOT_")[0].lower()
            letter = letter.upper() if "NOT_" in str(value) else letter
            found |= {one for one in SAMPLE if re.match(rf"\{letter}", one)}
        elif str(kind) == "LITERAL":
            found |= {chr(value)}
    return SAMPLE - found if str(arg[0][0]) == "NEGATE" else found
