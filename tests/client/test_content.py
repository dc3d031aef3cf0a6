"""Content codings: what is asked for is decoded piece by piece, what nobody asked for stays as it came."""

import gzip
import zlib

import pytest

from pytest_qimen.client.content import CodingError, decoded

TEXT = b"<response><flag>success</flag></response>" * 50


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        (" X-GZIP ", gzip.compress(TEXT, mtime=0)),
        ("gzip", gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("", TEXT),
        ("identity", TEXT),
        ("br", TEXT),
        ("zstd", TEXT),
        ("gzip, gzip", TEXT),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_decoded(coding: str, body: bytes, size: int) -> None:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    assert b"".join(decoded(iter(parts), coding)) == TEXT


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-9]),
        ("gzip", raw_deflate(TEXT)),
        ("deflate", b"\xff" + zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)[:-3]),
    ],
)
def test_what_cannot_be_decoded(coding: str, body: bytes) -> None:
    with pytest.raises(CodingError):
        list(decoded(iter([body]), coding))


def test_an_empty_body_needs_no_coding() -> None:
    assert list(decoded(iter([]), "gzip")) == []


def test_a_bomb_comes_in_small_pieces() -> None:
    pieces = decoded(iter([zlib.compress(bytes(50_000_000), 9)]), "deflate")
    assert max(len(next(pieces)) for _ in range(20)) <= 1 << 16
