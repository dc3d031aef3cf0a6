"""Of a run, the suite and `qimen check` say the same of every answer that came."""

from collections.abc import Iterator

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import Case, Kind, bundled_cases, bundled_files
from pytest_qimen.client.transport import Exchange, Transport
from pytest_qimen.reference import serve
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target
from tests.commands.test_check_agrees import checked, judged_by_the_suite

EVERY = 40  # so many boundaries are left out for one that is tried, but of each method some are
FAULTS = ("", "code-empty", "numbers-in-words", "answer-fields-lost")


def tried(api: spec.Api) -> list[Case]:
    """Return the foundations of a method, and a few of its other cases; none draws its messages."""
    (path,) = [one for one in bundled_files() if f"{one.parent.name}/{one.stem}" == api.name]
    cases = [case for case in bundled_cases(path) if not case.kind.is_drawn]
    first = [case for case in cases if case.kind in (Kind.MINIMAL, Kind.TYPICAL, Kind.ANSWER)]
    return [*first, *(case for case in cases[::EVERY] if case not in first)]


def heard(fault: str) -> Iterator[tuple[Case, int, Exchange]]:
    """Yield what comes back when every method is tried; each exchange with its case and step."""
    transport = Transport(connect_timeout=2, read_timeout=10)
    with serve(faults=[fault] if fault else []) as url:
        session = Session(embedded_target(Target(url="", app_key="", secret=""), url), transport)
        for api in spec.load_all():
            for case in tried(api):
                outcome = session.outcome(case)
                pairs = zip(outcome.steps, outcome.exchanges, strict=True)
                yield from ((case, step, one) for step, one in pairs)
    transport.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_live_answers(fault: str) -> None:
    count = 0
    for case, step, exchange in heard(fault):
        api = case.steps[step - 1].api if 0 < step <= len(case.steps) else None
        if api and exchange.error is None:
            said = checked(api, exchange.body), judged_by_the_suite(api, exchange.body)
            assert said[0] is said[1], (case.id, exchange.body)
            count += 1
    assert count > 200
