"""Faults of the field checks: constraints that are not held, and legal values that are refused.

Most take a place, `need-not-checked@deliveryorder.create:deliveryOrder.shopNick`; without one they hold for all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from pytest_qimen import xml
from pytest_qimen.reference.faults.model import Family, Hook
from pytest_qimen.reference.request import Request
from pytest_qimen.reference.store import Refused
from pytest_qimen.schema import Problem
from pytest_qimen.spec import Field

FAMILY = Family("fields", "request.fields", "problems")


def _meant(problem: Problem, path: str) -> bool:
    return not path or path in (problem.path, problem.field, xml.schematic(problem.path))


def _forgive(which: Callable[[Request, Problem], bool]) -> Callable[[str], Mapping[str, Hook]]:
    """Problems of a kind are not seen."""

    def make(path: str) -> Mapping[str, Hook]:
        def problems(request: Request, found: list[Problem]) -> list[Problem]:
            return [one for one in found if not (_meant(one, path) and which(request, one))]

        return {"problems": problems}

    return make


def _text(request: Request, problem: Problem) -> str:
    return xml.get(request.root, problem.path) or "" if request.root is not None else ""


def _row(request: Request, problem: Problem) -> Field | None:
    return request.method.api.request.by_path.get(problem.field) if request.method else None


def _codes_in_any_case(request: Request, problem: Problem) -> bool:
    row = _row(request, problem)
    known = {code.lower() for code in row.codes.codes} if row and row.codes else set()
    return problem.rule == "codes" and _text(request, problem).lower() in known


def _one_longer(request: Request, problem: Problem) -> bool:
    row = _row(request, problem)
    return problem.rule == "length" and row is not None and len(_text(request, problem)) == (row.max or 0) + 1


def _one_more(request: Request, problem: Problem) -> bool:
    row = _row(request, problem)
    if problem.rule != "limit" or row is None or row.limit is None or request.root is None:
        return False
    if row.separator:
        return _text(request, problem).count(row.separator) == row.limit
    return len(xml.find(request.root, row.path)) == row.limit + 1


def _loose_time(request: Request, problem: Problem) -> bool:
    return problem.rule == "format" and bool(
        re.fullmatch(r"\d{4}[-/]?\d{1,2}[-/]?\d{1,2}([ T]?\d{1,2}:?\d{2}(:?\d{2})?)?", _text(request, problem))
    )


def _impossible_day(request: Request, problem: Problem) -> bool:
    """A time of the right look that stands in no calendar."""
    text = _text(request, problem)
    return (
        problem.rule == "format"
        and bool(re.fullmatch(r"(\d{4}-\d\d-\d\d)?( ?\d\d:\d\d:\d\d)?", text))
        and not _exists(text)
    )


def _exists(text: str) -> bool:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%H:%M:%S"):
        try:
            datetime.strptime(text, form)
        except ValueError:
            continue
        return True
    return False


def _rounded(request: Request, problem: Problem) -> bool:
    return problem.rule == "digits" and bool(re.fullmatch(r"-?\d{1,15}\.\d+", _text(request, problem)))


RULES = {
    "need": ("a needed field may be missing", "不检查必填"),
    "length": ("a text may be too long or too short", "不检查长度"),
    "type": ("a number may be anything", "不检查类型"),
    "digits": ("a decimal may have any digits", "不检查小数位数"),
    "format": ("a time may be written anyhow", "不检查时间格式"),
    "codes": ("a code may be unknown", "不检查枚举值"),
    "limit": ("a list may be too long", "不检查列表上限"),
    "range": ("a number may be too large or too small", "不检查取值范围"),
    "duplicate": ("a field may stand twice", "不检查重复字段"),
}


def _of_rule(rule: str) -> Callable[[Request, Problem], bool]:
    return lambda request, problem: problem.rule == rule and bool(problem.field)


for _rule, (_en, _zh) in RULES.items():
    FAMILY.add(
        f"{_rule}-not-checked", _en, _zh, _forgive(_of_rule(_rule)), takes_path=True, requirement=f"request.{_rule}"
    )
for _name, _rule, _en, _zh, _which in (
    ("rule-not-checked", "rule", "relations between fields are not checked", "不检查字段间规则", (
        lambda request, problem: not problem.field and problem.rule == "need"
    )),
    ("nothing-checked", "fields", "no field is checked", "不做任何字段校验", lambda request, problem: True),
    ("codes-in-any-case", "codes", "codes are accepted in any case", "枚举值不区分大小写", _codes_in_any_case),
    ("one-character-more-accepted", "length", "a text may be one character too long", "多一个字符也接受", _one_longer),
    ("one-element-more-accepted", "limit", "a list may be one element too long", "多一个元素也接受", _one_more),
    ("loose-time-accepted", "format", "2016/2/16 and the like are accepted", "接受 2016/2/16 等写法", _loose_time),
    ("february-30-accepted", "format", "times that do not exist are accepted", "接受不存在的日期", _impossible_day),
    ("decimals-rounded", "digits", "decimals are rounded instead of refused", "小数位过多时取整", _rounded),
    ("remark-501-accepted", "length", "a remark may be as long as it likes", "remark 超长也接受", (
        lambda request, problem: problem.rule == "length" and problem.path.endswith("remark")
    )),
    ("short-key-accepted", "length", "a text may be too short", "过短的文本也接受", (
        lambda request, problem: problem.rule == "length"
        and len(_text(request, problem)) < ((row := _row(request, problem)) and row.min or 0)
    )),
):  # fmt: skip
    FAMILY.add(_name, _en, _zh, _forgive(_which), takes_path=True, requirement=f"request.{_rule}")


def _each(request: Request) -> Iterator[tuple[Field, xml.Element]]:
    """Every leaf of the message that has a row."""
    if request.root is None or request.method is None:
        return
    rows = request.method.api.request.leaves
    for row in rows:
        for element in xml.find(request.root, row.path):
            if element.text:
                yield row, element


def _refuse(which: Callable[[Field, str], bool]) -> Callable[[str], Mapping[str, Hook]]:
    """Legal values of a kind are refused."""

    def make(path: str) -> Mapping[str, Hook]:
        def problems(request: Request, found: list[Problem]) -> list[Problem]:
            for row, element in _each(request):
                if path in ("", row.path) and which(row, xml.text(element)):
                    where = xml.place(element)
                    text = f"{where}: not accepted"
                    return [*found, Problem(where, row.path, "type", "something else", xml.text(element), text)]
            return found

        return {"problems": problems}

    return make


def _last_code(row: Field, text: str) -> bool:
    return row.codes is not None and len(row.codes.codes) > 1 and text == row.codes.codes[-1]


for _name, _rule, _en, _zh, _refused in (
    ("bytes-counted", "length", "the length of a text is counted in bytes", "按字节计算长度", (
        lambda row, text: row.max is not None and row.type == "string" and len(text.encode()) > row.max
    )),
    ("utf-16-counted", "length", "a character beyond the BMP counts twice", "表情符号按两个字符计算", (
        lambda row, text: row.max is not None and row.type == "string" and len(text.encode("utf-16-le")) // 2 > row.max
    )),
    ("longest-refused", "length", "a text of exactly the greatest length is refused", "拒绝恰好最大长度的文本", (
        lambda row, text: row.type == "string" and not row.codes and not row.format and len(text) == row.max
    )),
    ("shortest-refused", "length", "a text of exactly the least length is refused", "拒绝恰好最小长度的文本", (
        lambda row, text: row.min is not None and len(text) == row.min
    )),
    ("one-character-refused", "length", "a text of one character is refused", "拒绝单字符文本", (
        lambda row, text: row.type == "string" and not row.codes and len(text) == 1
    )),
    ("last-code-refused", "codes", "the last code of every list is refused", "拒绝枚举中最后一个值", _last_code),
    ("two-codes-refused", "codes", "several codes in one text are refused", "拒绝多个值", (
        lambda row, text: row.separator is not None and row.separator in text
    )),
    ("negative-refused", "type", "negative quantities are refused", "拒绝负数", (
        lambda row, text: row.type in ("int", "long", "number", "string") and text[:1] == "-" and "uantity" in row.name
    )),
    ("zero-refused", "type", "a quantity of zero is refused", "拒绝零", (
        lambda row, text: "uantity" in row.name and text in ("0", "0.00")
    )),
    ("decimal-refused", "digits", "a decimal with a fraction is refused", "拒绝小数", (
        lambda row, text: row.type == "decimal" and "." in text
    )),
    ("whole-decimal-refused", "digits", "a decimal without a fraction is refused", "拒绝不带小数点的小数", (
        lambda row, text: row.type == "decimal" and "." not in text
    )),
    ("large-decimal-refused", "digits", "a decimal of more than ten digits is refused", "拒绝大数", (
        lambda row, text: row.type == "decimal" and len(text) > 10
    )),
    ("long-refused", "type", "a whole number beyond 32 bits is refused", "拒绝超过 32 位的整数", (
        lambda row, text: row.type in ("long", "number") and text.isdigit() and int(text) > 2**31 - 1
    )),
    ("leap-day-refused", "format", "29 February is refused", "拒绝 2 月 29 日", (
        lambda row, text: row.format is not None and text[5:10] == "02-29"
    )),
    ("midnight-refused", "format", "00:00:00 is refused", "拒绝 00:00:00", (
        lambda row, text: row.format in ("datetime", "time") and text.endswith("00:00:00")
    )),
    ("number-not-one-refused", "type", "a whole number of one digit is refused", "拒绝一位数", (
        lambda row, text: row.type in ("int", "long") and not row.least and len(text) == 1
    )),
):  # fmt: skip
    FAMILY.add(_name, _en, _zh, _refuse(_refused), takes_path=True, requirement=f"request.{_rule}")


def _refuse_named(names: str, depth: int, longest: int = 0) -> Hook:
    """Refuse open content (remark, extendProps) at `depth` levels or more below the root."""

    def element(request: Request, root: xml.Element) -> None:
        for one in root.iter(names):
            place = xml.place(one)
            if place.count(".") >= depth and len(xml.text(one)) >= longest:
                raise Refused(f"{place}: not accepted", "open-content")

    return element


FAMILY.rows(
    ("extend-props-refused", "extendProps is refused", "拒绝 extendProps", _refuse_named("extendProps", 0)),
    (
        "extend-props-refused-in-lines",
        "extendProps is refused below lines",
        "明细行下拒绝 extendProps",
        _refuse_named("extendProps", 2),
    ),
    ("remark-refused", "remark is refused", "拒绝 remark", _refuse_named("remark", 0)),
    ("remark-refused-in-lines", "remark is refused below lines", "明细行下拒绝 remark", _refuse_named("remark", 2)),
    (
        "remark-500-refused",
        "a remark of 500 characters is refused",
        "拒绝 500 字的 remark",
        _refuse_named("remark", 0, 500),
    ),
    point="element",
)


def _demand(path: str) -> Mapping[str, Hook]:
    """Optional fields are demanded: the one named, or else the first of the message."""

    def problems(request: Request, found: list[Problem]) -> list[Problem]:
        if request.method is None or request.root is None:
            return found
        optional = (row.path for row in request.method.api.request.leaves if row.need == "optional")
        wanted = path or next((one for one in optional if "[]" not in one), "")
        if not wanted or xml.get(request.root, wanted):
            return found
        return [*found, Problem(wanted, wanted, "need", "a value", "nothing", f"{wanted}: expected a value")]

    return {"problems": problems}


FAMILY.add(
    "optional-demanded",
    "an optional field is demanded",
    "要求填写选填字段",
    _demand,
    takes_path=True,
    requirement="request.accept",
)
