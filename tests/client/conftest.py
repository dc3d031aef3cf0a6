"""Fixtures of these tests."""

from collections.abc import Iterator

import pytest

from pytest_qimen.client.transport import Transport


@pytest.fixture
def transport() -> Iterator[Transport]:
    """Short of patience: 0.5 s to connect, 0.5 s for the next byte, 1 s in all."""
    made = Transport(connect_timeout=0.5, read_timeout=0.5)
    yield made
    made.close()
