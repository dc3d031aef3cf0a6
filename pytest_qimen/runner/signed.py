"""A Step and its message in, the request with the step's tampers out."""

from pytest_qimen import xml
from pytest_qimen.cases import Step
from pytest_qimen.client.request import SignedRequest, draft, finish, seal
from pytest_qimen.client.tampers import AFTER, BEFORE, tamper
from pytest_qimen.target.model import Target


def signed(target: Target, step: Step, root: xml.Element) -> SignedRequest:
    """Return the bytes of a step's message, tampered with as the step says."""
    made = draft(target, step.api, root)
    tamper(made, step.tampers, BEFORE)
    seal(target, made)
    tamper(made, step.tampers, AFTER)
    return finish(target, made)
