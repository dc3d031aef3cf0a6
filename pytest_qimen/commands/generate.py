"""Every Api in, xsd/<role>/<method>.xsd out: written, or compared with what is checked in."""

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_qimen import schema
from pytest_qimen.commands import callers_coverage, coverage
from pytest_qimen.commands.parsers import Subparsers, command
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.spec import Api, data_dir, load_all


def generate(check: bool, apis: Iterable[Api] | None = None, folder: Path | None = None) -> list[Phrase]:
    """Return the files that differ from the spec, as `wms/deliveryorder.create.xsd: reason`.

    Unless `check`, each is mended: written, or removed when it belongs to no method. `apis` and `folder`
    default to the bundled ones.
    """
    folder = folder or data_dir("xsd")
    wanted = {f"{api.name}.xsd": schema.xsd(api).encode() for api in (load_all() if apis is None else apis)}
    found = _differences(wanted, folder)
    if not check:
        for name in found:
            _mend(folder / name, wanted.get(name))
    return [say("told", place=name, why=say(reason)) for name, reason in found.items()]


def _differences(wanted: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.xsd")}
    found = dict.fromkeys(present.keys() - wanted.keys(), "generate-strange")
    for name, text in wanted.items():
        if name not in present:
            found[name] = "generate-missing"
        elif present[name].read_bytes() != text:
            found[name] = "generate-stale"
    return dict(sorted(found.items()))


def _mend(path: Path, text: bytes | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def main(check: bool, language: str = "en", cases: Path | None = None) -> int:
    """Write, or compare, the schemas and the coverage pages; 1 when a check finds a difference."""
    folder = cases or data_dir("cases")
    found = [*generate(check), *coverage.page(check, folder), *callers_coverage.page(check, folder)]
    for line in found:
        print((line if check else say("mended", what=line)).text(language))
    total = say("generate-differ" if check else "generate-changed", number=len(found))
    print(total.text(language))
    return 1 if check and found else 0


def add_parser(commands: Subparsers) -> None:
    """Add `qimen generate` to the command line."""
    parser = command(commands, "generate", run, say("help-generate"))
    parser.add_argument("--check", action="store_true", help=say("help-generate-check"))


def run(options: argparse.Namespace) -> int:
    """Carry the command out; return its exit status."""
    return main(options.check, options.language)
