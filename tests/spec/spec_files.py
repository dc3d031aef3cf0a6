"""Method files that the tests write."""

from collections.abc import Iterator

from pytest_qimen import spec
from pytest_qimen.spec import Field


def rows() -> Iterator[tuple[str, Field]]:
    for api in spec.load_all():
        for message in (api.request, api.response):
            for row in message.fields:
                yield f"{api.name} {message.direction} {row.path}", row
