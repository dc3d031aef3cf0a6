"""What a property asks of Hypothesis."""

import subprocess
import sys

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
