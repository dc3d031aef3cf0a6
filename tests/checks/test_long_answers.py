"""However many elements an answer has, its judgement ends, and says what it left out."""

from tests.checks.answers import found

OK = "<response><flag>success</flag><code>0</code><message>ok</message>{}</response>"


def test_a_list_is_judged_up_to_its_bound_and_that_is_told() -> None:
    more = "<nothing/>" * 5_000
    assert ("answer.more", "may", "") in list(found(OK.format(more)))


def test_half_a_million_unknown_elements_are_judged() -> None:
    more = "".join(f"<z{number:x}/>" for number in range(50_000)) + "<zz/>" * 450_000
    assert len(list(found(OK.format(more)))) == 500_001
