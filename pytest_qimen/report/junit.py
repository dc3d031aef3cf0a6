"""An Outcome in, the properties of its test case in pytest's --junitxml out."""

import re

from pytest_qimen import xml
from pytest_qimen.report.explain import shown_of
from pytest_qimen.runner import Outcome

ANSWER_ID = re.compile(r"(?:top_)?(?:request|reuqest)_?id", re.IGNORECASE)  # the gateway writes it both ways
LONGEST = 100


def properties(outcome: Outcome) -> list[tuple[str, str]]:
    """Return what the case tests and, where its messages are kept, which of them shows what was found.

    `request_id` is the id of that exchange in events.jsonl, `<case id>#<number of the request>`;
    `answer_request_id` what the answer itself calls it, where it does, for the logs of the other side.
    """
    case = outcome.case
    found = [
        ("case", case.id),
        ("requirements", ",".join(case.requirements)),
        ("level", case.level.value),
        ("method", f"{case.role}/{case.method}"),
        ("clause", case.clause),
        ("status", outcome.status.value),
        *((("evidence", outcome.showing.evidence.value),) if outcome.showing else ()),
    ]
    shown = shown_of(outcome)
    if shown is None or not outcome.status.has_evidence:
        return found
    number = next(place for place, one in enumerate(outcome.exchanges, 1) if one is shown)
    found.append(("request_id", f"{case.id}#{number}"))
    answered = _answered(shown.body)
    return found + ([("answer_request_id", answered)] if answered else [])


def _answered(body: bytes) -> str:
    """Return the request's id in the answer; empty where there is none."""
    try:
        root = xml.parse(body)
    except xml.XmlError:
        return ""
    texts = (xml.text(child) for child in root.iter() if ANSWER_ID.fullmatch(xml.name(child)))
    return next(texts, "").strip()[:LONGEST]
