"""The keys of the embedded endpoint in the environment, for tests that send something."""

import pytest

from pytest_qimen.reference.serve import APP_KEY, SECRET


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIMEN_APP_KEY", APP_KEY)
    monkeypatch.setenv("QIMEN_SECRET", SECRET)
    monkeypatch.setenv("QIMEN_CUSTOMER_ID", "stub-cust-code")
