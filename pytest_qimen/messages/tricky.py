"""Texts that careless code takes for something else on their way through a system, kind by kind.

Each stands for a conversion that JSON, YAML, spreadsheets, PHP, XML-to-map libraries or databases are known
for.
Every one is a legal text of at most 50 characters without outer blanks.
"""

from dataclasses import dataclass

from pytest_qimen.toml import Text
from pytest_qimen.verdict import Level


@dataclass(frozen=True, slots=True)
class Tricky:
    """A kind of texts; `requirement` is the sentence of cases/requirements.toml that it tries.

    `refusable` texts look like an attack or like nothing: a receiver may refuse them.
    """

    name: str
    title: Text
    requirement: str
    level: Level
    texts: tuple[str, ...]
    refusable: bool = False


NOTHING = ("null", "NULL", "None", "nil", "undefined", "NaN", "[]", "{}", "Array", "0000-00-00", "1970-01-01")
TEXTS = (
    Tricky(
        "like-numbers",
        Text("像数字", "like numbers"),
        "roundtrip.text",
        Level.MUST,
        (
            *("0", "0012003400", "12345678901234567890", "1.10", "1E5", "-0", "007.50", "+86", ".5", "1,000"),
            *("0x1F", "1_000", "12e3", "6901028075763", "9007199254740993", "0.1", "00", "1e400"),
        ),
    ),
    Tricky(
        "like-dates",
        Text("像日期和时间", "like dates and times"),
        "roundtrip.text",
        Level.MUST,
        ("1-2", "2024-1-2", "12:30:45", "3/4", "2016-05-01", "MAR1", "1.2.2016", "20160501", "190:20:30"),
    ),
    Tricky(
        "like-words-of-code",
        Text("像真假与空值", "like true, false and nothing"),
        "roundtrip.words",
        Level.SHOULD,
        (
            *("true", "False", "yes", "NO", "on", "Off", "null", "NULL", "None", "nil", "undefined", "NaN"),
            *("Infinity", "Array", "~", "N/A", "#N/A", "nan"),
        ),
        refusable=True,
    ),
    Tricky(
        "like-code",
        Text("像 JSON、YAML、公式与路径", "like JSON, YAML, formulas and paths"),
        "roundtrip.harmless",
        Level.MUST,
        (
            *('{"a":1}', "[1,2]", "- a: b", "#x", "key: value", "&a *b", "%41+%20", "=1+1", "@home", "-x"),
            *("'abc", "C:\\new\\table", "\\u4e2d\\n", "a[]=1&b=2", "$1 ${x}", "a;b,c^d|e", '"a"', "a''b"),
        ),
        refusable=True,
    ),
    Tricky(
        "like-markup",
        Text("像标记与转义", "like markup and escapes"),
        "roundtrip.text",
        Level.MUST,
        ("a<b>c&d\"e'f]]>g", "&lt;b&gt;", "&amp;amp;", "&#20013;", "<b/>", "a&b;c", "<![CDATA[x", "&nbsp;"),
    ),
    Tricky(
        "blanks-inside",
        Text("词间空格", "blanks inside"),
        "roundtrip.text",
        Level.SHOULD,
        ("龙井  250g", "a   b", "a b c", "中　文"),
    ),
    Tricky(
        "mixed-case",
        Text("大小写与全角", "small, capital and full-width letters"),
        "roundtrip.text",
        Level.MUST,
        ("aBcDeF", "straSSe", "iPhone", "（中文）", "「引号」。", "ABC中文def"),
    ),
    Tricky(
        "other-scripts",
        Text("其他文字", "other scripts"),
        "roundtrip.rare-characters",
        Level.SHOULD,
        (
            "Ωμέγα Привет",
            "العربية",
            "हिन्दी",
            "ภาษาไทย",
            "日本語カナ",
            "한국어",
            "naïve Ærø",
            "繁體中文",
            "Ａ１ﬁ①㐀龘",
            "cafe\u0301",
        ),
    ),
    Tricky(
        "beyond-the-first-plane",
        Text("四字节字符", "4-byte characters"),
        "roundtrip.emoji",
        Level.MUST,
        ("😀", "𠮷野家", "👍🏽", "a😀b𠀀c"),
    ),
)
