"""A message's bytes in, a strategy of splices that damage them out; whether what is left is XML."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from xml.parsers import expat

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_qimen import xml

MOST = 4
_DECLARATION = re.compile(rb"\A[^<]*<\?xml.*?>", re.DOTALL)
WORDS = (  # what parsers stumble over
    *(
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"<a>",
        b"</request>",
        b"<request>",
        b"<?xml?>",
    ),
    *(b"&#0;", b"&#x1;", b"&#xD800;", b"&#x110000;", b"&nbsp;", b"\x00", b"\x0b", b"\xff", b"\xed\xa0\x80"),
    *(b"\xc0\x80", b"\xef\xbf\xbe", b"\xf0\x9f\x93\xa6", b"9" * 40, b"-", b"'", b'"', b"%00", b"\r\n", b"\t"),
)


@dataclass(frozen=True, slots=True)
class Splice:
    """Some bytes in place of `count` bytes at `offset`; `kind` is how it was drawn."""

    kind: str
    offset: int
    count: int
    data: bytes

    def __call__(self, body: bytes) -> bytes:
        """Return the body with the splice."""
        return body[: self.offset] + self.data + body[self.offset + self.count :]

    @property
    def tamper(self) -> str:
        """Return the name under which a case file says the same (client/tampers.py)."""
        return f"splice:{self.offset}:{self.count}:{b64encode(self.data).decode()}"


def splices(body: bytes) -> SearchStrategy[list[Splice]]:
    """One to four splices, to be made one after the other; shrinks to one at the beginning."""
    place = st.integers(0, max(len(body) - 1, 0))
    some = st.integers(1, 20)
    word = st.sampled_from(WORDS)
    part = st.tuples(place, some).map(lambda found: body[found[0] : found[0] + found[1]])
    return st.lists(
        st.one_of(
            st.builds(Splice, st.just("insert"), place, st.just(0), word),
            st.builds(Splice, st.just("delete"), place, some, st.just(b"")),
            st.builds(Splice, st.just("replace"), place, st.just(1), st.binary(min_size=1, max_size=1)),
            st.builds(Splice, st.just("repeat"), place, st.just(0), part),
            st.builds(Splice, st.just("cut"), place, st.just(len(body)), st.just(b"")),
        ),
        min_size=1,
        max_size=MOST,
    )


def damaged(body: bytes, done: Sequence[Splice]) -> bytes:
    """Return the body with all splices."""
    for one in done:
        body = one(body)
    return body


def is_xml(body: bytes) -> bool:
    """Whether anybody could read the body as XML, be it without its declaration or what stands around it.

    False only where libxml2 and expat both cannot.
    """
    bare = _DECLARATION.sub(b"", body).strip(b" \t\r\n\0")
    return any(_reads(one) for one in (body, bare))


def _reads(body: bytes) -> bool:
    try:
        xml.parse(body)
    except xml.XmlError:
        try:
            expat.ParserCreate().Parse(body, True)
        except (expat.ExpatError, ValueError, LookupError):
            return False
    return True
