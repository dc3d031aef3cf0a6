"""How the simulated systems send: signed as document 000 section 5 says, over a connection of its own."""

import hashlib
import http.client
import urllib.parse
from collections.abc import Collection, Sequence

from tests.scenarios.wish import now

Letter = str | dict[str, str]


def post(
    keys: Sequence[str], method: str, letter: Letter, url: str, ways: Collection[str] = ()
) -> tuple[int, bytes]:
    """Send one message; return status and body, 0 and nothing where no answer came.

    `ways` are legal differences: http-1.0, chunked, other-order (of the parameters).
    """
    app_key, secret, customer = keys
    is_top = isinstance(letter, dict)
    params = {
        "method": method if is_top else f"taobao.qimen.{method}",
        "timestamp": now(),
        "format": "xml",
        "app_key": app_key,
        "v": "2.0",
        "sign_method": "md5",
    }
    params |= letter if isinstance(letter, dict) else {"customerId": customer}
    body = b"" if isinstance(letter, dict) else f"<request>{letter}</request>".encode()
    text = "".join(f"{name}{params[name]}" for name in sorted(params)).encode()
    key = secret.encode()
    params = dict(reversed(params.items())) if "other-order" in ways else params
    params["sign"] = hashlib.md5(key + text + body + key).hexdigest().upper()
    parts = urllib.parse.urlsplit(url)
    target, kind = f"{parts.path}?{urllib.parse.urlencode(params)}", "text/xml;charset=utf-8"
    if isinstance(letter, dict):
        target, kind, body = (
            parts.path,
            "application/x-www-form-urlencoded",
            urllib.parse.urlencode(params).encode(),
        )
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    headers, sent = {"Content-Type": kind}, [body] if "chunked" in ways and body else body
    if "http-1.0" in ways:
        connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"  # type: ignore[attr-defined]
    try:
        connection.request("POST", target, sent, headers, encode_chunked=sent is not body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
