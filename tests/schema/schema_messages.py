"""Messages to validate."""

from pathlib import Path

from pytest_qimen import spec, xml
from pytest_qimen.messages import samples

DATA = Path(__file__).parents[1] / "data"
EVERYTHING = spec.load(DATA / "cases" / "wms" / "everything.check.toml")


def full() -> xml.Element:
    return samples.full(EVERYTHING.request)
