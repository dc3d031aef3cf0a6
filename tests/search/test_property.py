"""What a property asks of Hypothesis."""

import subprocess
import sys
from contextlib import closing

import pytest

from pytest_qimen.cases import find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.search.property import drawer
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Status

FROZEN = """
import gc, warnings
import hypothesis.core as core
from hypothesis import given, seed, strategies
from pytest_qimen.search.property import register
holder = getattr(core, "threadlocal", core)  # by version
holder._hypothesis_global_random = []  # what the collector looks at, before it is frozen
holder._hypothesis_global_random = None
register()
gc.freeze()
warnings.simplefilter("error")
seed(0)(given(strategies.none())(lambda _: None))()
"""


def test_random_numbers_are_in_charge_before_anything_is_frozen() -> None:
    found = subprocess.run([sys.executable, "-c", FROZEN], capture_output=True, text=True, check=False)
    assert (found.stdout, found.stderr, found.returncode) == ("", "", 0)


@pytest.mark.parametrize("method", ["transferorder", "deliveryorder", "singleitem"])
def test_a_query_names_the_owner_of_what_was_made_for_it(method: str) -> None:
    """Of several owners in the target file, the message that makes the thing takes the first."""
    owners = Target(url="", app_key="", secret="", data={"ownerCode": ("HZ0001", "HZ0002")})
    with serve() as url, closing(Transport()) as transport:
        session = Session(embedded_target(owners, url), transport, draw=drawer(10, 0))
        outcome = session.outcome(find_case(f"wms/{method}.query/property/legal-accepted"))
    assert (outcome.status, outcome.cause) == (Status.PASS, "")
