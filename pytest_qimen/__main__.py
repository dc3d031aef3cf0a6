"""The `qimen` command: everything about cases, runs and reports that needs no pytest."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pytest_qimen.errors import QimenError
from pytest_qimen.signing import SIGN_METHODS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 for good, 1 for a found fault, 2 with one line on standard error for bad input."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except QimenError as error:
        print(f"qimen: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qimen", description="Conformance of Qimen and TOP endpoints.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=words, description=words)
        found.set_defaults(run=run)
        return found

    listing = command("list", _list, "show methods, roles, requirements and counts of cases")
    listing.add_argument("pattern", nargs="?", default="*", help="a glob, such as 'deliveryorder.*'")
    generating = command("generate", _generate, "write xsd/ and cases/COVERAGE.md from cases/")
    generating.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file would")
    serving = command("serve", _serve, "run the embedded endpoint until interrupted")
    serving.add_argument("--port", type=_port, default=0, help="0, the default, lets the system choose")
    serving.add_argument("--state", type=Path, help="the SQLite file that keeps what it learns")
    serving.add_argument("--fault", action="append", default=[], metavar="NAME", help="break it in this way")
    serving.add_argument(
        "--variant", action="append", default=[], metavar="NAME", help="differ legally in this way"
    )
    serving.add_argument("--list-faults", action="store_true", help="show every fault and stop")
    serving.add_argument("--list-variants", action="store_true", help="show every variant and stop")
    signing = command("sign", _sign, "sign parameters and a body with the secret in QIMEN_SECRET")
    signing.add_argument("params", nargs="+", metavar="NAME=VALUE", help="raw, not URL-encoded")
    signing.add_argument("--body", type=Path, help="the file with the body; none for TOP")
    signing.add_argument("--method", default="md5", choices=SIGN_METHODS, help="the sign_method")
    checking = command("check", _check, "validate messages against their method and its rules")
    checking.add_argument("files", nargs="+", metavar="FILE", help="a message, a folder, or -")
    checking.add_argument("--method", help="the method, where the file's name does not say it")
    replaying = command("replay", _replay, "run a recorded case again and say whether it is fixed")
    replaying.add_argument("what", metavar="ID|FILE", help="a case, or all of a case file")
    replaying.add_argument("--url", help="the endpoint; else that of --report, else the embedded one")
    replaying.add_argument("--target", type=Path, help="the target file; else the profile of --report")
    replaying.add_argument("--report", type=Path, help="the folder of the run to compare with")
    replaying.add_argument(
        "--raw",
        action="store_true",
        help="send the bodies and parameters that the run recorded, timestamp and keys included; only the "
        "signature, which is never recorded, is computed anew. Without it all is made anew for today",
    )
    beginning = command("init-target", _init_target, "write a commented target file")
    beginning.add_argument("file", type=Path, nargs="?", default=Path("target.toml"), help="target.toml")
    reporting = command("report", _report, "make every form of a run, or of its shards, from the events")
    reporting.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="a folder with events.jsonl")
    reporting.add_argument(
        "--mask-personal", action="store_true", help="no names, phones, addresses or identity numbers"
    )
    reporting.add_argument("-o", "--output", type=Path, help="where to write; the first DIR when absent")
    command("schema", _schema, "print the JSON Schema of results.json")
    comparing = command("compare", _compare, "show what changed between two runs; exit 1 if newly red")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    basing = command("baseline", _baseline, "print a run's failures as [[known]] tables for a target file")
    basing.add_argument("folder", type=Path, metavar="DIR")
    basing.add_argument("--days", type=int, default=90, help="until they expire")
    certifying = command("certify-result", _certify, "print a certificate for a conformant run")
    certifying.add_argument(
        "folders", type=Path, nargs="+", metavar="DIR", help="a run, or all of its shards"
    )
    certifying.add_argument("--key", type=Path, help="an Ed25519 private key (PEM); unsigned without it")
    verifying = command("verify", _verify, "check a certificate offline")
    verifying.add_argument("certificate", type=Path)
    verifying.add_argument("--key", type=Path, help="the Ed25519 public key (PEM)")
    explaining = command("explain", _explain, "say what a case wants, why, and how to leave it out")
    explaining.add_argument("id", help="the id of a case or of a requirement")
    cleaning = command("cleanup", _cleanup, "take back what an interrupted run created")
    cleaning.add_argument("events", type=Path, metavar="EVENTS", help="the run's events.jsonl")
    cleaning.add_argument("--url", help="the endpoint")
    cleaning.add_argument("--target", type=Path, help="the target file")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected 0 to 65535, got {text!r}")
    return int(text)


def _list(options: argparse.Namespace) -> int:
    from pytest_qimen import spec
    from pytest_qimen.cases import bundled_cases

    found = [(name, path) for name, path in spec.methods().items() if spec.matches(name, [options.pattern])]
    if not found:
        raise QimenError(f"list: no method matches {options.pattern!r}")
    print(f"{'method':<46}{'request':>8}{'answer':>8}{'rules':>7}{'cases':>7}  title")
    totals = [0, 0, 0, 0]
    for name, path in found:
        api = spec.load_api(name)
        counts = [len(api.request.leaves), len(api.response.leaves), len(api.rules), len(bundled_cases(path))]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        print(f"{name:<46}{counts[0]:>8}{counts[1]:>8}{counts[2]:>7}{counts[3]:>7}  {api.title.zh}")
    counted = f"{len(found)} method{'s' * (len(found) != 1)}"
    print(f"{counted:<46}{totals[0]:>8}{totals[1]:>8}{totals[2]:>7}{totals[3]:>7}")
    return 0


def _generate(options: argparse.Namespace) -> int:
    from pytest_qimen import coverage, generate

    return max(generate.main(options.check), coverage.main(options.check))


def _serve(options: argparse.Namespace) -> int:
    from pytest_qimen.embedded import DATA
    from pytest_qimen.reference.faults import FAULTS
    from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, start
    from pytest_qimen.reference.variants import VARIANTS

    if options.list_faults or options.list_variants:
        for name, entry in sorted((FAULTS if options.list_faults else VARIANTS).items()):
            print(f"{name:<44}{entry.en}")
        return 0
    endpoint = start(faults=options.fault, variants=options.variant, state=options.state, port=options.port)
    print(f"{endpoint.url}  app_key={APP_KEY} customerId={CUSTOMER_ID}; Ctrl-C ends it", flush=True)
    for key, values in DATA.items():
        print(
            f'it knows one document already; for the target file: [data] "{key}" = "{values[0]}"', flush=True
        )
    try:
        endpoint.wait()
    except KeyboardInterrupt:
        pass
    finally:
        endpoint.stop()
    return 0


def _sign(options: argparse.Namespace) -> int:
    import os

    from pytest_qimen.errors import UsageError
    from pytest_qimen.signing import sign

    secret = os.environ.get("QIMEN_SECRET")
    if not secret:
        raise UsageError("sign: the environment has no QIMEN_SECRET")
    wrong = [pair for pair in options.params if "=" not in pair]
    if wrong:
        raise UsageError(f"sign: expected NAME=VALUE, got {wrong[0]!r}")
    try:
        body = options.body.read_bytes() if options.body else None
    except OSError as error:
        raise UsageError(f"sign: {error}") from None
    print(sign(dict(pair.split("=", 1) for pair in options.params), body, secret, options.method))
    return 0


def _check(options: argparse.Namespace) -> int:
    from pytest_qimen import checking

    return checking.check_main(options.files, options.method, sys.stdout)


def _replay(options: argparse.Namespace) -> int:
    from pytest_qimen.replay import Request, replay

    asked = Request(options.url, options.target, options.report, options.raw)
    return replay(options.what, asked, sys.stdout)


def _report(options: argparse.Namespace) -> int:
    from pytest_qimen.report.merge import load, write
    from pytest_qimen.report.personal import masked

    record = load(options.folders)
    record = masked(record) if options.mask_personal else record
    for path in write(record, options.output or options.folders[0]):
        print(path)
    return 0


def _schema(options: argparse.Namespace) -> int:
    import json

    from pytest_qimen.report.jsonschema import schema

    print(json.dumps(schema(), indent=1, ensure_ascii=False))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from pytest_qimen.report.compare import compare, lines, snapshot

    found = compare(snapshot(options.old), snapshot(options.new))
    print("\n".join(lines(found)))
    return int(bool(found.newly_red))


def _baseline(options: argparse.Namespace) -> int:
    from pytest_qimen.report.baseline import baseline
    from pytest_qimen.report.merge import load
    from pytest_qimen.report.personal import masked

    record = masked(load([options.folder]))  # target files are shared
    print(baseline(record.head, record.events, days=options.days))
    return 0


def _certify(options: argparse.Namespace) -> int:
    import json

    from pytest_qimen.report.certificate import issue
    from pytest_qimen.report.merge import load

    print(json.dumps(issue(load(options.folders), key=options.key), indent=1, ensure_ascii=False))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from pytest_qimen.report.certificate import verify

    print("\n".join(verify(options.certificate, key=options.key)))
    return 0


def _explain(options: argparse.Namespace) -> int:
    from pytest_qimen.report.explain import about

    print("\n".join(about(options.id)))
    return 0


def _init_target(options: argparse.Namespace) -> int:
    from pytest_qimen.errors import UsageError

    text = Path(__file__).with_name("template.toml").read_text("utf-8")
    try:
        with options.file.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"init-target: {error}") from None
    print(f"wrote {options.file}")
    return 0


def _cleanup(options: argparse.Namespace) -> int:
    from pytest_qimen.cleanup import cleanup

    return cleanup(options.events, url=options.url, file=options.target, out=sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
