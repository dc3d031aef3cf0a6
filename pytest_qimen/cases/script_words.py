"""The words in which a scenario says what a call is answered: `success then lost`, `refuse:message`."""

import re
from collections.abc import Callable

from pytest_qimen.cases.scenario import Script

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_SECONDS = re.compile(r"[1-9][0-9]{0,2}s")
_STATUS = re.compile(r"[45][0-9]{2}")
_PAGES = ("half", "whole", "shrinks", "endless", "fails", "counted", "moves")


def _none(argument: str) -> str:
    return f"takes no argument, got {argument!r}" if argument else ""


def _any(argument: str) -> str:
    return ""


def _matching(pattern: re.Pattern[str], words: str) -> Callable[[str], str]:
    return lambda argument: "" if pattern.fullmatch(argument) else f"expected {words}, got {argument!r}"


def _one_of(*known: str) -> Callable[[str], str]:
    return lambda argument: (
        "" if argument in known else f"expected one of {', '.join(known)}, got {argument!r}"
    )


REPLIES = {  # what stands in the answer -> what is wrong with an argument of it
    "success": _none,  # what a correct counterpart answers
    "bare": _none,  # flag, code and message, nothing else
    "extended": _none,  # with remark and extendProps
    "vendor": _none,  # with an element that no document knows
    "reversed": _none,  # its elements in another order
    "long": _none,  # a message of 200, a code of 50 characters
    "odd-success": _none,  # flag success beside a code and a message that speak of a failure
    "odd-failure": _none,  # flag failure beside a code and a message that speak of success
    "refuse": _any,  # flag failure; the argument is the message
    "already-there": _none,  # refused, for the document is known
    "idempotent": _none,  # failure, description IDEMPOTENT, with the number
    "error-response": _none,  # error_response in place of response
    "partial": _matching(_NUMBER, "the number of the part that fails"),
    "listed": _none,  # flag success, and below it a list of parts
    "pages": _one_of(*_PAGES),  # a list of more than one page
    "quantity": _matching(re.compile("[0-9]{1,10}"), "a whole number"),  # the quantity of what was asked for
    "text": _any,  # the name of what was asked for
    "state": _matching(re.compile("[A-Z]+"), "a status of documents"),  # the status of what was asked for
    "variant": _any,  # a legal variant of the embedded endpoint, by name
    "no-flag": _none,
    "broken": _none,  # no XML, though the words flag and success stand in it
    "html": _none,
    "json": _none,  # says success
    "empty": _none,
}
WAYS = {  # what becomes of the answer on its way
    "lost": _none,  # carried out; closed without a byte
    "reset": _none,  # nothing carried out; the connection is broken off
    "half": _none,  # closed in the middle of the body
    "chunked": _none,
    "status": _matching(_STATUS, "a status from 400 to 599"),
    "slow": _matching(_SECONDS, "seconds, as in 10s"),
    "hang": _matching(_SECONDS, "seconds, as in 35s"),  # no answer until the caller hangs up, or so long
    "down": _matching(_SECONDS, "seconds, as in 60s"),  # status 503 for everything, for so long
    "closed": _matching(_SECONDS, "seconds, as in 30s"),  # nobody listens for so long
}


def read_script(text: str) -> Script | str:
    """Return what the words mean, or what is wrong with them."""
    reply, _, way = text.partition(" then ")
    if reply.partition(":")[0] in WAYS and not way:
        reply, way = "success", reply
    found = []
    for part, known, what in ((reply, REPLIES, "answer"), (way, WAYS, "way")):
        word, _, argument = part.partition(":")
        if not word and what == "way":
            found += ["", ""]
            continue
        if word not in known:
            return f"unknown {what} {word!r}; known are {', '.join(known)}"
        if why := known[word](argument):
            return f"{word}: {why}"
        found += [word, argument]
    return Script(*found)
