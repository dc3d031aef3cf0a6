"""Calls in, answers at once, and what is wrong with each call out: `qimen listen`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_qimen.commands.ending import ending
from pytest_qimen.commands.parsers import Subparsers, command, duration, page_port, port
from pytest_qimen.phrases import counted, say

if TYPE_CHECKING:
    from pytest_qimen.calls.call import Caller
    from pytest_qimen.listening.listener import Listener
    from pytest_qimen.listening.model import Judged
    from pytest_qimen.live.session import Live
    from pytest_qimen.phrases import Said
    from pytest_qimen.target.model import Target

LEVELS = ("must", "should", "may")
TOLD = 500  # calls behind at which the lag is told, and at each double of it


def add_parser(commands: Subparsers) -> None:
    """Add `qimen listen` to the command line."""
    parser = command(commands, "listen", run, say("help-listen"))
    parser.add_argument("--target", metavar="TOML", help=say("help-listen-target"))
    parser.add_argument("--port", type=port, default=0, help=say("help-listen-port"))
    parser.add_argument("--host", default="127.0.0.1", help=say("help-listen-host"))
    parser.add_argument("--tls", nargs=2, metavar=("CERT.pem", "KEY.pem"), help=say("help-listen-tls"))
    parser.add_argument("--report", type=Path, metavar="DIR", help=say("help-listen-report"))
    parser.add_argument("--for", type=duration, dest="time", metavar="30m", help=say("help-listen-for"))
    parser.add_argument("--state", type=Path, help=say("help-listen-state"))
    parser.add_argument("--forward", metavar="URL", help=say("help-listen-forward"))
    parser.add_argument("--keep-host", action="store_true", help=say("help-listen-keep-host"))
    parser.add_argument("--level", choices=LEVELS, default="must", help=say("help-listen-level"))
    parser.add_argument("--mask-personal", action="store_true", help=say("help-listen-mask-personal"))
    parser.add_argument(
        "--scenarios", nargs="?", const="*", metavar="GLOB", help=say("help-listen-scenarios")
    )
    parser.add_argument("--page-port", type=page_port, default=0, metavar="N|off", help=say("help-page-port"))


def run(options: argparse.Namespace) -> int:
    """Listen until it is interrupted or its time is over; 0 where what came is conformant."""
    from pytest_qimen.errors import UsageError
    from pytest_qimen.target.model import load_target

    if options.scenarios is not None:
        return _provoke(options)
    if options.forward and options.state:
        raise UsageError(say("listen-state-alone"))
    if options.keep_host and not options.forward:
        raise UsageError(say("listen-keep-alone"))
    target = load_target(options.target)
    with ExitStack() as close:
        return _Session(options, target, close).run()


def _provoke(options: argparse.Namespace) -> int:
    """Play the scenarios, as `pytest --qimen-listen` does; return its exit status."""
    from pytest_qimen.commands.provoked import arguments
    from pytest_qimen.commands.test import in_pytest

    return in_pytest(arguments(options))


class _Session:
    """One run of the command."""

    def __init__(self, options: argparse.Namespace, target: Target, close: ExitStack) -> None:
        from pytest_qimen.listening.report import opened
        from pytest_qimen.listening.tally import Tally
        from pytest_qimen.verdict import Level

        self._options, self._target = options, target
        self._caller = self._caller_of()
        self._listener = self._listen(close)
        close.callback(self._listener.close)
        url = self._listener.url
        self._tally = Tally(self._caller, target.caller, url.rpartition("/")[0])
        self._lag = TOLD
        self._trouble: Said = ""
        name = target.name or options.forward or url
        level = Level(options.level)
        self._report = close.enter_context(opened(options.report, name, url, level, target.caller))
        self._page = self._page_of(name)
        if self._page:
            close.callback(self._page.close)

    def _caller_of(self) -> Caller:
        """Return who calls: of the target file, the environment, else with the embedded endpoint's keys."""
        from pytest_qimen.calls.call import Caller
        from pytest_qimen.reference.serve import APP_KEY, SECRET

        target, options = self._target, self._options
        prefixed = target.prefixed if options.target else None
        if options.forward or target.app_key or target.secret:
            return Caller(target.app_key, target.secret, target.session, prefixed)
        return Caller(APP_KEY, SECRET, "", prefixed)

    def _listen(self, close: ExitStack) -> Listener:
        from pytest_qimen.errors import UsageError
        from pytest_qimen.listening.forward import Forward, is_own
        from pytest_qimen.listening.listener import Listener
        from pytest_qimen.reference.app import Core
        from pytest_qimen.wire.server import tls_context

        options, caller = self._options, self._caller
        tls = tls_context(*options.tls) if options.tls else None
        where = {"port": options.port, "host": options.host, "tls": tls}
        if options.forward:
            if is_own(options.forward, options.host, options.port):
                raise UsageError(say("listen-itself"))
            forward = Forward(options.forward, tls=self._target.tls, keep_host=options.keep_host)
            return Listener(forward.answer, caller, forwards=True, ending=forward.close, **where)
        core = Core(
            app_key=caller.app_key,
            secret=caller.secret,
            customer_id=self._target.customer_id,
            state=str(options.state) if options.state else None,
            lenient=True,
        )
        close.callback(core.store.close)
        return Listener(core.answer, caller, **where)

    def _page_of(self, name: str) -> Live | None:
        """Return the live page of the session, None where none is wanted."""
        from pytest_qimen import spec
        from pytest_qimen.live.session import Live

        options, judge, profile = self._options, self._listener.judge, self._target.caller
        if options.page_port is None:
            return None
        return Live(
            {"side": "caller", "target": name, "url": self._listener.url},
            options.page_port,
            caller=self._caller,
            claimed=filter(profile.claims, spec.load_all()) if options.target else (),
            state={"lag": lambda: judge.lag},
            mask_personal=options.mask_personal,
        )

    def run(self) -> int:
        """Listen, then say what came of it; 0 for conformant."""
        self._listener.begin(self._hear)
        with ending() as end:
            for line in self._words():
                print(line, flush=True)
            end.wait(self._options.time)
        self._listener.close()
        return self._end(self._judge_rest())

    def _words(self) -> Iterator[str]:
        """Yield the address, who reaches it, and the keys where they are not the user's own."""
        from pytest_qimen.commands.serve import reach

        options, url = self._options, self._listener.url
        language = options.language
        who = reach(url, options.host)
        if options.forward:
            yield say("listen-forwards", url=url, to=options.forward, reach=who).text(language)
        else:
            yield say("listen-here", url=url, reach=who).text(language)
            if not self._target.secret:
                keys = say("listen-keys", key=self._caller.app_key, secret=self._caller.secret)
                yield keys.text(language)
        if self._page:
            yield say("live-here", url=self._page.url).text(language)
        yield say("listen-end").text(language)

    def _hear(self, judged: Judged) -> None:
        """Count a judged call, write it down and show it; called in the judge's thread."""
        from pytest_qimen.errors import of_system
        from pytest_qimen.listening.model import line

        self._tally.add(judged)
        if self._page:
            self._page.hear(judged)
        if self._report and not self._trouble:
            try:
                self._report.add(judged)
            except OSError as error:
                self._trouble = of_system(error)
        with suppress(OSError):
            print(f"{line(judged, self._options.language)}\n", end="", flush=True)
            lag = self._listener.judge.lag
            if lag > self._lag:
                self._lag = 2 * lag
                told = say("listen-lag", number=lag).text(self._options.language)
                print(told, flush=True)

    def _judge_rest(self) -> bool:
        """Judge what was answered already; return False where a second Ctrl-C gave that up."""
        from pytest_qimen.listening.model import told

        judge, language = self._listener.judge, self._options.language
        with ending() as end:
            if not judge.wait(1.0):
                print(f"{say('listen-lag', number=judge.lag).text(language)}\n", end="", flush=True)
            while not judge.wait(0.1):
                if end.told:
                    print(say("listen-given-up", number=judge.lag).text(language), flush=True)
                    judge.stop(give_up=True)
                    return False
        judge.stop()
        self._tally.conclude(judge.late)
        for one in judge.late:
            if one.finding.level.is_judged:
                print(say("judge-late", place=one.place, method=one.method).text(language))
                print(f"  {told(one.finding, language).text(language)}")
        return True

    def _end(self, whole: bool) -> int:
        from pytest_qimen.errors import UsageError
        from pytest_qimen.report.results import verdict
        from pytest_qimen.report.summary import lines

        options = self._options
        cases = list(self._tally.records(answers=bool(options.forward)))
        print(counted("count-came", self._tally.calls).text(options.language))
        if not self._tally.calls:
            print(say("listen-none", url=self._listener.url).text(options.language))
        for text in lines(cases, options.level, whole, options.language):
            print(text)
        found = verdict(cases, options.level, whole)
        if self._page:
            self._page.end(found)
        if self._report and not self._trouble:
            self._report.end(cases, whole=whole, mask_personal=options.mask_personal)
            print(options.report / "report.html")
        if self._trouble:
            raise UsageError(say("told", place="--report", why=self._trouble))
        return 0 if found == "conformant" else 1
