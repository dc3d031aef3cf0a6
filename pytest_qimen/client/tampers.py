"""What cases do to bytes and signatures: each named tamper changes a DraftRequest.

A name may carry an argument after a colon: `drop-param:timestamp`, `set-param:v=9.9`. Those in BEFORE change
what is signed, so that the signature stays good; those in AFTER change what was signed.
"""

import codecs
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pytest_qimen.client.attacks import ATTACKS, DECLARATION, LEADING, LEAF_TEXT, Tamper
from pytest_qimen.client.clock import china_now
from pytest_qimen.client.delivery import DELIVERIES
from pytest_qimen.client.flip import flip
from pytest_qimen.client.forgeries import FORGERIES
from pytest_qimen.client.percent import SPELLINGS
from pytest_qimen.client.request import FORM_TYPE, DraftRequest
from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import Phrase, Said, say
from pytest_qimen.spec import PREFIX

NAMESPACES = (  # as .NET's serializer declares them, used or not
    b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
)


def _body(change: Callable[[bytes], bytes]) -> Tamper:
    def tamper(made: DraftRequest, _: str) -> None:
        made.body = change(made.body)

    return tamper


_marked = _body(lambda body: codecs.BOM_UTF8 + body)  # with a byte order mark


def _undeclared(body: bytes) -> bytes:
    return DECLARATION.sub(b"", body)


def _declared(declaration: str) -> Tamper:
    return _body(lambda body: declaration.encode() + b"\n" + _undeclared(body))


def _each_leaf(change: Callable[[bytes], bytes]) -> Tamper:
    return _body(lambda body: LEAF_TEXT.sub(lambda found: b">" + change(found[1]) + b"<", body))


def _references(text: bytes) -> bytes:
    if b"&" in text:
        return text
    return "".join(f"&#{ord(character)};" for character in text.decode()).encode()


def _inside(before: str, behind: str) -> Callable[[bytes], bytes]:
    """Write these around all of a text but its first character; a text with references stays as it is."""

    def write(text: bytes) -> bytes:
        first, rest = text.decode()[:1], text.decode()[1:]
        return text if b"&" in text else f"{first}{before}{rest}{behind}".encode()

    return write


def _before_root_end(text: bytes) -> Tamper:
    return _body(
        lambda body: body[: body.rindex(b"</")] + text + body[body.rindex(b"</") :] if b"</" in body else body
    )


def _gbk(made: DraftRequest, _: str) -> None:
    made.body = b'<?xml version="1.0" encoding="GBK"?>\n' + _undeclared(made.body).decode().encode(
        "gbk", "xmlcharrefreplace"
    )
    made.header("Content-Type", "text/xml;charset=GBK")


def _drop_param(made: DraftRequest, name: str) -> None:
    made.drop(name)


def _set_param(made: DraftRequest, argument: str) -> None:
    made.set(*_added(argument))


def _added(argument: str) -> tuple[str, str]:
    name, _, value = argument.partition("=")
    return name, value


def _other_prefix(made: DraftRequest, _: str) -> None:
    """Name the method with its prefix where it stands bare, and bare where it has it."""
    name = made.get("method")
    made.set("method", name.removeprefix(PREFIX) if name.startswith(PREFIX) else f"{PREFIX}{name}")


def _wider_method(made: DraftRequest, argument: str) -> None:
    """`BEFORE|BEHIND`: what stands around the name of the method."""
    before, _, behind = argument.partition("|")
    made.set("method", f"{before}{made.get('method')}{behind}")


def _json(change: Callable[[str], str]) -> Tamper:
    """Change the JSON in the form of a TOP call."""

    def tamper(made: DraftRequest, _: str) -> None:
        made.form = [(key, change(value) if value[:1] in ("[", "{") else value) for key, value in made.form]

    return tamper


def _literal(made: DraftRequest, characters: str) -> None:
    made.literal = characters


def _sign_method(made: DraftRequest, name: str) -> None:
    made.sign_method = name
    made.set("sign_method", name)


def _timestamp(days: int) -> Tamper:
    def tamper(made: DraftRequest, _: str) -> None:
        then = datetime.strptime(china_now(), "%Y-%m-%d %H:%M:%S") + timedelta(days=days)
        made.set("timestamp", then.strftime("%Y-%m-%d %H:%M:%S"))

    return tamper


def _secret(made: DraftRequest, _: str) -> None:
    made.secret = made.secret + "x"


def _plain(made: DraftRequest, _: str) -> None:
    made.plus = False


def _spelled(spell: Callable[[str], str]) -> Tamper:
    """The query is written in another way that means the same."""

    def tamper(made: DraftRequest, _: str) -> None:
        made.spelled = spell

    return tamper


def _delivery(made: DraftRequest, name: str) -> None:
    made.delivery = name
    made.headers = [*made.headers, *DELIVERIES[name]]


def _reverse_params(made: DraftRequest, _: str) -> None:
    made.params.reverse()


def _http_method(made: DraftRequest, name: str) -> None:
    made.http_method = name


def _splice(made: DraftRequest, argument: str) -> None:
    """`OFFSET:COUNT:BASE64`: these bytes in place of so many at the offset, as far as the body has them."""
    offset, count, text = argument.split(":")
    made.body = made.body[: int(offset)] + b64decode(text) + made.body[int(offset) + int(count) :]


def _content_type(made: DraftRequest, value: str) -> None:
    made.header("Content-Type", value or None)


BEFORE: Mapping[str, Tamper] = {
    "no-declaration": _body(_undeclared),
    "single-quotes": _declared("<?xml version='1.0' encoding='UTF-8'?>"),
    "standalone": _declared('<?xml version="1.0" encoding="utf-8" standalone="yes"?>'),
    "wrong-encoding": _declared('<?xml version="1.0" encoding="iso-8859-1"?>'),
    "bom": _marked,
    "gbk": _gbk,
    "crlf": _body(lambda body: body.replace(b"><", b">\r\n<").replace(b"?>\n", b"?>\r\n")),
    "indented": _body(lambda body: body.replace(b"><", b">\n  <")),
    "tabs": _body(lambda body: body.replace(b"><", b">\t<")),
    "cdata": _each_leaf(lambda text: text if b"&" in text else b"<![CDATA[" + text + b"]]>"),
    "references": _each_leaf(_references),
    "cdata-inside": _each_leaf(_inside("<![CDATA[", "]]>")),
    "comments-inside": _each_leaf(_inside("<!-- note -->", "")),
    "comments": _body(lambda body: body.replace(b"><", b"><!-- note --><")),
    "processing-instruction": _body(lambda body: body.replace(b"?>\n", b'?>\n<?note a="b"?>\n', 1)),
    "wide-tags": _body(lambda body: re.sub(rb"(</?[A-Za-z_][\w.]*)>", rb"\1 >", body)),
    "attribute": _body(lambda body: re.sub(rb"<([A-Za-z_][\w.]*)>", rb'<\1 note="1">', body, count=1)),
    "namespaces": _body(
        lambda body: re.sub(rb"<([A-Za-z_][\w.]*)>", rb"<\1 %s>" % NAMESPACES, body, count=1)
    ),
    "many-attributes": _body(
        lambda body: re.sub(
            rb"<([A-Za-z_][\w.]*)>",
            lambda found: b"<" + found[1] + b"".join(b' a%d="1"' % n for n in range(10_000)) + b">",
            body,
            count=1,
        )
    ),
    "deep": _before_root_end(b"<d>" * 5_000 + b"</d>" * 5_000),
    "padded": _before_root_end(b"<vendorField>" + b"x" * 4_000 + b"</vendorField>"),
    "large": _before_root_end(b"<vendorField>" + b"x" * 70_000 + b"</vendorField>"),
    "big": _before_root_end(b"<vendorField>" + b"x" * 1_000_000 + b"</vendorField>"),
    "huge": _before_root_end(b"<vendorField>" + b"x" * 5_000_000 + b"</vendorField>"),
    "truncated": _body(lambda body: body[: len(body) * 2 // 3]),
    "unclosed": _body(lambda body: re.sub(rb"</[^<>]+>$", b"", body)),
    "crossed": _before_root_end(b"<a><b></a></b>"),
    "bare-ampersand": _before_root_end(b"<vendorField>a & b</vendorField>"),
    "control-character": _before_root_end(b"<vendorField>a\x07b</vendorField>"),
    "not-utf-8": _before_root_end(b"<vendorField>\xc3\x28\xff</vendorField>"),
    "two-roots": _body(lambda body: body + b"<request/>"),
    "not-xml": _body(lambda _: b'{"request": {}}'),
    "nothing": _body(lambda _: b""),
    "wrong-root": _body(
        lambda body: body.replace(b"<request>", b"<query>").replace(b"</request>", b"</query>")
    ),
    **ATTACKS,
    "drop-param": _drop_param,
    "set-param": _set_param,
    "sign-method": _sign_method,
    "other-prefix": _other_prefix,
    "wider-method": _wider_method,
    "old-timestamp": _timestamp(-400),
    "future-timestamp": _timestamp(400),
    "reverse-params": _reverse_params,
    "percent-blanks": _plain,
    **{name: _spelled(spell) for name, spell in SPELLINGS.items()},
    "delivery": _delivery,
    "literal": _literal,
    "http-method": _http_method,
    "content-type": _content_type,
    "splice": _splice,
    "form-type": lambda made, _: made.header("Content-Type", FORM_TYPE),
    "other-secret": _secret,
    "json-truncated": _json(lambda text: text[: len(text) * 2 // 3]),
    "json-single-quotes": _json(lambda text: text.replace('"', "'")),
}


def _tamper_param(made: DraftRequest, name: str) -> None:
    """Another value that is legal in itself."""
    value = made.get(name)
    other = {"timestamp": "2020-01-02 03:04:05", "v": "1.0" if value == "2.0" else "2.0"}.get(
        name, f"{value}1"
    )
    made.set(name, other)


AFTER: Mapping[str, Tamper] = {
    "flip-start": lambda made, _: flip(made, "start"),
    "flip-middle": lambda made, _: flip(made, "middle"),
    "flip-end": lambda made, _: flip(made, "end"),
    "body-blank": _body(lambda body: body + b" "),
    "body-newline": _body(lambda body: body + b"\n"),
    "body-bom": _marked,
    "body-crlf": _body(lambda body: body.replace(b"\n", b"\r\n")),
    "tamper-param": _tamper_param,
    "extra-unsigned": lambda made, _: made.set("extra", "1"),
    "add-param": lambda made, argument: made.params.append(_added(argument)),
    "add-param-first": lambda made, argument: made.params.insert(0, _added(argument)),
    "add-field": lambda made, argument: made.form.append(_added(argument)),
    **FORGERIES,
}


_WRITING = ("set-param", "add-param", "add-param-first", "add-field")
_ARGUMENTS: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(_WRITING, re.compile("[^=]+=.*", re.DOTALL)),
    "content-type": re.compile(".*"),
    "delivery": re.compile("|".join(filter(None, DELIVERIES))),
    "splice": re.compile("[0-9]+:[0-9]+:[A-Za-z0-9+/]*=*"),
    "wider-method": re.compile("[a-z.]*[|][a-z.]*"),
    **dict.fromkeys(
        (
            *LEADING,
            "drop-param",
            "tamper-param",
            "sign-without-param",
            "sign-method",
            "http-method",
            "literal",
        ),
        re.compile(".+"),
    ),
}


_WORDS: Mapping[str, Said] = {
    "splice": "OFFSET:COUNT:BASE64",
    "wider-method": "BEFORE|BEHIND",
    "delivery": say("any-of", names=", ".join(filter(None, DELIVERIES))),
}


def mistake(full: str) -> Phrase | None:
    """Return what is wrong with the name of a tamper and its argument; None where nothing is."""
    name, mark, argument = full.partition(":")
    if name not in BEFORE and name not in AFTER:
        return say("unknown-tamper", name=name, known=", ".join([*BEFORE, *AFTER]))
    if name not in _ARGUMENTS:
        return say("tamper-bare", name=name, argument=argument) if mark else None
    if mark and _ARGUMENTS[name].fullmatch(argument):
        return None
    words = "NAME=VALUE" if name in _WRITING else _WORDS.get(name, say("an-argument"))
    return say("tamper-wants", name=name, words=words)


def tamper(made: DraftRequest, names: tuple[str, ...], stage: Mapping[str, Tamper]) -> None:
    """Apply those of `names` that belong to `stage`; UsageError for a name of neither stage."""
    for full in names:
        name, _, argument = full.partition(":")
        if why := mistake(full):
            raise UsageError(why)
        if name in stage:
            stage[name](made, argument)
