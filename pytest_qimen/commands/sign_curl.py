"""The id of a case in; its first request as a curl command that runs, signed with today's secret, out."""

from pathlib import Path

from pytest_qimen.cases import find_case, fitted
from pytest_qimen.checks.spellings import hidden
from pytest_qimen.client.transport import Transport
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.report.curl import curl
from pytest_qimen.runner import Session
from pytest_qimen.runner.compose import Context
from pytest_qimen.runner.model import Blocked, Broke
from pytest_qimen.runner.requests import Composed
from pytest_qimen.target.model import checked, load_target, with_options


def curl_of(identity: str, url: str | None, file: Path | None) -> str:
    """Return the command; what the message presupposes, such as an order to cancel, is sent before."""
    target = with_options(load_target(file), url=url)
    if not target.url:
        raise UsageError(say("sign-curl-where"))
    checked(target, "--url")
    case = next(iter(fitted([find_case(identity)], target)), None)
    if case is None or not case.steps:
        raise UsageError(say("sign-draws", identity=identity))
    transport = Transport.to(target)
    try:
        session = Session(target, transport)
        context = Context(target, session.keys)
        for name, text in case.let.items():
            context.names[name] = context.value(text)
        made, _ = Composed(case, target, session.setup).next(case.steps[0], 1, context)
    except (Blocked, Broke) as error:
        why = hidden(str(error.reason), target.secrets)
        raise UsageError(say("sign-unprepared", identity=identity, reason=why)) from None
    finally:
        transport.close()
    return hidden(curl(made, masked=False), target.secrets)  # an answer may have given one as an id
