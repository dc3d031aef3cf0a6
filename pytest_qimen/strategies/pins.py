"""What the caller pins in, the values that the fields of one message may have out."""

from collections.abc import Iterator, Mapping, Sequence

from pytest_qimen import samples, xml
from pytest_qimen.errors import UsageError
from pytest_qimen.schema import problems
from pytest_qimen.schema.shape import message_of, root_name
from pytest_qimen.spec import Api, Field
from pytest_qimen.strategies.repair import Pins, find

Given = Mapping[str, str | Sequence[str]]  # leaf name, path or method:path -> its value or values


def resolve(api: Api, direction: str, given: Given) -> Pins:
    """The legal ones of the pinned values, by schematic path; UsageError names a pin that has none."""
    found: dict[str, tuple[str, ...]] = {}
    for row in message_of(api, direction).leaves:
        for key in (f"{api.method}:{row.path}", row.path, row.name):
            if key in given:
                value = given[key]
                values = [value] if isinstance(value, str) else value
                reasons = {one: list(_reasons(api, direction, row, one)) for one in values}
                found[row.path] = tuple(one for one in values if not reasons[one])
                if not found[row.path]:
                    why = "; ".join(reason for each in reasons.values() for reason in each)
                    raise UsageError(
                        f"pin {key!r}: {api.method} can have none of its values: {why or 'none given'}"
                    )
                break
    return found


def _reasons(api: Api, direction: str, row: Field, value: str) -> Iterator[str]:
    """Why the field may not have the value."""
    if not value or not xml.is_legal_text(value):
        yield f"{row.path}: XML cannot carry {value!r}" if value else f"{row.path}: an empty value is none"
        return
    root = samples.full(message_of(api, direction), root_name(api, direction))
    for element in find(root, row.path):
        element.text = value
    yield from (problem.text for problem in problems(api, direction, root) if problem.field == row.path)
