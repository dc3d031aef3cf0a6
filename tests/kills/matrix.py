"""Faults of the embedded endpoint in, tests/KILLS.md out: which cases turn red under which fault.

`python -m tests.kills.matrix` (make kills) runs every fault against the cases that test the requirement it
breaks and, where these notice nothing, against the rest and representative methods; then every fault against
some cases of each requirement for which no red case spoke. It takes twenty minutes on two cores; with names
of faults (make kills ARGS='a b') only these are run and their rows replaced. test_kills.py holds the
table to its word in CI.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pytest_qimen import spec
from pytest_qimen.cases import Case, bundled_cases, bundled_files, find_case
from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.client.transport import Transport
from pytest_qimen.commands.coverage import all_cases, testers
from pytest_qimen.reasons import Told
from pytest_qimen.reference.app import Endpoint
from pytest_qimen.reference.faults import FAULTS, plugs_of
from pytest_qimen.reference.hooks import Plug
from pytest_qimen.reference.serve import APP_KEY, CUSTOMER_ID, SECRET
from pytest_qimen.runner import Outcome, Session
from pytest_qimen.runner.canary import Canary
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.search.property import drawer
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Level, Status

TABLE = Path(__file__).parent.parent / "KILLS.md"
CRASHED = "the endpoint crashed"
EXAMPLES = 10  # drawn messages of a property
TRIED = 4  # cases of a requirement that are tried on every fault
MANY = 150  # cases of a requirement: of more only those of METHODS and the protocol are tried
PLACED = (  # faults that are general, at the one place where they speak for a requirement
    "method-refused@inventoryrule.create",
    "method-refused@shop.synchronize",
    "method-refused@supplier.synchronize",
    "status-500@deliveryordersum.query",
)
METHODS = (
    "wms/entryorder.create",
    "wms/entryorder.query",
    "wms/deliveryorder.create",
    "wms/deliveryorder.batchcreate",
    "wms/singleitem.query",
    "wms/singleitem.synchronize",
    "wms/items.synchronize",
    "wms/inventory.query",
    "wms/orderstatus.batchquery",
    "erp/stockchange.report",
    "erp/sn.report",
    "erp/order.sn.report",
    "store/itemstore.banding",
    "store/storeinventory.itemupdate",
    "store/taobao.qimen.storeinventory.itemupdate",
    "wdk/alibaba.wdk.stock.publish",
    "wdk/alibaba.wdk.sku.scroll.query",
)


@dataclass(frozen=True, slots=True)
class Kills:
    """What the suite says of one fault: the red cases, and those on which the endpoint itself crashed.

    A case that meets a crash says nothing of the fault: it is counted as broken and never as red.
    """

    fault: str
    cases: tuple[str, ...]
    broken: int = 0


class Row(NamedTuple):
    """A fault in the table: how many cases are red and broken, and the first of the red ones."""

    red: int
    broken: int
    first: tuple[str, ...]


Witnesses: TypeAlias = Mapping[str, tuple[str, str]]  # requirement -> fault, case


@cache
def wanted() -> Mapping[str, tuple[Case, ...]]:
    """Every requirement of level must or should, and the cases of such a level that test it."""
    requirements = load_requirements()
    found = {
        identity: tuple(case for case in cases if case.level is not Level.MAY)
        for identity, cases in testers(requirements, all_cases()).items()
        if requirements[identity].level is not Level.MAY
    }
    return {identity: cases for identity, cases in found.items() if cases}


def outcomes(cases: Iterable[Case], plugs: Sequence[Plug]) -> Iterator[Outcome]:
    """The outcomes of the cases against the embedded endpoint with these faults; ERROR where it crashed.

    The cause of a blocked case is another case: its outcome follows. Before a flow come, as in every run, the
    cases that judge the answers of its methods, so that it is blamed for nothing else.
    """
    endpoint = Endpoint(app_key=APP_KEY, secret=SECRET, customer_id=CUSTOMER_ID, plugs=plugs)
    transport = Transport(read_timeout=10)
    target = embedded_target(Target(url="", app_key="", secret=""), endpoint.url)
    canary = Canary(target, lasts=True)
    session = Session(target, transport, canary=canary, draw=drawer(EXAMPLES, 0))
    blamed = set()
    try:
        for case in cases:
            for name in spec.methods() if case.id.startswith("flows/") else ():
                if name in {api.name for api in case.apis}:
                    session.outcome(find_case(f"{name}/answer/success"))
            outcome = _uncrashed(session, case, endpoint)
            yield outcome
            if outcome.status is Status.BLOCKED and outcome.cause not in blamed:
                blamed.add(outcome.cause)
                if re.fullmatch(r"\S+/\S+", outcome.cause):
                    yield _uncrashed(session, find_case(outcome.cause), endpoint)
        yield from session.late()
    finally:
        transport.close()
        canary.close()
        endpoint.stop()


def _uncrashed(session: Session, case: Case, endpoint: Endpoint) -> Outcome:
    before = len(endpoint.crashes)
    outcome = session.outcome(case)
    if len(endpoint.crashes) == before:
        return outcome
    return replace(outcome, status=Status.ERROR, reason=Told(f"{CRASHED}: {endpoint.crashes[-1]}"))


def groups(fault: str) -> Iterator[list[Case]]:
    """The cases to try on a fault: of its method, of its requirement, then the others, group by group."""
    common = [
        case
        for path in bundled_files()
        if path.parent.name in ("protocol", "flows")
        for case in bundled_cases(path)
    ]
    methods = [[case for case in bundled_cases(spec.methods()[name]) if case.steps] for name in METHODS]
    known = {case.id for case in (*common, *(case for cases in methods for case in cases))}
    name, _, method = fault.partition("@")
    yield [case for path in spec.methods().values() if path.stem == method for case in bundled_cases(path)]
    meant = wanted().get(FAULTS[name].requirement, ())
    own = [case for case in meant if case.steps and (case.id in known or len(meant) <= MANY)]
    own = own or list(_few(meant))
    yield own
    tried = {case.id for case in own}
    yield [case for case in common if case.id not in tried]
    yield from ([case for case in cases if case.id not in tried] for cases in methods)


def kill(fault: str) -> Kills:
    """Every red case of the first group that notices."""
    found = Kills(fault, ())
    for cases in groups(fault):
        found = _joined(found, _counted(fault, outcomes(cases, plugs_of([fault]))))
        if found.cases:
            break
    return found


def _counted(fault: str, found: Iterable[Outcome]) -> Kills:
    """What the outcomes under a fault say of it."""
    ended = list(found)
    red = dict.fromkeys(outcome.case.id for outcome in ended if outcome.status.is_broken)
    return Kills(fault, tuple(red), sum(outcome.cause.startswith(CRASHED) for outcome in ended))


def _joined(first: Kills, second: Kills) -> Kills:
    """Both answers about one fault in one."""
    cases = tuple(dict.fromkeys([*first.cases, *second.cases]))
    return replace(first, cases=cases, broken=first.broken + second.broken)


def tried_on_all(found: Sequence[Kills], best: Witnesses) -> list[Case]:
    """Some cases of every requirement of which no red case and no witness speaks."""
    red = {identity for kills in found for identity in kills.cases}
    left = [
        cases
        for identity, cases in wanted().items()
        if identity not in best and red.isdisjoint(case.id for case in cases)
    ]
    return list({case.id: case for cases in left for case in _few(cases)}.values())


def _few(cases: Sequence[Case]) -> Sequence[Case]:
    """Some of a requirement's cases; of those that draw their messages one, for they are slow."""
    return [case for case in cases if case.steps][:TRIED] or cases[:1]


def also(fault: str, cases: Sequence[Case]) -> Kills:
    """Which of these cases turn red, too."""
    return _counted(fault, outcomes(cases, plugs_of([fault])))


def witnesses(found: Sequence[Kills], best: Witnesses) -> Witnesses:
    """For each requirement a fault and a case that it turns red: its own fault, else the one with fewest.

    What is known already (`best`) gives way only to a requirement's own fault.
    """
    best = dict(best)
    for kills in sorted(found, key=lambda one: len(one.cases)):
        red = set(kills.cases)
        for identity, cases in wanted().items():
            case = next((case.id for case in cases if case.id in red), None)
            own = _is_own(kills.fault, identity)
            if case and (identity not in best or (own and not _is_own(best[identity][0], identity))):
                best[identity] = kills.fault, case
    return best


def _is_own(fault: str, identity: str) -> bool:
    """Whether the fault is one that breaks just this requirement."""
    return FAULTS[fault.partition("@")[0]].requirement == identity


def read(path: Path = TABLE) -> tuple[dict[str, Row], Witnesses]:
    """The rows of a table and the witnesses of the requirements in it."""
    lines = path.read_text("utf-8").splitlines()
    rows = (re.fullmatch(r"\| (\S+) \| (\d+) \| (\d+) \| (.+) \|", line) for line in lines)
    best = (re.fullmatch(r"\| (\S+) \| ([^—\s]+) \| (\S+/\S+) \|", line) for line in lines)
    return (
        {
            row[1]: Row(int(row[2]), int(row[3]), tuple(row[4].split(", ")) if int(row[2]) else ())
            for row in rows
            if row
        },
        {one[1]: (one[2], one[3]) for one in best if one},
    )


def text(rows: Mapping[str, Row], best: Witnesses) -> str:
    """The table of faults, and which fault and case speak for which requirement."""
    lines = [
        "# Kills",
        "",
        "Generated by `make kills`: what turns red under each fault of the embedded endpoint "
        "(`qimen serve --list-faults`). Cases are those of the first group that notices: the cases "
        "of the requirement that it breaks, else others. A case on which the endpoint itself crashed "
        "is broken, not red.",
        "",
        "| fault | red | broken | first cases |",
        "|---|---:|---:|---|",
    ]
    lines += [
        f"| {fault} | {row.red} | {row.broken} | {', '.join(row.first) or '—'} |"
        for fault, row in rows.items()
    ]
    lines += [
        "",
        "Every requirement of level must or should that a case tests, with a fault that turns one red.",
        "",
        "| requirement | fault | case |",
        "|---|---|---|",
    ]
    lines += [
        f"| {identity} | {' | '.join(best.get(identity, ('—', '—')))} |" for identity in sorted(wanted())
    ]
    return "\n".join(lines) + "\n"


def main(names: Sequence[str]) -> int:
    """Write the table anew; or, for some faults, only their rows and what they are witnesses of."""
    every = [*sorted(FAULTS), *PLACED]
    rows, best = read() if names else ({}, {})
    best = {identity: one for identity, one in best.items() if one[0] in set(every) - set(names)}
    found = []
    with ProcessPoolExecutor(2) as pool:
        for kills in pool.map(kill, names or every):
            print(f"{kills.fault}: {len(kills.cases)} red, {kills.broken} broken", flush=True)
            found.append(kills)
        left = tried_on_all(found, best)
        print(f"{len(left)} cases on every fault", flush=True)
        more = pool.map(also, [kills.fault for kills in found], [left] * len(found))
        found = list(map(_joined, found, more))
    rows |= {kills.fault: Row(len(kills.cases), kills.broken, kills.cases[:3]) for kills in found}
    rows = {fault: rows[fault] for fault in every if fault in rows}
    TABLE.write_text(text(rows, witnesses(found, best)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
