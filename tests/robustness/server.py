"""The second table of tests/ROBUSTNESS.md: what the HTTP server of the embedded endpoint stands."""

from collections.abc import Iterator

SERVER = """
## The embedded endpoint

What `qimen serve` (and `qimen listen`, which share a server) stands, each row proved by a test of
`tests/wire/test_server_attack.py`.

| attack | what becomes of it | test |
|---|---|---|
"""
ATTACKS = {  # test -> attack, what becomes of it
    "silent_clients_keep_nobody_out": (
        "200 silent clients",
        "the oldest are hung up on, others are answered",
    ),
    "connections_that_are_being_answered_are_kept": ("more clients than connections", "503, none is cut off"),
    "stalled_bodies_take_bounded_memory": ("30 clients stop within 2 MB", "8 MB in all, then 503"),
    "a_body_without_end": ("chunks without end", "408, none is kept"),
    "chunks_of_one_byte": ("200,000 chunks of a byte", "read, within 4 MB"),
    "bad_requests_that_go_on_writing": ("a bad request that goes on writing", "400 arrives"),
    "resets_at_every_point": ("a reset after each byte", "others are answered"),
    "soak": ("10,000 requests over four connections", "all are answered, no memory is kept"),
}


def server_rows() -> Iterator[str]:
    """The rows of the second table."""
    for test, (attack, end) in ATTACKS.items():
        yield f"| {attack} | {end} | `{test}` |"
