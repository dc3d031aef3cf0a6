"""Case files and Apis in, Cases out: what to send, step by step, and what has to come back."""

from pytest_qimen.cases.load import bundled_cases, bundled_files, find_case, load_cases
from pytest_qimen.cases.model import Case, Check, Step, minimal_id, probe_name, smoke_id

__all__ = [
    "Case",
    "Check",
    "Step",
    "bundled_cases",
    "bundled_files",
    "find_case",
    "load_cases",
    "minimal_id",
    "probe_name",
    "smoke_id",
]
