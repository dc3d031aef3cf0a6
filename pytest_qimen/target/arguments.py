"""The texts of pytest's options in, what they mean out; UsageError names the option."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pytest_qimen import spec
from pytest_qimen.console import language_of
from pytest_qimen.errors import UsageError, closest, unwritable
from pytest_qimen.phrases import say
from pytest_qimen.target.profile import canary_address


def shard(text: str) -> tuple[int, int]:
    """Return the number of the shard and how many there are; `1/1` for everything."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text or "1/1")
    if found is None or not 0 < int(found[1]) <= int(found[2]):
        raise UsageError(say("want-shard", text=text))
    return int(found[1]), int(found[2])


def rate(text: str) -> float | None:
    """Return the requests a second; None where none are given."""
    if not text:
        return None
    try:
        found = float(text.removesuffix("/s"))
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise UsageError(say("want-rate", text=text))
    return found


def canary(text: str) -> str | None:
    """Return the address of the canary; None where none is given."""
    try:
        return canary_address(text) or None
    except UsageError as error:
        raise UsageError(say("told", place="--qimen-canary", why=error.said)) from None


def port(text: str, option: str) -> int | None:
    """Return the port; None where none is given."""
    if not text:
        return None
    if not text.isdecimal() or int(text) >= 1 << 16:
        raise UsageError(say("told", place=option, why=say("want-port", text=text)))
    return int(text)


def whole(text: str, name: str, default: int, least: int) -> int:
    """Return a whole number, `default` where none is given."""
    if text == "":
        return default
    if not str(text).isdecimal() or int(text) < least:
        raise UsageError(say("want-whole", name=name, least=least, text=text))
    return int(text)


def one_of(word: str, name: str, words: Sequence[str]) -> str:
    """Return the word, the first of `words` where none is given."""
    if word and word not in words:
        raise UsageError(say("want-word", name=name, words=", ".join(words), word=word))
    return word or words[0]


def several(values: Iterable[str]) -> tuple[str, ...]:
    """Return the words of all values, which commas part."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def chosen(roles: Iterable[str], methods: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return roles and globs of methods, all where none are given; each glob fits a method of these."""
    roles, globs = several(roles) or spec.ROLES, several(methods) or ("*",)
    for role in {*roles} - {*spec.ROLES}:
        raise UsageError(say("role-option", role=role, roles=", ".join(spec.ROLES)))
    for glob in globs:
        named = [spec.load_api(name) for name in spec.methods() if spec.matches(name, (glob,))]
        if not any(api.role in roles for api in named):
            others = ",".join(dict.fromkeys(api.role for api in named))
            near = say("method-of-role", roles=others) if others else spec.nearest(glob)
            raise UsageError(say("method-option", among=", ".join(roles), glob=glob, near=near))
    return roles, globs


def writable(name: str, option: str) -> Path | None:
    """Return a file that can be written in the end; a pipe is not opened, for its reader would see an end."""
    if not name:
        return None
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        if not Path(name).is_fifo():
            Path(name).open("ab").close()
    except OSError as error:
        raise unwritable(option, error) from None
    return Path(name)


def no_option(name: str, known: Iterable[str], args: Sequence[str]) -> str:
    """Return what is said of an option that does not exist, in the language that `args` ask for."""
    near = closest(name, known) or say("pytest-help")
    return say("no-option", name=name, near=near).text(language_of(args))


def live(text: str, *, attended: bool, listens: bool) -> int | None:
    """Return the port of the live page, 0 for a free one, None for none; a person needs the page."""
    if attended and not listens:
        raise UsageError(say("attended-alone"))
    if not text:
        return 0 if attended else None
    if not text.isdecimal() or int(text) >= 1 << 16:
        raise UsageError(say("live-port", text=text))
    return int(text)
