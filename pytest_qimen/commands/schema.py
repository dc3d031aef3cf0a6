"""`qimen schema`: the JSON Schema of results.json."""

import argparse

from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import say


def add_parser(commands: Subparsers) -> None:
    """Add `qimen schema` to the command line."""
    command(commands, "schema", run, say("help-schema"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    import json

    from pytest_qimen.report.jsonschema import schema

    print(json.dumps(schema(options.language), indent=1, ensure_ascii=False))
    return 0
