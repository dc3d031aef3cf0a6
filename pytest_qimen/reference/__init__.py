"""The embedded endpoint: requests over HTTP in, the answers of every role out; see `serve`."""

from pytest_qimen.reference.app import Endpoint
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve, start

__all__ = ["APP_KEY", "CUSTOMER_ID", "SECRET", "Endpoint", "serve", "start"]
