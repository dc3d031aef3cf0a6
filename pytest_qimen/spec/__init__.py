"""cases/<role>/<method>.toml in, Api out: what a method's messages look like, as the documents say.

The format is described in cases/README.md.
"""

from functools import cache

from pytest_qimen.errors import UsageError
from pytest_qimen.phrases import say
from pytest_qimen.spec.data import code_lists, data_dir, matches, methods
from pytest_qimen.spec.later import (
    PREFIX,
    later_element,
    later_elements,
    later_method,
    milder_later,
    nearest,
)
from pytest_qimen.spec.model import (
    DIRECTIONS,
    FORMATS,
    LEVELS,
    NEEDS,
    NO_TEXT,
    ROLES,
    RULES,
    TYPES,
    Api,
    CodeList,
    Field,
    Message,
    Pins,
    Rule,
    rule_paths,
)
from pytest_qimen.spec.read import load
from pytest_qimen.toml import Text

__all__ = [
    "DIRECTIONS",
    "FORMATS",
    "LEVELS",
    "NEEDS",
    "NO_TEXT",
    "PREFIX",
    "ROLES",
    "RULES",
    "TYPES",
    "Api",
    "CodeList",
    "Field",
    "Message",
    "Pins",
    "Rule",
    "Text",
    "called",
    "code_lists",
    "data_dir",
    "later_element",
    "later_elements",
    "later_method",
    "load",
    "load_all",
    "load_api",
    "matches",
    "methods",
    "milder_later",
    "nearest",
    "rule_paths",
]


@cache
def load_api(method: str) -> Api:
    """The bundled Api of `deliveryorder.create` or `wms/deliveryorder.create`; UsageError when unknown."""
    for wanted in (method, method.removeprefix(PREFIX)):
        for name in methods():
            if wanted in (name, name.partition("/")[2]):
                return _bundled(name)
    raise UsageError(say("unknown-method", name=method, near=nearest(method)))


def called(name: str, form: bool) -> Api | None:
    """Return the Api that a request names, bare or with its prefix; None for an unknown name.

    Two methods may have the same name in both protocols: a form body decides for TOP.
    """
    names = name, name.removeprefix(PREFIX)
    found = [load_api(one) for one in methods() if one.partition("/")[2] in names]
    found = [api for api in found if api.protocol == "qimen" or api.method == name]
    return min(found, key=lambda api: (api.protocol == "top") != form, default=None)


@cache
def _bundled(name: str) -> Api:
    return load(methods()[name])


def load_all() -> list[Api]:
    """Return every bundled Api, in the order of roles and names."""
    return [load_api(name) for name in methods()]
