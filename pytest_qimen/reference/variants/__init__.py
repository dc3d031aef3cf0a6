"""The table of all variants: other ways to answer, each as legal as the plain one."""

from collections.abc import Mapping

from pytest_qimen.reference.faults.model import Fault
from pytest_qimen.reference.variants import beforehand, behaviour, careful, form, http, words
from pytest_qimen.reference.variants.behaviour import KNOWN, SUBSET

__all__ = ["FAMILIES", "KNOWN", "SUBSET", "VARIANTS", "list_variants"]

# A family is a module, and has its name.
FAMILIES: Mapping[str, Mapping[str, Fault]] = {
    module.__name__.rpartition(".")[2]: module.FAMILY.faults
    for module in (form, http, words, behaviour, beforehand, careful)
}
VARIANTS: Mapping[str, Fault] = {
    name: variant for family in FAMILIES.values() for name, variant in family.items()
}


def list_variants() -> list[Fault]:
    """Return every variant, family by family."""
    return list(VARIANTS.values())
