"""`qimen verify` says what a certificate covers, in both languages; it is valid from the end of the run."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pytest_qimen import spec
from pytest_qimen.cases import bundled_cases, bundled_files
from pytest_qimen.errors import DataError, UsageError
from pytest_qimen.reasons import AboveLimit, LeftOut, Pinned, SharedStock, Told
from pytest_qimen.report.case_record import CaseRecord
from pytest_qimen.report.certificate import issue, opened, requirements_digest, told, verify
from pytest_qimen.report.halves import halves_of
from pytest_qimen.report.merge import RecordedRun
from pytest_qimen.report.record import Profile
from pytest_qimen.report.results import suite
from pytest_qimen.report.scope import told as grouped
from pytest_qimen.verdict import Status
from tests.report.report_events import ENDED, HEAD, case
from tests.support.console import qimen

TODAY = date(2026, 11, 28)
PROFILE = Profile(
    roles=("wms", "wdk"),
    methods=("*",),
    without=("transferorder.*",),
    prefixed=("wdk",),
    assigns=("itemId",),
    limits={"remark": 200, "orderLines.orderLine[]": 50},
    pinned=("ownerCode", "warehouseCode"),
)
ROLES = ("wms", "wdk")


@pytest.fixture(scope="module")
def run() -> RecordedRun:
    """A run of two roles, in which two methods are left out and one field is pinned."""
    found = [case for path in bundled_files() for case in bundled_cases(path)]
    records = tuple(
        _ended(case(one.id, level=one.level.value, role=one.role, method=one.method)) for one in found
    )
    return RecordedRun(replace(HEAD, suite=suite(), profile=PROFILE), records, ENDED)


def _ended(record: CaseRecord) -> CaseRecord:
    if record.role not in ROLES or record.method.startswith("transferorder."):
        return replace(record, status=Status.UNSUPPORTED, reason=LeftOut((record.method,)))
    if record.id.endswith("warehouseCode/longest"):
        return replace(record, status=Status.UNSUPPORTED, reason=Pinned("warehouseCode"))
    return record


def saved(folder: Path, run: RecordedRun, *, drop: tuple[str, ...] = ()) -> Path:
    file = folder / "certificate.json"
    found = issue(halves_of(run), today=TODAY)
    body = {name: value for name, value in found["certificate"].items() if name not in drop}
    file.write_text(json.dumps(found | {"certificate": body}, ensure_ascii=False), "utf-8")
    return file


ENGLISH = """\
demo: conformant, from 2026-11-22 until 2027-11-22
covers one half: what the endpoint answers; what the system sends was not tested
URL: http://wms.example/qimen
run: 2026-11-22T10:00:00+08:00 to 2026-11-22T10:01:30+08:00
judged from level must on
roles tested (methods of each): wdk (2), wms (WMS)
claimed by the target file: roles wms, wdk; methods *
methods that it leaves out: transferorder.*
limits below the documents' own: remark = 200, orderLines.orderLine[] = 50
pinned fields: ownerCode, warehouseCode
ids that the endpoint gives out: itemId
parameter v 2.0; method prefixed with taobao.qimen. for roles: wdk
UNSIGNED: anyone can have written this; it proves nothing about who issued it"""
CHINESE = """\
demo：符合规范，有效期 2026-11-22 至 2027-11-22
覆盖一半：端点的应答；系统发出的内容未测试
地址：http://wms.example/qimen
运行：2026-11-22T10:00:00+08:00 至 2026-11-22T10:01:30+08:00
判定级别：must 及以上
测试的角色（各含方法数）：wdk (2), wms (WMS)
目标文件声明：角色 wms, wdk；方法 *
排除的方法：transferorder.*
低于文档的限制：remark = 200, orderLines.orderLine[] = 50
固定的字段：ownerCode, warehouseCode
由对方分配的 id：itemId
参数 v 为 2.0；方法名带 taobao.qimen. 前缀的角色：wdk
未签名：任何人都可以写出这样的文件，它不能证明由谁签发"""


@pytest.mark.parametrize(
    ("language", "lines", "pinned"),
    [
        ("en", ENGLISH, "warehouseCode is pinned by the profile"),
        ("zh", CHINESE, "warehouseCode 由目标配置固定"),
    ],
)
def test_what_a_certificate_covers(
    run: RecordedRun, tmp_path: Path, language: str, lines: str, pinned: str
) -> None:
    methods = [name for name in spec.methods() if name.startswith("wms/") and "/transferorder." not in name]
    lines = lines.replace("WMS", str(len(methods)))
    said = told(opened(saved(tmp_path, run), today=TODAY), False, language)
    kept = [line for line in said if line in lines.splitlines()]
    assert "\n".join(kept) == lines
    assert any("wms/order.cancel, " in line for line in said)
    assert any(re.match(rf"(left out, \d+ cases: |未测试，\d+ 个用例：){pinned}$", line) for line in said)
    assert any("transferorder.create" in line for line in said)
    assert requirements_digest() in "\n".join(said)


def test_what_was_left_out_is_grouped(run: RecordedRun, tmp_path: Path) -> None:
    """A line for each kind of reason, however many methods and fields; one case is no cases."""
    said = told(opened(saved(tmp_path, run), today=TODAY), False)
    left_out = [line for line in said if line.startswith("left out, ")]
    assert [re.sub(r"\d+", "N", line)[:60] for line in left_out] == [
        "left out, N cases: the profile leaves out deliveryorder.batc",
        "left out, N cases: warehouseCode is pinned by the profile",
    ]
    assert "stockout.confirm, " in left_out[0]
    rows = ((AboveLimit("b", 5), 1), (AboveLimit("a", 2), 1), (Pinned("x"), 1), (Pinned("a"), 2))
    assert [str(line) for line in grouped(rows)] == [
        "left out, 2 cases: above the profile's [limits]: a = 2, b = 5",
        "left out, 3 cases: a, x are pinned by the profile",
    ]
    assert str(*grouped(rows[:1])) == "left out, 1 case: b holds at most 5 in the profile's [limits]"
    shared = ((SharedStock(("a", "c")), 1), (SharedStock(("b",)), 1), (Told("so"), 2))
    assert [line.text("zh") for line in grouped(shared)] == [
        "未测试，2 个用例：a, b, c 由目标配置固定：其他用例会改动同一库存",
        "未测试，2 个用例：so",
    ]


def test_a_run_without_the_cases_of_roles_that_are_not_claimed(run: RecordedRun) -> None:
    """A path narrowed it to what is claimed: nothing of that is lacking."""
    claimed = replace(run, cases=tuple(one for one in run.cases if not isinstance(one.reason, LeftOut)))
    left_out = issue(halves_of(claimed), today=TODAY)["certificate"]["left_out"]
    assert [*left_out] == ["warehouseCode is pinned by the profile"]
    with pytest.raises(UsageError, match="must cases filtered out"):
        issue(halves_of(replace(claimed, head=replace(run.head, profile=None))), today=TODAY)


def test_a_certificate_of_an_earlier_version_says_less(run: RecordedRun, tmp_path: Path) -> None:
    file = saved(
        tmp_path, run, drop=("url", "run", "level", "profile", "methods", "left_out", "reasons", "kind")
    )
    said = "\n".join(verify(file, today=TODAY))
    assert said.startswith(f"demo: conformant, from {TODAY} until 2027-11-22\ncovers one half: ")
    assert "URL:" not in said


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("run", ["x", "y"], "run: expected when it began and ended"),
        ("run", ["2026-11-22T10:00:00+08:00"], "run: expected when it began and ended"),
        ("run", [1], "run[1]: expected a text"),
        ("left_out", {"x": -1}, "left_out.x: expected a whole number"),
        ("reasons", {"x": {"kind": "odd"}}, "reasons.x: expected a reason with a known kind"),
        ("methods", "all", "methods: expected a list"),
        ("profile", {}, "lacks profile.version"),
    ],
)
def test_a_scope_that_is_none(
    run: RecordedRun, tmp_path: Path, member: str, value: object, words: str
) -> None:
    found = issue(halves_of(run), today=TODAY)
    found["certificate"][member] = value
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(found), "utf-8")
    if member == "profile":  # its members have defaults
        covered = opened(file, today=TODAY).endpoint
        assert covered
        assert covered.profile == Profile()
        return
    with pytest.raises(DataError) as error:
        opened(file, today=TODAY)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("today", "days", "expires"),
    [
        (date(2026, 11, 22), 365, "2027-11-22"),
        (date(2027, 11, 21), 365, "2027-11-22"),
        (date(2027, 11, 22), 365, ""),
        (date(2026, 11, 23), 1, ""),
    ],
)
def test_validity_counts_from_the_end_of_the_run(
    run: RecordedRun, today: date, days: int, expires: str
) -> None:
    if expires:
        assert issue(halves_of(run), days=days, today=today)["certificate"]["expires"] == expires
        return
    with pytest.raises(UsageError) as error:
        issue(halves_of(run), days=days, today=today)
    assert str(error.value) == f"certificate refused: the run ended {ENDED}, more than {days} days ago"


def test_unsigned_is_not_good_enough_unless_that_is_said(run: RecordedRun, tmp_path: Path) -> None:
    file = saved(tmp_path, run)
    found = json.loads(file.read_text("utf-8"))
    found["certificate"] |= {"issued": "2000-01-01", "expires": "9999-01-01"}  # whenever this test runs
    file.write_text(json.dumps(found), "utf-8")
    status, out = qimen(["verify", str(file), "--lang", "zh"])
    assert (status, out.splitlines()[-1]) == (1, CHINESE.splitlines()[-1])
    status, out = qimen(["verify", str(file), "--allow-unsigned"])
    assert (status, out.splitlines()[-1]) == (0, ENGLISH.splitlines()[-1])
