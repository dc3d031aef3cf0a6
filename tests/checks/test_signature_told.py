"""Who signs wrongly is not told the right signature."""

from dataclasses import replace

import pytest

from pytest_qimen.checks import security
from pytest_qimen.wire.signature import sign
from tests.checks.answers import SECRET, exchange, seen
from tests.support.servers import response


@pytest.mark.parametrize("told", [True, False])
def test_the_right_signature_is_not_told_to_who_signed_wrongly(told: bool) -> None:
    good = sign({"method": "thing.create"}, b"<request/>", SECRET)
    body = response("failure", message=f"expected {good.lower() if told else '0' * 32}")
    request = replace(
        exchange(body).request, params=(("method", "thing.create"), ("sign", "F" * 32)), body=b"<request/>"
    )
    evidence = seen(replace(exchange(body), request=request))
    wrongly = replace(evidence, step=replace(evidence.step, tampers=("sign-wrong",)))
    assert [one.check for one in security.check(wrongly)] == ["security.signature"] * told
    assert not [*security.check(evidence)]
