"""The messages of boundaries."""

from pytest_qimen import xml
from pytest_qimen.boundaries import Boundary
from pytest_qimen.cases import Step
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.spec import Api
from pytest_qimen.target.model import Target

TARGET = Target(url="http://127.0.0.1:1/", app_key="k", secret="s")


def message(api: Api, bound: Boundary | None = None, step: int = 0) -> xml.Element:
    """The message of a boundary, with the same keys every time."""
    changes = bound.steps[step] if bound else ()
    return compose(Step(api, changes=changes), Context(TARGET, Keys(number=1)), {})
