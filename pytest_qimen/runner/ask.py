"""A message of nobody's case, sent to set something up or to take it back."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pytest_qimen import xml
from pytest_qimen.cases import Step
from pytest_qimen.checks.answer import Answer, read
from pytest_qimen.client.transport import Transport
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.runner.ledger import Ledger
from pytest_qimen.runner.model import Broke
from pytest_qimen.runner.signed import signed
from pytest_qimen.spec import Api
from pytest_qimen.target.model import Target

Asker: TypeAlias = Callable[[Step, Mapping[str, str], str], tuple[xml.Element, Answer]]


def asker(
    target: Target,
    transport: Transport,
    keys: Keys,
    ledger: Ledger,
    rename: Callable[[Api, xml.Element], None] = lambda api, root: None,
) -> Asker:
    """Return what sends a step: it returns the message and the answer; raises Broke when none comes.

    Its last argument says in the ledger what the message is for. `rename` is that of a Context.
    """

    def ask(step: Step, given: Mapping[str, str], what: str) -> tuple[xml.Element, Answer]:
        root = compose(step, Context(target, keys, rename=rename), given)
        intent = ledger.sending(what, step.api, root)
        exchange = transport.send(signed(target, step, root))
        answer = None if exchange.error else read(exchange, step.api)
        ledger.answered(intent, step.api, root, answer, exchange.status)
        if answer is None:
            assert exchange.error
            raise Broke(exchange.error)
        return root, answer

    return ask
