"""A target in, those of its limits that lie above what the documents print, out."""

from collections.abc import Iterator

from pytest_qimen import spec
from pytest_qimen.phrases import Phrase, say
from pytest_qimen.target.model import Target
from pytest_qimen.target.profile import measure, names

SHOWN = 5  # methods that are named


def high_limits(target: Target) -> Iterator[Phrase]:
    """Yield the limits above every value that the documents print for the field in what is claimed.

    Such a limit is no error: it holds in the methods for which the documents print none.
    """
    for key, limit in target.limits.items():
        printed, open_ones = 0, []
        for api in filter(target.supports, spec.load_all()):
            for row in api.request.fields:
                if key in names(api, row) and (word := measure(row)):
                    stated = getattr(row, word)
                    printed = max(printed, stated or 0)
                    open_ones += [api.method] if stated is None else []
        if 0 < printed < limit:
            methods = tuple(dict.fromkeys(open_ones))
            shown = (*methods[:SHOWN], *("…" for _ in methods[SHOWN : SHOWN + 1]))
            where = say("limit-only-in", methods=shown) if methods else say("limit-nowhere")
            yield say("limit-without-effect", key=key, limit=limit, most=printed, where=where)
