"""Nothing in, the published JSON Schema of results.json out (`qimen schema`)."""

from typing import Any

from pytest_qimen.phrases import say
from pytest_qimen.report.record import FORMAT
from pytest_qimen.report.results import STATUSES
from pytest_qimen.spec import ROLES
from pytest_qimen.verdict import Evidence, Level

Schema = dict[str, Any]


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def _whole(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


def _object(description: str, properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """Return an object with these members; others may come with a later version of the same format."""
    return {
        "type": "object",
        "description": description,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _list(description: str, items: Schema) -> Schema:
    return {"type": "array", "description": description, "items": items}


def schema(language: str = "en") -> Schema:
    """Return JSON Schema 2020-12. Members may be added; what is here keeps its meaning within a format."""
    found: Schema = _told(_schema(), language)
    return found


def _told(part: Any, language: str) -> Any:
    """Return a part of the schema with its descriptions in the language."""
    if isinstance(part, list):
        return [_told(one, language) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: say(one).text(language) if name == "description" else _told(one, language)
        for name, one in part.items()
    }


def _schema() -> Schema:
    level = {"enum": [level.value for level in Level]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:pytest-qimen:results:{FORMAT}",
        "title": "results.json of pytest-qimen",
        **_object(
            "The verdict of a run and how every case ended",
            {
                "format": {
                    "const": FORMAT,
                    "description": "rises when a member is removed or changes its meaning",
                },
                "verdict": {
                    "enum": ["conformant", "non-conformant", "incomplete"],
                    "description": "incomplete: nothing is red, but a must was not tested",
                },
                "suite": _object(
                    "What judged",
                    {
                        "version": _text("of pytest-qimen"),
                        "digest": _text("of the case files", pattern="^[0-9a-f]{16}$"),
                    },
                ),
                "side": {
                    "enum": ["endpoint", "caller", "both"],
                    "description": "what was judged: caller where the suite listened",
                },
                "target": _text("the name of the target, or its URL"),
                "level": {**level, "description": "from which level on a broken requirement is red"},
                "seed": _text(
                    "with which every business key of the run begins; several of a merged run, by +"
                ),
                "started": _text("in China time with its offset", format="date-time"),
                "ended": {
                    "type": ["string", "null"],
                    "format": "date-time",
                    "description": "null where the run broke off",
                },
                "counts": _object(
                    "Cases by status", {status: _whole("cases") for status in STATUSES}, ("untested",)
                ),
                "cases": _list("Every case, by id", _case(level)),
            },
            optional=("level", "side"),
        ),
    }


def _case(level: Schema) -> Schema:
    return _object(
        "How a case ended",
        {
            "id": _text("a path that never changes its meaning", minLength=1),
            "method": _text("as the documents name it"),
            "role": {"enum": list(ROLES), "description": "who answers the method"},
            "level": {**level, "description": "of the requirement that the case tests"},
            "family": _text("the kind of requirement: length, signature, flow …"),
            "requirements": _list("Ids of requirements", {"type": "string"}),
            "status": {"enum": list(STATUSES)},
            "cause": _text(
                "why it is blocked, untested, waived, stale, unsupported or an error; a case id, or words"
            ),
            "findings": _list("What was found, evidence and all", _finding(level)),
            "requests": _whole("sent for this case"),
            "seconds": {"type": "number", "minimum": 0, "description": "that the case took"},
            "evidence": {
                "enum": [one.value for one in Evidence],
                "description": "what the verdict of a scenario rests on",
            },
            "shown": _list("Ids of the requirements that a scenario judged", {"type": "string"}),
            "attested": _list(
                "What a person says of the system",
                _object(
                    "A requirement that holds by a person's word",
                    {"requirement": _text("its id"), "name": _text("who"), "sentence": _text("of what")},
                ),
            ),
        },
        optional=("evidence", "shown", "attested"),
    )


def _finding(level: Schema) -> Schema:
    return _object(
        "A requirement that is broken, or observed",
        {
            "check": _text("a dotted name such as envelope.flag"),
            "level": level,
            "path": _text("the place in the answer or the request; empty for the whole"),
            "expected": _text("in words"),
            "actual": _text("what came instead"),
            "clause": _text("document and section"),
            "step": {"type": "integer", "minimum": 1, "description": "the number of the request in the case"},
        },
    )
