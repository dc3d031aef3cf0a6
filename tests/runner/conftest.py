"""One client for all sessions of a module."""

from collections.abc import Iterator

import pytest

from pytest_qimen.client.transport import Transport
from tests.runner.runs import Run


@pytest.fixture(autouse=True, scope="module")
def _client() -> Iterator[None]:
    Run.client = Transport(connect_timeout=2, read_timeout=2)
    yield
    Run.client.close()
