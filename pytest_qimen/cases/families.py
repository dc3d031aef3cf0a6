"""Families: a flow written once, with words in braces, becomes one flow for each of its members."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pytest_qimen.phrases import say
from pytest_qimen.toml import Reader

_WORD = re.compile(r"\{([^{}]*)\}")


def expanded(top: Reader, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the table of every `kind` of a file (flow, scenario), words filled in.

    One with `of` is yielded once for each member that it names, the others once. DataError names an
    unknown member, an unknown word, or two keys of one table that become the same.
    """
    shared = _words(top, "words", top.take("words", dict, "a table of word = text", {}))
    members = {
        name: shared | _words(top, f"member.{name}", table) | {"member": name}
        for name, table in top.take("member", dict, "a table of members", {}).items()
    }
    for number, table in enumerate(top.tables(kind), 1):
        key = f"{kind}[{number}]"
        names = Reader(top.file, key, table).strings("of")
        for name in names:
            if name not in members:
                known = ", ".join(members) or "none"
                raise top.fail(f"{key}.of", say("unknown-member", name=name, known=known))
        if len(set(names)) < len(names):
            raise top.fail(f"{key}.of", say("member-twice"))
        bare = {name: value for name, value in table.items() if name != "of"}
        for words in [members[name] for name in names] or [shared]:
            yield key, _filled(top, key, bare, words) if words else bare


def _words(top: Reader, key: str, table: Any) -> dict[str, str]:
    """Return a table of texts; DataError for anything else."""
    for word, text in Reader(top.file, key, table).table.items():
        if not isinstance(text, str):
            raise top.fail(f"{key}.{word}", say("no-text", text=text))
    return dict(table)


def _filled(top: Reader, key: str, value: Any, words: Mapping[str, str]) -> Any:
    """Return the value with every `{word}` in its texts and keys replaced, at every depth."""
    if isinstance(value, str):
        return _WORD.sub(lambda found: _meaning(top, key, found[1], words), value)
    if isinstance(value, list):
        return [_filled(top, f"{key}[{place}]", one, words) for place, one in enumerate(value, 1)]
    if not isinstance(value, dict):
        return value
    table: dict[str, Any] = {}
    for name, one in value.items():
        plain = _filled(top, key, name, words)
        if plain in table:
            raise top.fail(key, say("keys-equal", plain=plain))
        table[plain] = _filled(top, f"{key}.{name}", one, words)
    return table


def _meaning(top: Reader, key: str, word: str, words: Mapping[str, str]) -> str:
    if word not in words:
        raise top.fail(key, say("unknown-word", word=word, words=", ".join(words)))
    return words[word]
