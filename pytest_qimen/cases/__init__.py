"""Case files and Apis in, Cases out: what to send, step by step, and what has to come back."""

from pytest_qimen.cases.fit import beyond, fitted
from pytest_qimen.cases.load import bundled_cases, bundled_file, bundled_files, find_case, load_cases, path_of
from pytest_qimen.cases.milder_note import milder_note
from pytest_qimen.cases.model import Case, Check, Kind, Step, minimal_id, probe_name, smoke_id
from pytest_qimen.cases.read import drawn_case
from pytest_qimen.cases.spelling import argument, plain_id
from pytest_qimen.cases.stand_in import suited
from pytest_qimen.cases.write import flow_toml

bundled_case = find_case  # as the public API calls it

__all__ = [
    "Case",
    "Check",
    "Kind",
    "Step",
    "argument",
    "beyond",
    "bundled_case",
    "bundled_cases",
    "bundled_file",
    "bundled_files",
    "drawn_case",
    "find_case",
    "fitted",
    "flow_toml",
    "load_cases",
    "milder_note",
    "minimal_id",
    "path_of",
    "plain_id",
    "probe_name",
    "smoke_id",
    "suited",
]
