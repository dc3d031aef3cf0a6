"""Names of variants in, what they plug into the endpoint out: other ways to answer that are just as legal."""

from collections.abc import Mapping

from pytest_qimen.reference.faults.model import Fault
from pytest_qimen.reference.variants.behaviour import BEHAVIOUR, KNOWN, SUBSET
from pytest_qimen.reference.variants.careful import CAREFUL
from pytest_qimen.reference.variants.form import FORM, HTTP
from pytest_qimen.reference.variants.words import WORDS

__all__ = ["KNOWN", "SUBSET", "VARIANTS", "list_variants"]

VARIANTS: Mapping[str, Fault] = {
    name: variant
    for family in (FORM, HTTP, WORDS, BEHAVIOUR, CAREFUL)
    for name, variant in family.faults.items()
}


def list_variants() -> list[Fault]:
    """Every variant, family by family."""
    return list(VARIANTS.values())
