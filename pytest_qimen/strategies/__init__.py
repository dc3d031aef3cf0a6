"""x"""
from pytest_qimen.strategies.legal import messages
from pytest_qimen.strategies.plan import Plan, resolve
