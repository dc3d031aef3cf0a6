"""The open conformance suite for Qimen: what `__all__` names is the public API, imported on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_qimen.cases import Case, bundled_case, load_cases
    from pytest_qimen.client.transport import Exchange
    from pytest_qimen.listening.session import listen
    from pytest_qimen.reference.serve import serve
    from pytest_qimen.runner import Outcome, run_case
    from pytest_qimen.spec import Api, load_api
    from pytest_qimen.strategies import answers_for, illegal_requests_for, requests_for
    from pytest_qimen.target.model import Target
    from pytest_qimen.verdict import Finding
    from pytest_qimen.wire.signature import sign

    __version__: str

__all__ = [
    "Api",
    "Case",
    "Exchange",
    "Finding",
    "Outcome",
    "Target",
    "__version__",
    "answers_for",
    "bundled_case",
    "illegal_requests_for",
    "listen",
    "load_api",
    "load_cases",
    "requests_for",
    "run_case",
    "serve",
    "sign",
]

_HOMES = {
    "Api": "spec",
    "Case": "cases",
    "Exchange": "client.transport",
    "Finding": "verdict",
    "Outcome": "runner",
    "Target": "target.model",
    "answers_for": "strategies",
    "bundled_case": "cases",
    "illegal_requests_for": "strategies",
    "listen": "listening.session",
    "load_api": "spec",
    "load_cases": "cases",
    "requests_for": "strategies",
    "run_case": "runner",
    "serve": "reference.serve",
    "sign": "wire.signature",
}


def __getattr__(name: str) -> Any:
    """Import a public name on its first use: every pytest run loads this package."""
    if name == "__version__":
        return import_module("importlib.metadata").version("pytest-qimen")
    if name in _HOMES:
        return getattr(import_module(f"pytest_qimen.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'pytest_qimen' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return what completion offers: the public names, imported or not."""
    return sorted({*globals(), *__all__})
