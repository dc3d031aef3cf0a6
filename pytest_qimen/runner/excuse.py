"""A refused message in, why the refusal may be right out: it speaks of what only the other side can know."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pytest_qimen import xml
from pytest_qimen.cases import Kind, Step, minimal_id
from pytest_qimen.checks.answer import read
from pytest_qimen.messages import samples
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import say
from pytest_qimen.reasons import Because, Reason, Unpinned
from pytest_qimen.runner import masterdata
from pytest_qimen.runner.execution import Execution, Services
from pytest_qimen.runner.model import Blocked, Broke
from pytest_qimen.runner.setup import can_set_up
from pytest_qimen.spec import Api
from pytest_qimen.verdict import Level, Status, status_of

_WORD = re.compile(r"\w+")


def excuse(services: Services, execution: Execution) -> Reason | None:
    """Return what excuses a refusal: the message speaks of what only the other side can know."""
    if any(finding.check != "contract.accepts" for finding in execution.findings):
        return None
    return _unknown(services, execution) or _closed(services, execution) or _named(services, execution)


def _unknown(services: Services, execution: Execution) -> Reason | None:
    """Return the fields of the smallest message that the endpoint need not know, if they may be why.

    Of master data the answer must speak itself. It is not why when the answer speaks of how something is
    written, when the endpoint takes the message that has every field, or refuses this one in the very words
    in which it refuses a wrong signature, broken XML or an unknown method, as long as it tells these apart.
    """
    api = execution.case.steps[0].api
    unknown = list(dict.fromkeys(_made_up(services, execution)))
    if execution.case.id != minimal_id(api) or not unknown:
        return None
    if masterdata.is_written_wrongly(_answered(execution)):
        return None
    if _accepts(services, execution, Step(api, base="typical")) or _is_protocol(services, execution):
        return None
    return Unpinned(api.method, tuple(unknown))


def _named(services: Services, execution: Execution) -> Reason | None:
    """Return whether the message names goods or places that the smallest one does not, and that is why."""
    step = execution.case.steps[execution.findings[-1].step - 1]
    pins = services.target.pins(step.api)
    usual = samples.minimal(step.api.request)
    blamed = _blamed(services, execution, step.api)
    extra = [path for path in blamed if path not in pins and not xml.find(usual, path)]
    without = replace(step, changes=(*step.changes, *(Edit("drop", path) for path in extra)))
    is_flow = execution.case.kind is Kind.FLOW
    if extra and (is_flow or _accepts(services, execution, without)):
        return Unpinned(step.api.method, tuple(extra))
    return None


def _made_up(services: Services, execution: Execution) -> Iterator[str]:
    """Yield the fields whose values only the other side can know, and that the profile does not pin."""
    api = execution.case.steps[0].api
    pins = services.target.pins(api)
    left_out = [setup for setup in api.setup if not can_set_up(services.target, setup["method"])]
    foreign = [*api.foreign, *(path for setup in left_out for path in setup["give"])]
    if not any(path in pins for path in foreign):
        yield from foreign
    yield from (path for path in _blamed(services, execution, api) if path not in pins)


def _blamed(services: Services, execution: Execution, api: Api) -> Iterator[str]:
    """Yield master data of the last message that its answer speaks of."""
    if execution.message is not None and (answer := _answered(execution)):
        made = services.introductions.names
        given = {path for setup in api.setup for path in setup["give"]}  # what an earlier answer had to tell
        yield from (
            path for path in masterdata.blamed(api, execution.message, answer, made) if path not in given
        )


def _answered(execution: Execution) -> str:
    """Return the last answer to the case's own steps; empty when there is none."""
    answers = [one for one, step in zip(execution.exchanges, execution.steps, strict=True) if step]
    return answers[-1].body.decode("utf-8", "replace") if answers else ""


def _accepts(services: Services, execution: Execution, step: Step) -> bool:
    """Return True when the endpoint takes this message instead."""
    probe = Execution(services, replace(execution.case, steps=(step,), cleanup=(), level=Level.MUST))
    try:
        probe.run()
    except (Blocked, Broke):
        return False
    return status_of(probe.findings) is not Status.FAIL


def _is_protocol(services: Services, execution: Execution) -> bool:
    """Return True when the message is refused as one with a wrong form is, and only as one of these."""
    form = () if execution.case.steps[0].api.protocol == "top" else ("truncated",)
    wrong = ("other-secret", "set-param:method=qimen.no.such.method", *form)
    return [_told(services, execution, tamper) for tamper in wrong].count(_said(execution)) == 1


def _told(services: Services, execution: Execution, tamper: str) -> tuple[str, str] | None:
    """Return what is said to the message with this done to it."""
    step = Step(execution.case.steps[0].api, tampers=(tamper,), expect="any")
    probe = Execution(services, replace(execution.case, steps=(step,), cleanup=()))
    try:
        probe.run()
    except (Blocked, Broke):
        return None
    return _said(probe)


def _said(execution: Execution) -> tuple[str, str] | None:
    """Return code and message of the last answer, without what changes from one to the next."""
    if not execution.exchanges:
        return None
    root = read(execution.exchanges[-1], execution.case.steps[0].api).root
    if root is None:
        return None
    texts = [
        next(iter(xml.values(root, name)), "")
        for name in ("code", "sub_code", "message", "sub_message", "msg")
    ]
    return " ".join(texts[:2]), _WORD.sub(_settled, " ".join(texts[2:]))


def _settled(word: re.Match[str]) -> str:
    """Return the word, `#` for one with a digit: a key, a number or a time."""
    return "#" if any(map(str.isdecimal, word[0])) else word[0]


def _closed(services: Services, execution: Execution) -> Reason | None:
    """Return that the boundary's field has a list of its own, when it refuses ordinary values, too."""
    control = execution.case.control
    if control is None or _accepts(services, execution, control):
        return None
    return Because(say("own-values", field=control.changes[0].path))
