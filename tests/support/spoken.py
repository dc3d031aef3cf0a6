"""A text in, the first English sentence in it out: what a reader of Chinese must not be told."""

import re

_CODE = re.compile(r"`[^`\n]*`|'[^'\n]*'|\"[^\"\n]*\"|https?://\S+|--?[\w-]+|\S*[/._=]\S*")
_SENTENCE = re.compile(r"\b[A-Za-z]{2,}(?: (?:[a-z]+|[A-Z][a-z]+)){3,}")


def english(text: str) -> str:
    """The first four or more English words in a row, codes and quotations left out; empty without any."""
    found = _SENTENCE.search(_CODE.sub("·", text))
    return found[0] if found else ""
