"""A target file's names of keys in; the keys, which only the environment holds, or what to copy, out."""

import os
from collections.abc import Iterable, Mapping

from pytest_qimen.phrases import Phrase, say
from pytest_qimen.toml import Reader

SECRETS = {
    "app_key": "QIMEN_APP_KEY",
    "secret": "QIMEN_SECRET",
    "customer_id": "QIMEN_CUSTOMER_ID",
    "session": "QIMEN_SESSION",
}


def secrets(head: Reader) -> dict[str, str]:
    """Return the values of the environment variables that `<key>_env` name, or of the usual ones."""
    named = {key: head.string(f"{key}_env", None) for key in SECRETS}
    missing = {f"{key}_env": name for key, name in named.items() if name and name not in os.environ}
    if missing:
        names = ", ".join(map(repr, missing.values()))
        raise head.fail(", ".join(missing), say("no-variable", names=names))
    return {key: os.environ.get(named[key] or usual, "") for key, usual in SECRETS.items()}


def missing(names: Iterable[str]) -> Phrase:
    """Return what to do about variables that the environment lacks: a sentence and the lines to copy."""
    found = dict.fromkeys(names, "…")
    return say("no-keys", names=", ".join(found), lines="\n".join(exports(found)))


def exports(values: Mapping[str, str]) -> list[str]:
    """Return the lines that set environment variables, to copy into a shell or into PowerShell."""
    shell = (f"export {name}={value}" for name, value in values.items())
    return [*shell, "PowerShell:", *(f"$env:{name} = '{value}'" for name, value in values.items())]
