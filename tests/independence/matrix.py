"""Whether a case ends alike whatever ran before it: other runs are held against one of every file in order.

`python -m tests.independence.matrix` (make independence) runs the suite against the embedded endpoint and
each of VARIANTS: in order, each file alone, in random orders, and three times against one endpoint that
keeps its state. It prints every case whose status differs and ends with 1 where there is one; arguments name
the variants to try. test_independence.py does the same with a sample.
"""

import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing

from pytest_qimen.cases import Case, bundled_cases, bundled_files
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference.serve import serve
from pytest_qimen.runner import Session
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.search.property import drawer
from pytest_qimen.target.model import Target

VARIANTS = ("", *(f"no-{things}-beforehand" for things in ("goods", "owners", "suppliers", "stores")))
ORDERS, AGAIN = 2, 2  # random orders, and runs after the first with the state kept
EXAMPLES = 3  # drawn messages of a property
Statuses = Mapping[str, str]  # case -> its status and cause
Difference = tuple[str, str, str, str]  # how it ran, case, how it ended in the whole run, how here


def files() -> Iterator[tuple[Case, ...]]:
    """Yield the cases of every bundled file, in the order in which they run."""
    return map(bundled_cases, bundled_files())


def ended(url: str, cases: Iterable[Case]) -> Statuses:
    """Return how the cases end in a run of just these, in this order."""
    with closing(Transport()) as transport:
        target = embedded_target(Target(url="", app_key="", secret=""), url)
        session = Session(target, transport, draw=drawer(EXAMPLES, 0))
        found = [session.outcome(case) for case in cases]
    return {one.case.id: f"{one.status.value} {one.cause}".strip() for one in found}


def differences(variant: str, parts: Sequence[Sequence[Case]], seeds: Iterable[int]) -> Iterator[Difference]:
    """Yield every case of the parts that ends otherwise than in the run of all of them."""
    variants = [variant] if variant else []
    cases = [case for part in parts for case in part]
    with serve(variants=variants) as url:
        whole = ended(url, cases)
        for number in range(AGAIN):
            yield from _apart(f"{variant} again {number + 1}", whole, ended(url, cases))
    for part in parts:
        with serve(variants=variants) as url:
            yield from _apart(f"{variant} {part[0].file} alone", whole, ended(url, part))
    for seed in seeds:
        with serve(variants=variants) as url:
            mixed = random.Random(seed).sample(cases, len(cases))
            yield from _apart(f"{variant} order {seed}", whole, ended(url, mixed))


def _apart(how: str, whole: Statuses, found: Statuses) -> Iterator[Difference]:
    for case, status in found.items():
        if status.partition(" ")[0] != whole[case].partition(" ")[0]:
            yield how.strip(), case, whole[case], status


def _all(variant: str) -> list[Difference]:
    return list(differences(variant, [part for part in files() if part], range(ORDERS)))


def main(variants: Sequence[str]) -> int:
    """Print what differs; return the exit status."""
    wrong = 0
    with ProcessPoolExecutor() as pool:
        for found in pool.map(_all, variants or VARIANTS):
            for how, case, whole, status in found:
                print(f"{how}: {case}: {status} instead of {whole}", flush=True)
            wrong += len(found)
    print(f"{wrong} differences")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
