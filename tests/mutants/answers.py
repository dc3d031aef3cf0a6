"""An Api in, the mutants out whose answers break one constraint."""

from collections.abc import Callable, Collection, Iterator

from pytest_qimen import xml
from pytest_qimen.cases import probe_name
from pytest_qimen.messages.edits import ensure_groups
from pytest_qimen.reference.request import Request
from pytest_qimen.spec import Api, Field
from pytest_qimen.verdict import Level
from tests.mutants.model import Acts, Mutant
from tests.mutants.requests import constraints

Break = Callable[[Api, xml.Element], None]
_MOMENTS = {"date": "2016/02/16", "datetime": "2016-05-01T10:00:00", "time": "9:3"}


def breaking(api: Api) -> Iterator[Mutant]:
    """Yield a mutant for every constraint of the answer; an optional element left out is legal."""
    for row in api.response.fields:
        demanded = row.need == "must" and not row.doubt
        if demanded and _can_lack(api, row):
            level = "must" if row.name == "flag" else api.response.demand(row)
            yield _mutant(api, row, "absent", level, _absent(row))
            if row.leaf:
                yield _mutant(api, row, "empty", level, _put(row, ""))
        if not row.doubt:
            for kind, _ in constraints(row):
                level = "must" if row.path == api.verdict and row.name == "flag" else "should"
                yield _mutant(api, row, kind, level, _repeated(row) if kind == "limit" else _wrong(row, kind))


def refused(api: Api) -> Iterator[Mutant]:
    """Yield the mutants whose answers of failure break what every answer of Qimen must hold."""
    heads = ("flag", "code", "message") if api.protocol == "qimen" else ()
    sees = (
        f"{api.name}/answer/failure",
        f"protocol/answer/{probe_name(api)}/failure",
        f"{api.name}/request/",
    )
    for name in heads:
        row = api.response.by_path.get(name, Field(name, type="string"))
        breaks = {"absent": _absent(row), "empty": _put(row, "")}
        breaks |= {"codes": _put(row, "fail")} if name == "flag" else {}
        for kind, change in breaks.items():
            acts = _changing(api, change, ("failure",))
            yield Mutant(api.name, f"fails-{kind}", name, Level.MUST, acts, sees, fresh=True)


def _mutant(api: Api, row: Field, kind: str, level: str, change: Break) -> Mutant:
    form = (f"{api.name}/answer/success", f"protocol/answer/{probe_name(api)}/success")
    sees = (*form, f"{api.name}/request/typical", f"{api.name}/case/")
    acts = _changing(api, change, (None, "success", "true"))
    return Mutant(api.name, f"answers-{kind}", row.path, Level(level), acts, sees, fresh=True)


def _changing(api: Api, change: Break, verdicts: Collection[str | None]) -> Callable[[], Acts]:
    def answer(request: Request, root: xml.Element) -> None:
        if xml.name(root) == api.root and xml.get(root, api.verdict) in verdicts:
            change(api, root)

    return lambda: {(api.method, "answer"): answer}


def _can_lack(api: Api, row: Field) -> bool:
    """Return whether the group of the row is still there without it: an empty group is an absent one."""
    return not row.parent or _is_demanded(api, row.parent) or bool(_beside(api, row))


def _is_demanded(api: Api, path: str) -> bool:
    return not path or (api.response.by_path[path].need == "must" and _is_demanded(api, _above(path)))


def _above(path: str) -> str:
    return path.rpartition(".")[0]


def _beside(api: Api, row: Field) -> list[Field]:
    return [one for one in api.response.children(row.parent) if one.leaf and one.path != row.path]


def _absent(row: Field) -> Break:
    """Take the element out of every group of its kind; one such group is there."""

    def change(api: Api, root: xml.Element) -> None:
        ensure_groups(api.response, root, row.path)
        xml.drop(root, row.path)
        for group in xml.find(root, row.parent) if row.parent else ():
            if not len(group) and (others := _beside(api, row)):
                xml.put(group, others[0].name, others[0].example)

    return change


def _put(row: Field, value: str) -> Break:
    def change(api: Api, root: xml.Element) -> None:
        ensure_groups(api.response, root, row.path)
        xml.put(root, row.path, value)
        for group in xml.find(root, row.parent) if row.parent and not value else ():
            if len(group) == 1 and (others := _beside(api, row)):
                xml.put(group, others[0].name, others[0].example)

    return change


def _repeated(row: Field) -> Break:
    assert row.limit
    count = row.limit + 1
    if row.separator:
        return _put(row, row.separator.join(f"QM{number}" for number in range(count)))

    def change(api: Api, root: xml.Element) -> None:
        ensure_groups(api.response, root, f"{row.path}.x")
        xml.repeat(root, row.path, count)

    return change


def _wrong(row: Field, kind: str) -> Break:
    """Give every element of the row, or a new one, a value that breaks just this."""
    values = {
        "length": "x" * ((row.max or 0) + 1),
        "type": "abc",
        "digits": f"1.{'9' * ((row.digits or (0, 0))[1] + 1)}",
        "format": _MOMENTS.get(row.format or "", "a-b"),
        "codes": "987" if row.type in ("int", "long", "number") else "QMNONE"[: row.max],
        "range": str(row.least - 1 if row.least is not None else (row.most or 0) + 1),
    }
    return _put(row, values[kind])
