"""An Api in, the Cases out that follow from its tables: the foundation of the method and its boundaries."""

from collections.abc import Iterator

from pytest_qimen import spec
from pytest_qimen.boundaries import Boundary, boundaries
from pytest_qimen.boundaries.words import CHINESE
from pytest_qimen.cases.echoes import echoes
from pytest_qimen.cases.lookups import lookups
from pytest_qimen.cases.model import Case, Kind, Step, api_case, minimal_id, probe_name, smoke_id
from pytest_qimen.cases.readback import readbacks
from pytest_qimen.messages.edits import Edit
from pytest_qimen.spec import Field
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level

_DIGITS = 9  # of a number that an int holds
SUMS = {  # stock-keeping methods: which requirement a drawn sequence tries, how strictly, with which others
    "storeinventory.update": ("inventory.update-adds", Level.MUST, ("initial", "query")),
    "storeinventory.itemupdate": ("inventory.update-adds", Level.MUST, ("iteminitial", "itemquery")),
    "taobao.qimen.storeinventory.itemupdate": (
        "inventory.top-adds",
        Level.SHOULD,
        ("iteminitial", "itemquery"),
    ),
    "alibaba.wdk.stock.publish": ("wdk.signed-quantity", Level.MUST, ()),
}


def _basic(api: spec.Api) -> Iterator[Case]:
    """Yield the smallest and a typical message, the form of both kinds of answer, a signature."""
    yield api_case(
        api,
        "request/minimal",
        "accept",
        Text("接受最小的合法请求", "Accepts the smallest legal request"),
        requirements=("request.accept",),
        steps=(Step(api),),
        requires=(smoke_id(api),),
        kind=Kind.MINIMAL,
    )
    whole = all(row.refers for row in api.request.leaves if not row.usual and row.need == "optional")
    recorded = _refers(api) or whole
    yield api_case(
        api,
        "request/typical",
        "accept",
        Text("接受字段齐全的请求", "Accepts a request with all its fields"),
        level=Level.MAY if recorded else Level.MUST,
        requirements=("request.accept",),
        steps=(Step(api, "typical", expect="any" if recorded else "success"),),
        kind=Kind.TYPICAL,
    )
    yield api_case(
        api,
        "answer/success",
        "answer",
        Text("成功应答的格式", "The form of an answer to a good request"),
        requirements=("answer.form",),
        steps=(Step(api),),
        judges="answer",
        kind=Kind.ANSWER,
    )
    yield api_case(
        api,
        "answer/failure",
        "answer",
        Text("失败应答的格式", "The form of an answer to a bad request"),
        requirements=("answer.form",),
        steps=(_refused(api),),
        judges="answer",
        kind=Kind.ANSWER,
    )
    yield api_case(
        api,
        "signature/tampered-body",
        "signature",
        Text("请求体被改动后拒绝", "Refuses a body that was changed after signing"),
        requirements=("signature.verified",),
        requires=(minimal_id(api), _signature_id(api, "tampered-body")),
        steps=(Step(api, tampers=("flip-middle",), expect="failure"),),
    )
    yield api_case(  # what was changed in a key is not found, signed or not: here the message stays as it is
        api,
        "signature/wrong",
        "signature",
        Text("签名错误的请求被拒绝", "Refuses a request with a wrong signature"),
        requirements=("signature.verified",),
        requires=(minimal_id(api), _signature_id(api, "wrong")),
        steps=(Step(api, tampers=("sign-wrong",), expect="failure"),),
    )


def _refused(api: spec.Api) -> Step:
    """Return a request to be refused: without a demanded field, or wrongly signed where none is demanded."""
    needed = next((row for row in api.request.leaves if row.need == "must"), None)
    if needed is None:
        return Step(api, tampers=("sign-wrong",), expect="any")
    return Step(api, changes=(Edit("drop", needed.path),), expect="any")


def _signature_id(api: spec.Api, name: str) -> str:
    return f"protocol/signature/{probe_name(api)}/{name}"


def _refers(api: spec.Api) -> bool:
    """Return True when a message with every field would speak of things that the receiver need not have."""
    return bool(api.setup) and any(
        row.refers and not row.usual and row.need != "must" for row in api.request.leaves
    )


def _derived(api: spec.Api, bound: Boundary) -> Case:
    place = bound.path.replace("[]", "")
    where = f"request/{place}/{bound.scenario}" if place else f"request/{bound.scenario}"
    return api_case(
        api,
        where,
        bound.family,
        _title(bound),
        level=Level(bound.level),
        clause=f"{api.source} request.{place}" if place else api.source,
        requirements=(bound.requirement,),
        steps=tuple(Step(api, changes=changes, expect=bound.expect) for changes in bound.steps),
        control=_control(api, bound),
        kind=Kind.BOUNDARY,
    )


def _control(api: spec.Api, bound: Boundary) -> Step | None:
    """Return an ordinary value in the field whose boundary should be accepted; itself legal beyond doubt."""
    row = api.request.by_path.get(bound.path)
    if bound.expect != "success" or bound.family not in ("length", "type") or row is None or row.signed:
        return None
    if row.type == "boolean":  # both its values must be taken
        return None
    value = "@new" if row.type == "string" else f"@number:{_digits(row)}"
    return Step(api, changes=(Edit("put", row.path, value),))


def _digits(row: Field) -> int:
    """Return how many digits an ordinary number of the row has."""
    whole = row.digits[0] - row.digits[1] if row.digits else _DIGITS
    below = _DIGITS if row.most is None else len(str(row.most)) - 1
    return max(1, min(_DIGITS, whole, below, row.max or _DIGITS))


def _title(bound: Boundary) -> Text:
    zh = {"success": "应接受", "failure": "应拒绝", "any": "记录"}[bound.expect]
    en = {"success": "accepts", "failure": "refuses", "any": "records"}[bound.expect]
    return Text(
        f"{zh} {bound.path or '报文'}：{CHINESE[bound.scenario]}",
        f"{en} {bound.path or 'message'}: {bound.scenario}",
    )


def derived_cases(api: spec.Api) -> Iterator[Case]:
    """Yield every case that follows from the method's tables alone, in the order in which it should run."""
    yield from _basic(api)
    for bound in boundaries(api):
        yield _derived(api, bound)
    yield from _properties(api)
    yield from readbacks(api)
    yield from echoes(api)
    yield from lookups(api)


def _properties(api: spec.Api) -> Iterator[Case]:
    """Yield the properties whose messages are drawn while they run (search/property.py)."""
    for name, kind, title, requirement in (
        (
            "legal-accepted",
            Kind.LEGAL,
            Text("接受任意合法请求", "Accepts whatever is legal"),
            "request.accept",
        ),
        (
            "illegal-refused",
            Kind.ILLEGAL,
            Text("拒绝任意非法请求", "Refuses whatever breaks one constraint"),
            "request.refuse",
        ),
    ):
        requirements = (requirement,)
        yield api_case(
            api, f"property/{name}", "property", title, requirements=requirements, steps=(), kind=kind
        )
    if api.method in SUMS:
        requirement, level, others = SUMS[api.method]
        yield api_case(
            api,
            "property/sums",
            "property",
            Text(
                "任意初始化、增量、调整、重复之后数量正确", "Any initials, updates, moves and replays add up"
            ),
            level=level,
            requirements=(requirement,),
            requires=(
                minimal_id(api),
                *(f"{api.role}/storeinventory.{name}/request/minimal" for name in others),
            ),
            steps=(),
            kind=Kind.SUMS,
        )
