"""The suite's flows as a caller: what they do rightly raises nothing, what they break is named."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from pytest_qimen.calls.call import Call, Heard
from pytest_qimen.calls.journal import Journal
from pytest_qimen.cases import bundled_cases
from pytest_qimen.checks.callers.judging import judge
from pytest_qimen.client.request import SignedRequest
from pytest_qimen.client.transport import Exchange, Transport
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET, serve
from pytest_qimen.runner.session import Session
from pytest_qimen.spec import data_dir
from tests.support.heard import CALLER, CHINA, TARGET

FILES = ("inbound", "keys", "process", "returns")
BROKEN = {  # what these flows do wrong, to see what an endpoint makes of it
    "caller.sequence.cancel-created",
    "caller.sequence.failed-not-used",
    "caller.message.type",
}


class Listening(Transport):
    """Keeps what was sent and what came back."""

    def send(self, request: SignedRequest) -> Exchange:
        at = datetime.now(CHINA)
        exchange = super().send(request)
        self.heard.append(heard(f"#{len(self.heard) + 1}", exchange, at))
        return exchange

    @property
    def heard(self) -> list[Heard]:
        return self.__dict__.setdefault("_heard", [])


def heard(place: str, exchange: Exchange, at: datetime) -> Heard:
    parts = urlsplit(exchange.request.url)
    return Heard(
        place,
        exchange.request.http_method,
        f"{parts.path}?{parts.query}",
        exchange.request.headers,
        exchange.request.body,
        at,
        exchange.status or 0,
        exchange.body,
        exchange.headers,
        took=exchange.seconds,
    )


def calls() -> Iterator[Heard]:
    with serve() as url:
        target = replace(TARGET, url=url, app_key=APP_KEY, secret=SECRET, customer_id=CUSTOMER_ID)
        transport = Listening.to(target)
        session = Session(target, transport)
        for name in FILES:
            for case in bundled_cases(data_dir("cases") / "flows" / f"{name}.toml"):
                session.outcome(case)
        transport.close()
    yield from transport.heard


def test_flows() -> None:
    journal, found = Journal(), set[str]()
    caller = replace(CALLER, app_key=APP_KEY, secret=SECRET)
    for number, call in enumerate(calls(), 1):
        found |= {one.check for one in judge(Call(call, number), caller, journal) if one.level.is_judged}
    journal.close()
    assert found == BROKEN
