"""A message in, which of its fields name what only the other side keeps: warehouses, owners, goods, shops."""

import re
from collections.abc import Collection, Iterator

from pytest_qimen import xml
from pytest_qimen.spec import Api
from pytest_qimen.target.kinds import NAMES

_UNKNOWN = re.compile(  # how answers say that there is no such thing
    r"不存在|没有|无(?:此|该|对应|相关|订单|单据|商品|仓库|记录|数据)|未找到|找不到|查不到|未知|未建|未维护|未配置|未授权|未绑定|无权|"
    r"\bno\b(?! (?:less|more|longer|greater))|\bunknown\b|\bunauthori[sz]ed\b|"
    r"not? (?:exist|found|known|configured|authori[sz]ed)",
    re.IGNORECASE,
)
_WRONG = re.compile(r"不正确|无效|\b(?:invalid|missing)\b", re.IGNORECASE)  # what may mean the same
_WRITTEN = re.compile(  # how answers say that something is written wrongly
    r"格式|长度|[过超]长|超过|数量|金额|价格|单价|时间|日期|必填|为空|负数|小于|大于|范围|枚举|解析|"
    r"\b(?:format|length|too long|exceeds?|quantity|qty|amount|price|time|date|required|empty|negative|"
    r"range)\b",
    re.IGNORECASE,
)
_UNSIGNED = re.compile(r"签名|验签|signature|sign-check|invalid[ _-]sign|illegal request", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def named(api: Api, root: xml.Element, made: Collection[str] = ()) -> Iterator[str]:
    """Yield the fields in which the message names master data as the documents' examples do, or as `made`."""
    for row in api.request.leaves:
        known = {row.example, *made}
        if row.name in NAMES and not row.key and not known.isdisjoint(xml.values(root, row.path)):
            yield row.path


def is_unknown(answer: str) -> bool:
    """Return True when the answer says that there is no such thing, or what may mean that."""
    return bool(_UNKNOWN.search(answer) or _WRONG.search(answer)) and not is_written_wrongly(answer)


def is_written_wrongly(answer: str) -> bool:
    """Return True when the answer blames the signature or how a value is written, nothing unknown."""
    told = _TAG.sub(" ", answer)
    return bool(_UNSIGNED.search(told) or (_WRITTEN.search(told) and not _UNKNOWN.search(told)))


def blamed(api: Api, root: xml.Element, answer: str, made: Collection[str] = ()) -> Iterator[str]:
    """Those of them that the answer does not know: it names the field, its value, or the kind of thing."""
    for path in named(api, root, made) if is_unknown(answer) else ():
        name = path.rpartition(".")[2].removesuffix("[]")
        values = map(re.escape, xml.values(root, path))
        if re.search("|".join((name, NAMES[name], *values)), answer, re.IGNORECASE):
            yield path
