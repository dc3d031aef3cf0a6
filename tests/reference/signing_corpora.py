"""What is sent to an endpoint to see the faults of its signature: a function from a Talk to what it hears."""

import codecs
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from pytest_qimen.reference import SECRET
from pytest_qimen.wire import encoding
from pytest_qimen.wire.signature import sign, string_to_sign
from tests.reference.endpoint_client import CHUNKED, FORM, PERCENT
from tests.reference.endpoint_corpora import BEAT, SCROLL, Talk, ask, beat, signed, update


def signature(talk: Talk) -> None:
    client = talk.client
    same: Callable[[dict[str, str]], Any] = lambda params: None  # noqa: E731
    bodies = [BEAT, beat("中文"), beat("😀"), beat("100%25+a"), BEAT + b"\n", BEAT.replace(b"><", b">\r\n<")]
    for body in bodies:
        talk.send(*signed(client, body, same))
    talk.send(*signed(client, BEAT, same, Zone="1", partner_id="top sdk"))
    talk.send(*signed(client, BEAT, same), kind=PERCENT)
    params, body = signed(client, BEAT, same)
    talk.send(dict(reversed(params.items())), body)
    for change in (
        lambda params: params.update(sign=params["sign"].lower()),
        lambda params: params.update(sign=f" {params['sign']} "),
        lambda params: params.update(sign=params["sign"][:16]),
        lambda params: params.update(sign=params["sign"][:8] + "0" * 24),
        lambda params: params.update(sign=""),
        lambda params: params.pop("sign"),
        lambda params: params.update(sign="0" * 32),
        lambda params: params.update(sign="z" * 32),
        lambda params: params.update(extra="1"),
        lambda params: params.update(v="1.0"),
        lambda params: params.update(sign_method="md51"),
        lambda params: params.update(sign=sign(params, BEAT, "")),
        lambda params: params.update(sign=sign(params, b"", SECRET)),
        lambda params: params.update(sign=_one_secret(params, front=True)),
        lambda params: params.update(sign=_one_secret(params, front=False)),
    ):
        talk.send(*signed(client, BEAT, change))
    talk.send(signed(client, BEAT, same)[0], codecs.BOM_UTF8 + BEAT)
    talk.top(SCROLL, {"ou_code": "none"}, "hmac-sha256")
    body = encoding.encode(*update("B1", 1, talk))[1]
    talk.post("storeinventory.itemupdate", body, sign="0" * 32)
    ask(talk)
    _disguises(talk)
    _half_signed(talk)
    _other_methods_of_signing(talk)


def unverified(talk: Talk) -> None:
    """One well signed message, and badly signed ones of each sort that is left out."""
    bad: Callable[[dict[str, str]], Any] = lambda params: params.update(sign="0" * 32)  # noqa: E731
    ask(talk)
    for body in (BEAT, beat("x" * 3000), beat("中文")):
        talk.send(*signed(talk.client, body, bad))
    talk.send(*signed(talk.client, BEAT, bad), kind=CHUNKED)
    talk.send(*signed(talk.client, BEAT, bad, v="1.0"))
    talk.send(*signed(talk.client, BEAT, lambda params: [params.pop("sign_method"), bad(params)]))


def _one_secret(params: dict[str, str], front: bool) -> str:
    text, secret = string_to_sign(params, BEAT), SECRET.encode()
    return hashlib.md5(secret + text if front else text + secret).hexdigest().upper()


def _disguises(talk: Talk) -> None:
    """Parameters that careless code does not sign, or does not take."""
    client = talk.client
    good = urlencode(signed(client, BEAT, lambda _: None)[0])
    for unsigned in ("mark=@x", "mark=a=b", "mark%5B%5D=1", "V=2.0", "mark=0", "mark=null"):
        talk.send(f"{good}&{unsigned}", BEAT)
    for value in ("@x", "a=b", "0", "null", " 1 "):
        params, _ = signed(client, BEAT, lambda _: None, mark=value)
        talk.send(params, BEAT)
        talk.send(urlencode(params, safe="@="), BEAT)
    indented = BEAT.replace(b"><", b">\n<")
    talk.send(signed(client, indented, lambda _: None)[0], indented.replace(b"\n", b"\r\n"))
    for value in "12":
        params, _ = signed(client, BEAT, lambda params: params.pop("mark"), mark=value)
        talk.send(f"{urlencode(params)}&mark=1&mark=2", BEAT)


def _half_signed(talk: Talk) -> None:
    """Signatures over less than everything, by another method, or of a body in chunks that was changed."""
    client, fields = talk.client, {"ou_code": "none"}
    for name in ("timestamp", "customerId"):
        params = client.params("service.heartbeat")
        params.pop("sign", None)
        rest = {key: value for key, value in params.items() if key != name}
        talk.send({**params, "sign": sign(rest, BEAT, SECRET)}, BEAT)
    params = client.params(SCROLL, customerId=None)
    talk.send({**params, "sign": sign(params, None, SECRET)}, urlencode(fields).encode(), FORM)
    params = client.params(SCROLL, customerId=None, sign_method="hmac")
    talk.send({**params, "sign": sign({**params, **fields}, None, SECRET)}, urlencode(fields).encode(), FORM)


def _other_methods_of_signing(talk: Talk) -> None:
    client, fields = talk.client, {"ou_code": "none"}
    for how in ("hmac", "hmac-sha256"):
        talk.send(
            client.params(SCROLL, sign_method=how, customerId=None, sign="0" * 32),
            urlencode(fields).encode(),
            FORM,
        )
    params = client.params(SCROLL, customerId=None, sign_method="hmac")
    for covered, added in ((params, {}), ({**params, **fields}, {"extra": "1"})):
        sent = {**params, **added, "sign": sign(covered, None, SECRET, "hmac")}
        talk.send(sent, urlencode(fields).encode(), FORM)
    params = client.params("service.heartbeat", sign_method="hmac")
    talk.send({**params, "sign": sign(params, b"", SECRET, "hmac")}, BEAT)
    params = client.params(SCROLL, customerId=None)
    params["sign"] = sign({**params, **fields}, None, SECRET)
    talk.send(params, urlencode({**fields, "vendor": "1"}).encode(), FORM)
    params = client.params(SCROLL, customerId=None)
    sent = {**params, "sign": sign({**params, **fields}, None, SECRET), "session": "1"}
    talk.send(sent, urlencode(fields).encode(), FORM)
