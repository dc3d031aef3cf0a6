"""The runs that the browser is shown: the broken one of tests/report, a hostile and a full one."""

from dataclasses import replace

from pytest_qimen.phrases import say
from pytest_qimen.report.case_record import CaseRecord, ExchangeRecord
from pytest_qimen.toml import Text
from pytest_qimen.verdict import Status
from tests.report.report_events import ENDED, FLAG, HEAD, broken_run, case, exchange

__all__ = ["ENDED", "HEAD", "HOSTILE", "big_run", "hostile_run", "run"]

HOSTILE = (
    "</script><script>window.owned = 1</script><img src=x onerror='window.owned = 2'> &lt;b&gt; &amp; "
    "<!-- ]]> {{data}} ${window.owned = 3} \u202eesrever\u202c \x00\x07\x1b[31m \u2028\u2029 'quote\" \\ end"
)


def run() -> list[CaseRecord]:
    """The broken run: its first case with a title and a second exchange, its blocked ones with a family."""
    first, *others = broken_run()
    later = ExchangeRecord.from_json(exchange(b"<response/>") | {"step": 7}, "")
    exchanges = (later, *(replace(one, step=1) for one in first.exchanges))
    title = Text("接受最小的合法请求", "Accepts the smallest legal request")
    findings = tuple(replace(found, expected=say("success-or-failure")) for found in first.findings)
    return [
        replace(first, title=title, findings=findings, exchanges=exchanges, requests=2),
        *(replace(one, family="need") if one.status is Status.BLOCKED else one for one in others),
    ]


def hostile_run() -> list[CaseRecord]:
    """Every text that comes from an endpoint or a target file is hostile."""
    found = FLAG | {"actual": HOSTILE, "expected": HOSTILE, "path": HOSTILE, "clause": HOSTILE}
    answers = [exchange(f"<response><flag>{HOSTILE}</flag></response>".encode(), HOSTILE.encode())]
    answers += [exchange(b"", status=None, error=f"reset: {HOSTILE}"), exchange(b"\xff" + HOSTILE.encode())]
    answers[0]["headers"] = [["X-Odd", HOSTILE]]
    return [
        case("wms/stock.query/request/minimal", "fail", found, cause=HOSTILE, exchanges=answers[:1]),
        case("wms/stock.query/request/typical", "error", cause=HOSTILE, exchanges=answers[1:]),
        case("wms/stock.query/request/a", "blocked", cause=HOSTILE),
        case("wms/stock.query/request/b", "waived", found, cause=HOSTILE),
        case("wms/stock.query/request/c", "unsupported", cause=HOSTILE, clause=HOSTILE),
        case(f"wms/stock.query/{HOSTILE}", "stale", cause=HOSTILE, requirements=[HOSTILE], family=HOSTILE),
    ]


def big_run(cases: int) -> list[CaseRecord]:
    """As many cases, every fourth of them failing with its messages."""
    answer = exchange(b"<response><flag>SUCCESS</flag></response>")
    return [
        case(f"wms/m{n % 70}/request/field{n}/too-long", "fail", FLAG, exchanges=[answer])
        if n % 4 == 0
        else case(f"wms/m{n % 70}/request/field{n}/too-long")
        for n in range(cases)
    ]
