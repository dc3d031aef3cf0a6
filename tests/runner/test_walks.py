"""A step that walks takes page after page to the end, and judges all of them as one answer."""

from collections.abc import Callable, Iterator

import pytest

from pytest_qimen import xml
from pytest_qimen.cases import find_case
from pytest_qimen.client.transport import Transport
from pytest_qimen.reference import serve
from pytest_qimen.runner import Outcome, Session, execution
from pytest_qimen.runner.embedded import embedded_target
from pytest_qimen.target.model import Target
from pytest_qimen.verdict import Status


@pytest.fixture(name="walk")
def _walk() -> Iterator[Callable[..., Outcome]]:
    transport = Transport(connect_timeout=2, read_timeout=10)

    def walk(
        *faults: str, case: str = "flows/wdk/scroll-to-the-end", variants: tuple[str, ...] = ()
    ) -> Outcome:
        with serve(faults=faults, variants=variants) as url:
            target = embedded_target(Target(url="", app_key="", secret=""), url)
            return Session(target, transport).outcome(find_case(case))

    yield walk
    transport.close()


def test_every_page_is_asked_for(walk: Callable[..., Outcome]) -> None:
    outcome = walk()
    assert outcome.status is Status.PASS
    assert [b"scroll_id" in one.request.body for one in outcome.exchanges] == [False, True]


@pytest.mark.parametrize("fault", ["scroll-ends-early", "scroll-ignores-cursor", "scroll-skips-one"])
def test_a_page_that_is_lost_is_red(walk: Callable[..., Outcome], fault: str) -> None:
    outcome = walk(fault)
    assert outcome.status is Status.FAIL
    assert {finding.check for finding in outcome.findings} <= {
        "contract.counts",
        "contract.pages",
        "contract.unique",
    }


def test_the_last_page_again_is_an_end(walk: Callable[..., Outcome]) -> None:
    assert walk("scroll-never-ends").status is Status.PASS


STATUSES = "flows/paging/statuses-to-the-end"


def test_pages_are_asked_for_by_number(walk: Callable[..., Outcome]) -> None:
    outcome = walk(case=STATUSES)
    assert outcome.status is Status.PASS
    pages = [xml.get(xml.parse(one.request.body), "currentPage") for one in outcome.exchanges]
    assert [page for page in pages if page] == ["1", "2", "3", "4"]


def test_a_page_behind_the_end_may_be_refused(walk: Callable[..., Outcome]) -> None:
    outcome = walk(case=STATUSES, variants=("pages-behind-the-end-refused",))
    assert outcome.status is Status.INFO
    answers = [one.body for one in outcome.exchanges if b"currentPage" in one.request.body]
    assert [b"no such page" in body for body in answers] == [False, False, False, True]


def test_of_a_walk_that_does_not_end_only_parts_are_judged(
    walk: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "PAGES", 2)
    assert walk(case=STATUSES).status is Status.PASS
    assert (
        walk("statuses-twice-on-pages", case=STATUSES).status is Status.FAIL
    )  # the same page again is an end
