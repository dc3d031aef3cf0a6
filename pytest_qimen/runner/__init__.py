"""A Case and a Target in, an Outcome out."""

from pytest_qimen.runner.ledger import Ledger
from pytest_qimen.runner.model import Created, Left, Outcome
from pytest_qimen.runner.session import Session, run_case

__all__ = ["Created", "Ledger", "Left", "Outcome", "Session", "run_case"]
