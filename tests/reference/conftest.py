"""A fresh endpoint for each test."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from pytest_qimen.reference import Endpoint, start
from tests.reference.endpoint_client import Client, Connect


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Start an endpoint with these settings and connect; no request may have crashed it in the end."""
    with ExitStack() as stack:

        def one(endpoint: Endpoint | None = None, **settings: Any) -> Client:
            if endpoint is None:
                endpoint = start(**settings)
                stack.callback(lambda: _clean(endpoint))
            client = Client(endpoint)
            stack.callback(client.connection.close)
            return client

        yield one


def _clean(endpoint: Endpoint) -> None:
    endpoint.stop()
    assert not endpoint.crashes, "\n".join(endpoint.crashes)


@pytest.fixture
def client(connect: Connect) -> Client:
    """A connection to a clean endpoint."""
    return connect()
