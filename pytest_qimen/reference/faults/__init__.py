"""The table of all faults, and what named ones plug in: `name`, or `name@method:path` for one place."""

from collections.abc import Mapping, Sequence

from pytest_qimen.errors import UsageError, closest
from pytest_qimen.phrases import say
from pytest_qimen.reference.faults import (
    batches,
    confirmed,
    deliveries,
    disguises,
    entities,
    envelope,
    fields,
    idempotency,
    keys,
    limits,
    lookups,
    lots,
    mixed,
    overlooked,
    pages,
    parsing,
    queries,
    quoting,
    refusals,
    replays,
    scrolls,
    second_keys,
    shown,
    signature,
    spellings,
    state,
    stocks,
    stores,
    unverified,
)
from pytest_qimen.reference.faults.model import Fault
from pytest_qimen.reference.hooks import Plug

# A family is a module, and has its name.
FAMILIES: Mapping[str, Mapping[str, Fault]] = {
    module.__name__.rpartition(".")[2]: module.FAMILY.faults
    for module in (
        *(signature, disguises, unverified),
        *(envelope, parsing, fields, limits, state, refusals, queries, batches, idempotency),
        *(replays, keys, second_keys, spellings, shown, deliveries, entities, quoting, lookups),
        *(lots, confirmed, pages, scrolls, stocks, stores, overlooked, mixed),
    )
}
FAULTS: Mapping[str, Fault] = {name: fault for family in FAMILIES.values() for name, fault in family.items()}


def list_faults() -> list[Fault]:
    """Return every fault, family by family."""
    return list(FAULTS.values())


def plugs_of(names: Sequence[str], table: Mapping[str, Fault] = FAULTS, kind: str = "fault") -> list[Plug]:
    """Return what the named faults plug in; raise UsageError, with the nearest names, for an unknown one."""
    found: list[Plug] = []
    for full in names:
        name, _, where = full.partition("@")
        if name not in table:
            every = say("serve-lists", kind=kind)
            raise UsageError(say("unknown-fault", kind=kind, name=name, near=closest(name, table) or every))
        fault = table[name]
        methods, _, path = where.partition(":")
        if path and not fault.takes_path:
            raise UsageError(say("fault-no-path", kind=kind, name=name, path=path))
        found += [Plug(point, act, methods or fault.methods) for point, act in fault.make(path).items()]
    return found
