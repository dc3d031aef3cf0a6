"""The embedded endpoint as a running object, or for as long as a block runs."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import PathLike, fspath

from pytest_qimen.reference.app import Endpoint
from pytest_qimen.reference.faults import plugs_of
from pytest_qimen.reference.variants import VARIANTS

APP_KEY, SECRET, CUSTOMER_ID = "testerp_appkey", "topsecret-A", "stub-cust-code"


def start(
    *,
    app_key: str = APP_KEY,
    secret: str = SECRET,
    customer_id: str = CUSTOMER_ID,
    faults: Sequence[str] = (),
    variants: Sequence[str] = (),
    state: str | PathLike[str] | None = None,
    port: int = 0,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    explains: bool = False,
) -> Endpoint:
    """Return a running endpoint, to be ended with `stop()`; UsageError says why it cannot run.

    The arguments are those of `serve`, and: `host`, the address to listen at; `tls`, to speak HTTPS;
    `explains`, to say of a wrong signature which known mistakes give it.
    """
    return Endpoint(
        app_key=app_key,
        secret=secret,
        customer_id=customer_id,
        plugs=[*plugs_of(variants, VARIANTS, "variant"), *plugs_of(faults)],
        state=fspath(state) if state is not None else None,
        port=port,
        host=host,
        tls=tls,
        explains=explains,
    )


@contextmanager
def serve(
    *,
    app_key: str = APP_KEY,
    secret: str = SECRET,
    customer_id: str = CUSTOMER_ID,
    faults: Sequence[str] = (),
    variants: Sequence[str] = (),
    state: str | PathLike[str] | None = None,
    port: int = 0,
) -> Iterator[str]:
    """Run the embedded endpoint on 127.0.0.1 for as long as the block runs; yield its URL.

    `faults` and `variants` are names from FAULTS and VARIANTS (UsageError for others); `state` is the SQLite
    file that keeps what it learns, in memory without one; `port` 0 lets the system choose.
    """
    endpoint = start(
        app_key=app_key,
        secret=secret,
        customer_id=customer_id,
        faults=faults,
        variants=variants,
        state=state,
        port=port,
    )
    try:
        yield endpoint.url
    finally:
        endpoint.stop()
