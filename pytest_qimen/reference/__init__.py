"""The embedded endpoint: requests over HTTP in, the answers of every role out; see `serve`."""

from pytest_qimen.reference.app import Endpoint
from pytest_qimen.reference.faults import FAULTS, list_faults
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve, start
from pytest_qimen.reference.variants import VARIANTS, list_variants

__all__ = [
    "APP_KEY",
    "CUSTOMER_ID",
    "FAULTS",
    "SECRET",
    "VARIANTS",
    "Endpoint",
    "list_faults",
    "list_variants",
    "serve",
    "start",
]
