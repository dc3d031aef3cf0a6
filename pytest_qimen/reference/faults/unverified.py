"""Faults of a signature check that leaves some messages out."""

from pytest_qimen.reference.faults.model import Family

FAMILY = Family("verify")

FAMILY.rows(
    (
        "signature-chunked-unchecked",
        lambda request, good: good or "chunked" in request.incoming.headers.get("transfer-encoding", ""),
    ),
    ("signature-large-body-unchecked", lambda request, good: good or len(request.incoming.body) > 2000),
    ("signature-chinese-unchecked", lambda request, good: good or not request.incoming.body.isascii()),
    ("signature-version-1-unchecked", lambda request, good: good or request.every.get("v") == "1.0"),
)
FAMILY.add(
    "signature-without-method-unchecked",
    lambda _: {
        "verify": lambda request, good: good or "sign_method" not in request.every,
        "overlook": lambda request, code: code == "missing-sign_method",
    },
)
