"""A sentence of a finding, a cause or the terminal in, the same in Chinese out; English stays as it is.

Checks write English; this closed list of templates is the other half. Values, paths and what an endpoint
said are data and are not translated. tests/report/test_report_words.py holds it complete.
"""

import re
from functools import cache

LANGUAGES = ("en", "zh")
# English -> Chinese; {0} is copied, {0.said} said in turn, {0.rule} a list of conditions
TEMPLATES = {
    # contract
    "the request is accepted": "请求被接受",
    "the request is refused": "请求被拒绝",
    "either answer": "两种应答都可以",
    "nothing": "没有",
    "<{}> without a verdict": "<{0}>，没有成败标志",
    "anything but {}": "不是 {0}",
    "only {}": "只能是 {0}",
    "no text with {} in it": "文本中不含 {0}",
    "one of {}": "其中之一：{0}",
    "{} of them, not {}": "应为 {0} 个，而不是 {1} 个",
    "at most {} of them, not {}": "最多 {0} 个，而不是 {1} 个",
    "a sum of {}": "合计为 {0}",
    "a value": "有值",
    "no value twice": "没有重复的值",
    "{} among them": "其中有 {0}",
    "valid JSON": "有效的 JSON",
    "JSON with a list or an object": "内容为数组或对象的 JSON",
    "a time within {} minutes of {}": "与 {1} 相差不超过 {0} 分钟的时间",
    "a time yyyy-MM-dd HH:mm:ss": "形如 yyyy-MM-dd HH:mm:ss 的时间",
    # envelope
    "an XML answer": "XML 应答",
    "an empty body": "空的应答体",
    "a well-formed XML answer": "格式良好的 XML 应答",
    "no DOCTYPE": "没有 DOCTYPE",
    "the document carries a DOCTYPE": "文档带有 DOCTYPE",
    "no byte order mark": "没有字节序标记 (BOM)",
    "a BOM stops the official client": "官方客户端无法读取带 BOM 的应答",
    "root element {}": "根元素 {0}",
    "charset utf-8": "字符集 utf-8",
    "charset {}": "字符集 {0}",
    "no prefix": "没有前缀",
    "prefix {}: the official client reads a prefixed answer as a failure": (
        "前缀 {0}：官方客户端把带前缀的应答当作失败"
    ),
    "success or failure": "success 或 failure",
    "a response with flag failure": "flag 为 failure 的 response",
    "error_response, as documents 001 and 002 print it": "文档 001 和 002 所印的 error_response",
    "a flag": "有 flag",
    "no flag": "没有 flag",
    "a code": "有 code",
    "no code": "没有 code",
    "an empty code": "code 为空",
    "a message": "有 message",
    "no message": "没有 message",
    "an empty message": "message 为空",
    "{} characters": "{0} 个字符",
    "at most {} characters": "最多 {0} 个字符",
    # the search for failures
    "{} requests, {} distinct failures known, {} marks covered": (
        "{0} 个请求，已知 {1} 个不同的失败，覆盖 {2} 个标记"
    ),
    "ended: {}": "结束：{0.said}",
    "interrupted": "被中断",
    "the same message is answered differently": "同一消息的应答不一致",
    "backed off {} times": "退避 {0} 次",
    "left out {}: {}": "略过 {0}：{1}",
    "seed {}, run {}, corpus {}": "种子 {0}，第 {1} 次运行，语料目录 {2}",
    "the budget is spent": "预算已用完",
    "the time is over": "时间已到",
    "there is nothing left to search": "没有可搜索的内容",
    "the endpoint does not answer any more: {}": "端点不再应答：{0}",
    "the endpoint keeps answering HTTP {}": "端点持续返回 HTTP {0}",
    "Refuses damaged bytes that are no XML, unharmed": "损坏的字节：不是 XML 即须拒绝，且不得造成危害",
    # connections
    "Server disconnected without sending a response.": "服务器未应答即断开",
    "the answer was not complete in time": "应答未能按时完成",
    "peer closed connection without sending complete message body ({})": "对方未发完应答体即断开（{0}）",
    "received {} bytes, expected {}": "收到 {0} 字节，应为 {1} 字节",
    "incomplete chunked read": "分块应答不完整",
    "illegal status line: {}": "非法的状态行：{0}",
    "Illegal header value {}": "非法的请求头值 {0}",
    # http and security
    "an answer of reasonable size": "大小合理的应答",
    "too-large: more than {} bytes": "过大：超过 {0} 字节",
    "no secret in the answer": "应答中没有密钥",
    "the app secret": "应用密钥",
    "no file content in the answer": "应答中没有文件内容",
    "lines of /etc/passwd": "/etc/passwd 的内容",
    "no stack trace in the answer": "应答中没有堆栈信息",
    # the fields of an answer
    "a field of the document": "文档中有的字段",
    "another one": "其他字段",
    "an element with a value": "有值的元素",
    "a group that is not empty": "非空的元素组",
    "elements, no text": "只含元素，不含文本",
    "elements or text": "元素或文本",
    "a text": "文本",
    "a whole number from {} to {}": "{0} 到 {1} 的整数",
    "a whole number of 64 bits": "64 位整数",
    "a decimal number": "十进制数",
    "a number": "数字",
    "true or false": "true 或 false",
    "yyyy-MM-dd, a day of the calendar": "yyyy-MM-dd，日历上存在的日期",
    "yyyy-MM-dd HH:mm:ss, a moment of the calendar": "yyyy-MM-dd HH:mm:ss，日历上存在的时间",
    "HH:mm:ss, a time of the day": "HH:mm:ss，一天中的时间",
    "letters and digits only": "只含字母和数字",
    "at least {} characters": "至少 {0} 个字符",
    "{} to {} characters": "{0} 到 {1} 个字符",
    "at most {} digits, {} of them after the point": "最多 {0} 位数字，其中小数 {1} 位",
    "at least {} and at most {}": "不小于 {0} 且不大于 {1}",
    "at most {} ({})": "不大于 {0}（{1}）",
    "at most {}": "最多 {0}",
    "at least {}": "至少 {0}",
    "one only": "只有一个",
    "codes joined by {} from {}": "以 {0} 连接的代码，取自 {1}",
    "a message that fits the schema": "符合 schema 的报文",
    "a value, because {}": "有值（条件：{0.rule}）",
    "{} (the sum of {})": "{0}（{1} 之和）",
    "not after {} ({})": "不晚于 {0}（{1}）",
    "a value sent as {}": "请求中 {0} 的值之一",
    # why a case was not judged, or is waived or stale
    "the profile leaves out {}": "目标配置未包含 {0}",
    "would write, and the run is read-only": "会写入数据，而本次运行只读",
    "{} is pinned by the profile": "{0} 由目标配置固定",
    "{} are pinned by the profile: other cases change the same stock": (
        "{0} 由目标配置固定：其他用例会改动同一库存"
    ),
    "nobody draws messages here": "此处不随机生成报文",
    "passes, but is known as failing: {}": "已通过，却登记为已知失败：{0}",
    "nothing fails that {} covers, known as failing: {}": "{0} 涵盖的用例都不失败，却登记为已知失败：{1}",
    "the waiver expired on {}": "豁免已于 {0} 到期",
    "until {}: {}": "至 {0}：{1}",
    "red in the earlier run already": "之前的运行中就不合格",
    "step {} ({}): {}": "第 {0} 步（{1}）：{2.said}",
    "{} gave no {}": "{0} 没有给出 {1}",
    "no earlier answer gave {}; known: {}": "之前的应答没有给出 {0}；已知：{1.said}",
    "{} refused a {} that we made up: pin one that your system knows under [data] in the target file": (
        "{0} 拒绝了编造的 {1}：请在目标文件的 [data] 中固定一个系统已知的值"
    ),
    "{} takes only values that the endpoint knows: pin some under [data] in the target file": (
        "{0} 只接受端点已知的值：请在目标文件的 [data] 中固定"
    ),
    "too many fields take only values that the endpoint knows": "太多字段只接受端点已知的值",
    "the same message was answered differently: {}": "同一报文得到不同的应答：{0}",
    "{}; drawn with --qimen-seed {}; kept as {}": "{0.said}；以 --qimen-seed {1} 随机生成；保存为 {2}",
    "drawn with --qimen-seed {}; kept as {}": "以 --qimen-seed {0} 随机生成；保存为 {1}",
    "{}; drawn with --qimen-seed {}": "{0.said}；以 --qimen-seed {1} 随机生成",
    "drawn with --qimen-seed {}": "以 --qimen-seed {0} 随机生成",
    "kept as {}": "保存为 {0}",
    "the query must show {}": "查询应显示 {0}",
    "the worker crashed": "工作进程崩溃",
    "the report is not whole: {}": "报告不完整：{0}",
    "connect: {}": "无法连接：{0}",
    "tls: {}": "TLS 失败：{0}",
    "timeout: the answer was not complete after {} s": "超时：{0} 秒后应答仍不完整",
    "timeout: {}": "超时：{0}",
    "reset: {}": "连接中断：{0}",
    "protocol: {}": "HTTP 协议错误：{0}",
}
COUNTED = {  # one, more, Chinese
    "red": ("case is red", "cases are red", "{} 个用例不合格"),
    "untested": ("case could not be tested", "cases could not be tested", "{} 个用例未能测试"),
    "blocked": ("case blocked by", "cases blocked by", "{} 个用例受阻于"),
    "unsupported": ("unsupported", "unsupported", "{} 个不支持"),
    "requests": ("request", "requests", "{} 个请求"),
    "failures": ("failure", "failures", "{} 个不合格"),
    "new": ("newly red", "newly red", "{} 个新的不合格"),
    "lost": ("newly untested", "newly untested", "{} 个新的未测试"),
    "old": ("red already then, not counted", "red already then, not counted", "{} 个当时就不合格，不计"),
    "left": (
        "thing could not be taken back",
        "things could not be taken back",
        "{} 个遗留数据未能撤销",
    ),
}
_WORDS = {  # what the terminal says around them
    "requirement": "要求",
    "clause": "出处",
    "request": "请求",
    "at": "位置",
    "expected": "期望",
    "actual": "实际",
    "must": "必须",
    "should": "应当",
    "may": "可选",
    "all": "合计",
    "verdict": "结论",
    "conformant": "符合规范",
    "non-conformant": "不符合规范",
    "incomplete": "未完成",
    "every must that was tested holds": "测试过的必须项全部满足",
    "the run broke off": "运行中断",
    "(itself not red)": "（其本身不红）",
    "left behind": "遗留",
    "report": "报告",
    "note": "提示",
    "fuzz": "模糊测试",
    "covers no case": "不涵盖任何用例",
    "private: events.jsonl and found/ keep personal data, for replays": (
        "events.jsonl 和 found/ 含个人信息，仅供重放，请勿外传"
    ),
    "compared with": "对比",
    "requests/s": "请求/秒",
    "left": "剩余",
    "nothing was tested": "没有测试任何用例",
    "nothing newly red": "没有新的不合格",
}


class _Part(str):
    """What stands in a template's gap, and two ways to say it."""

    @property
    def said(self) -> str:
        """As a sentence of its own."""
        return say(self, "zh")

    @property
    def rule(self) -> str:
        """`a is 1 and b is 2` as conditions."""
        return "，且 ".join(" 为 ".join(part.split(" is ", 1)) for part in self.split(" and "))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The templates as patterns, those with the most words of their own first."""
    ordered = sorted(TEMPLATES, key=lambda text: len(text.replace("{}", "")), reverse=True)
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, text.split("{}"))), re.DOTALL), TEMPLATES[text])
        for text in ordered
    )


def say(text: str, language: str) -> str:
    """The text in the language; as it is where it is data, that is nobody's words."""
    if language == "en":
        return text
    for pattern, words in _patterns():
        if found := pattern.fullmatch(text):
            return words.format(*map(_Part, found.groups()))
    return text


def count(number: int, one: str, language: str) -> str:
    """`1 case is red`, `2 cases are red`; Chinese has one form."""
    en, more, zh = COUNTED[one]
    return zh.format(number) if language == "zh" else f"{number} {en if number == 1 else more}"


def wide(text: str) -> int:
    """How wide a terminal shows it: a Chinese sign takes two columns."""
    return sum(1 if sign.isascii() else 2 for sign in text)


def word(text: str, language: str) -> str:
    """A word of the terminal in the language."""
    return text if language == "en" else _WORDS.get(text, text)
