"""However many elements an answer has, its judgement ends, and says what it left out."""

from pytest_qimen.checks.schema import MOST
from tests.checks.answers import findings, found

OK = "<response><flag>success</flag><code>0</code><message>ok</message>{}</response>"


def test_a_list_is_judged_up_to_its_bound_and_that_is_told() -> None:
    more = "<nothing/>" * 5_000
    assert ("answer.more", "may", "") in list(found(OK.format(more)))


def test_nearly_half_a_million_unknown_elements_are_judged_and_fifty_kinds_of_them_are_named() -> None:
    more = "".join(f"<z{number:x}/>" for number in range(50_000)) + "<zz/>" * 449_000
    assert list(found(OK.format(more))) == [
        ("answer.more", "may", ""),
        *(("answer.undeclared", "may", f"z{number:x}") for number in range(MOST)),
        ("answer.undeclared", "may", ""),
    ]


def test_unknown_elements_of_one_name_and_place_are_one_finding() -> None:
    told = list(findings(OK.format("<zz/>" * 20_000 + "<a.><b/></a.>")))
    assert [(one.path, str(one.actual)) for one in told if one.path] == [
        ("zz[1]", "another one (and 19999 more like it)"),
        ("a.", "another one"),
    ]
