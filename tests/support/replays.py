"""Flows in, their messages as they would be sent, and the steps that repeat a key but not its message out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pytest_qimen import xml
from pytest_qimen.cases import Case, Step
from pytest_qimen.runner.compose import Context, Keys, compose
from pytest_qimen.spec import Field
from pytest_qimen.target.model import Target


@dataclass(frozen=True, slots=True)
class Difference:
    """Step `step` uses `value` as the key at `path`, as step `first` did, in other company."""

    case: Case
    first: int
    step: int
    path: str
    value: str


def messages(case: Case) -> Iterator[tuple[int, Step, xml.Element]]:
    """Yield the number, the step and the message of every step that composes one."""
    context = Context(Target("http://127.0.0.1:1/", "key", "secret"), Keys())
    for name, text in case.let.items():
        context.names[name] = context.value(text)
    for number, step in enumerate(case.steps, 1):
        if step.each:
            context.names["each"] = f"each-{step.each}"
        if step.again:
            continue
        root = compose(step, context, _given(step, context))
        yield number, step, root
        for name, place in step.save.items():
            side, _, path = place.partition(":")
            found = [xml.text(one) for one in xml.find(root, path)] if side == "request" else []
            context.names[name] = found[0] if found else f"saved-{name}"


def _given(step: Step, context: Context) -> Mapping[str, str]:
    """What a setup gives: the same to every message where it is shared, else something new to each."""
    put = {xml.schematic(change.path) for change in step.changes if change.op == "put"}
    return {
        path: context.keys.digits(9)
        for setup in step.api.setup
        if not setup.get("shared", False) and put.isdisjoint(setup["give"])
        for path in setup["give"]
    }


def differences(case: Case) -> Iterator[Difference]:
    """Yield every key of a later message whose part of the message differs from the earlier one's."""
    seen: dict[tuple[str, str, str], tuple[int, bytes]] = {}
    for number, step, root in messages(case):
        for row in _keys(step):
            for element in xml.find(root, row.path):
                name = (step.api.name, row.path, xml.text(element))
                part = xml.write(_part(element, row))
                first, known = seen.setdefault(name, (number, part))
                if first != number and known != part:
                    yield Difference(case, first, number, row.path, xml.text(element))


def _keys(step: Step) -> list[Field]:
    return [row for row in step.api.request.leaves if row.key and not step.api.readonly]


def _part(element: xml.Element, row: Field) -> xml.Element:
    """The part of a message that a key stands for: its row of a list, or the whole message."""
    names = row.path.split(".")
    depth = next((depth for depth, name in enumerate(reversed(names)) if name.endswith("[]")), None)
    part = element
    for _ in range(len(names) if depth is None else depth):
        parent = part.getparent()
        assert parent is not None
        part = parent
    return part


def written_out(case: Case) -> Iterator[tuple[str, int, int]]:
    """Yield case, first step and later step where a flow on idempotency writes the same message out twice."""
    seen: dict[tuple[str, bytes], int] = {}
    for number, step, root in messages(case) if case.family == "idempotency" else ():
        first = seen.setdefault((step.api.name, xml.write(root)), number)
        if first != number and _keys(step) and not step.tampers:
            yield case.id, first, number
