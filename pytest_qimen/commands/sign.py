"""`qimen sign`: the signature of a request, what was signed, and which known mistake gives another one."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say

if TYPE_CHECKING:
    from pytest_qimen.commands.sign_input import Given
    from pytest_qimen.phrases import Phrase


def add_parser(commands: Subparsers) -> None:
    """Add `qimen sign` to the command line."""
    parser = command(commands, "sign", run, say("help-sign"))
    parser.add_argument(
        "request",
        nargs="*",
        metavar="URL | QUERY | NAME=VALUE",
        help=say("help-sign-request"),
    )
    parser.add_argument("--body", type=Path, metavar="FILE", help=say("help-sign-body"))
    parser.add_argument("--explain", action="store_true", help=say("help-sign-explain"))
    parser.add_argument("--diagnose", action="store_true", help=say("help-sign-diagnose"))
    parser.add_argument("--sign", metavar="GIVEN", help=say("help-sign-sign"))
    parser.add_argument("--curl", metavar="ID", help=say("help-sign-curl"))
    parser.add_argument("--url", help=say("help-sign-url"))
    parser.add_argument("--target", type=Path, metavar="FILE", help=say("help-sign-target"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status: 1 for a sign that is wrong."""
    from pytest_qimen.commands import sign_input
    from pytest_qimen.errors import UsageError
    from pytest_qimen.phrases import say
    from pytest_qimen.wire.signature import sign

    if options.curl:
        from pytest_qimen.commands.sign_curl import curl_of

        print(curl_of(options.curl, options.url, options.target))
        return 0
    if not options.request or options.url or options.target:
        raise UsageError(say("sign-nothing"))
    secret = os.environ.get("QIMEN_SECRET")
    if not secret:
        raise UsageError(say("sign-no-secret"))
    if options.sign is not None and not options.diagnose:
        raise UsageError(say("sign-alone"))
    given = sign_input.read(options.request, options.body)
    if "-" not in (*options.request, str(options.body)) and sign_input.is_piped():
        print(f"qimen: {say('sign-piped').text(options.language)}", file=sys.stderr)
    if options.diagnose:
        return _diagnose(given, secret, options.sign, options.language)
    sign_input.refuse_unlikely(given)
    digest = sign(given.params, given.body, secret, given.sign_method)
    if options.explain:
        for said in _explained(given):
            print(said if isinstance(said, str) else said.text(options.language))
    print(digest)
    return 0


def _diagnose(given: "Given", secret: str, sign: str | None, language: str) -> int:
    from pytest_qimen.errors import UsageError
    from pytest_qimen.wire.diagnosis import diagnose, explain

    wrong = sign if sign is not None else given.params.get("sign")
    if wrong is None:
        raise UsageError(say("sign-which"))
    found = diagnose(given.pairs, given.body, secret, wrong, given.sign_method)
    print(explain(found).text(language))
    return 0 if found and not found[0].mistakes else 1


def _explained(given: "Given") -> Iterator["Phrase | str"]:
    """Yield the steps to the digest: sentences, and what is the user's own."""
    from pytest_qimen.console import plain
    from pytest_qimen.phrases import say
    from pytest_qimen.wire.signature import string_to_sign

    signed = {name: value for name, value in given.params.items() if name != "sign" and value}
    width = max(map(len, signed))
    yield say("sign-names")
    yield from (f"  {plain(name):{width}}  {plain(value)}" for name, value in sorted(signed.items()))
    yield say("sign-body", size=len(given.body)) if given.body else say("sign-bodyless")
    text = string_to_sign(signed, given.body).decode("utf-8", "backslashreplace")
    shown = "\n".join(map(plain, text.split("\n")))
    is_md5 = given.sign_method == "md5"
    yield say("sign-string") if is_md5 else say("sign-string-keyed", sign_method=given.sign_method)
    yield f"***{shown}***" if is_md5 else shown
    yield say(
        "sign-digest", sign_method={"md5": "MD5", "hmac": "HMAC-MD5"}.get(given.sign_method, "HMAC-SHA256")
    )
