"""A message of nobody's case, sent to set something up or to take it back."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pytest_qimen import xml
from pytest_qimen.cases import Step
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.client.transport import Transport
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.runner.model import Broke
from pytest_qimen.runner.signed import signed
from pytest_qimen.target.model import Target

Asker: TypeAlias = Callable[[Step, Mapping[str, str]], tuple[xml.Element, Answer]]


def asker(target: Target, transport: Transport, keys: Keys) -> Asker:
    """Return what sends a step: it returns the message and the answer; raises Broke when none comes."""

    def ask(step: Step, given: Mapping[str, str]) -> tuple[xml.Element, Answer]:
        root = compose(step, Context(target, keys), given)
        exchange = transport.send(signed(target, step, root))
        if exchange.error:
            raise Broke(exchange.error)
        return root, read(exchange, step.api)

    return ask
