"""Cases run without the phases of fixtures, unless somebody has a part in them."""

import re
from xml.etree import ElementTree

import pytest

from tests.plugin.plugin_runs import HEARTBEAT, Go


def test_the_reports_of_a_case_are_its_call_and_its_end(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        seen="def pytest_runtest_logreport(report):\n"
        "    print('saw', report.when, report.outcome, report.nodeid.rpartition('::')[2])\n"
    )
    pytester.syspathinsert()
    result = go("--qimen", HEARTBEAT, "-k", "minimal", "-p", "seen", "-s")
    seen = re.findall("saw (.*)", result.stdout.str())
    assert seen == ["call passed request/minimal", "teardown passed request/minimal"]


def test_who_has_a_part_in_a_phase_is_asked(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(parts="def pytest_runtest_teardown(item):\n    print('phases')\n")
    pytester.syspathinsert()
    result = go("--qimen", HEARTBEAT, "-k", "minimal", "-p", "parts", "-s")
    assert "phases" in result.stdout.str()


def test_who_has_a_protocol_of_its_own_is_asked(go: Go, pytester: pytest.Pytester) -> None:
    """As pytest-rerunfailures has one."""
    pytester.makepyfile(
        again="from _pytest.runner import runtestprotocol\n"
        "def pytest_runtest_protocol(item, nextitem):\n"
        "    print('once more')\n"
        "    return runtestprotocol(item, nextitem=nextitem) is not None\n"
    )
    pytester.syspathinsert()
    result = go("--qimen", HEARTBEAT, "-k", "minimal", "-p", "again", "-s")
    assert "once more" in result.stdout.str()


def test_a_mark_that_a_phase_reads_counts(go: Go, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        marks="import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        item.add_marker(pytest.mark.xfail(run=False))\n"
    )
    pytester.syspathinsert()
    result = go("--qimen", HEARTBEAT, "-k", "minimal", "-p", "marks")
    assert "1 xfailed" in result.stdout.str()


def test_junit_has_every_case_once_with_its_properties(go: Go, pytester: pytest.Pytester) -> None:
    go("--qimen", HEARTBEAT, "--junit-xml", "junit.xml")
    found = ElementTree.parse(pytester.path / "junit.xml").getroot().findall(".//testcase")
    names = [case.get("name") for case in found]
    assert len(names) == len(set(names)) > 10
    assert all(case.find("properties/property") is not None for case in found)
