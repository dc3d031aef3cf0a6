"""A Target in, the same one pointed at the embedded endpoint, with its keys and data, out."""

from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.target.model import Target, with_options

DATA = {"inventorycheck.query:checkOrderCode": ("PD201605010001",)}


def embedded_target(target: Target, url: str) -> Target:
    """Return `target` with the URL and keys of the endpoint, and its data where it pins none itself."""
    return with_options(
        target,
        url=url,
        name="embedded",
        app_key=APP_KEY,
        secret=SECRET,
        customer_id=CUSTOMER_ID,
        data=target.data or DATA,
    )
