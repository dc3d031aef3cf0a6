"""The content codings that the client asks for, decoded piece by piece: gzip and deflate (RFC 9110 8.4.1)."""

import zlib
from collections.abc import Iterator
from typing import Final

ASKED: Final = frozenset({"gzip", "x-gzip", "deflate", "identity", ""})
_PIECE: Final = 1 << 16  # bytes that one step may make of a part, so that a bomb is noticed early


class CodingError(Exception):
    """A body that is not what its Content-Encoding says, or that breaks off."""


def decoded(parts: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Yield the parts as they were before they were compressed; CodingError for what cannot be decoded.

    A coding that nobody asked for, such as br or zstd, is not decoded: the body stays as it came.
    """
    name = coding.strip().lower()
    if name not in ("gzip", "x-gzip", "deflate"):
        yield from parts
        return
    decoder, started, head = zlib.decompressobj(zlib.MAX_WBITS | 32), False, b""
    try:
        for part in parts:
            if not started:  # both bytes of zlib's head, or none of them, must be there to tell
                head = part = head + part
                if len(head) < 2:
                    continue
            while part:
                if decoder.eof:  # another member of a gzip file
                    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
                try:
                    piece = decoder.decompress(part, _PIECE)
                except zlib.error:
                    if started or name != "deflate":
                        raise
                    decoder = zlib.decompressobj(-zlib.MAX_WBITS)  # without zlib's head, as some servers do
                    piece = decoder.decompress(part, _PIECE)
                started = True
                yield piece
                part = decoder.unconsumed_tail or decoder.unused_data
    except zlib.error as error:
        raise CodingError(str(error)) from None
    if head and not decoder.eof:
        raise CodingError("compressed body breaks off")
