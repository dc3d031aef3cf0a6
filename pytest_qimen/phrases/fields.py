"""Sentences about one field: what the documents demand of it, and the relations between fields."""

TEXTS = {
    "within": ("the fields of {group} within {group}", "{group} 的字段位于 {group} 之内"),
    "without": ("{names} in its place", "其位置上直接是 {names}"),
    "declared": ("a field of the document", "文档中有的字段"),
    "another": ("another one", "其他字段"),
    "element-with-value": ("an element with a value", "有值的元素"),
    "filled-group": ("a group that is not empty", "非空的元素组"),
    "elements-only": ("elements, no text", "只含元素，不含文本"),
    "elements-or-text": ("elements or text", "元素或文本"),
    "a-text": ("a text", "文本"),
    "int": (
        "a whole number from -2147483648 to 2147483647",
        "-2147483648 到 2147483647 的整数",
    ),
    "long": ("a whole number of 64 bits", "64 位整数"),
    "decimal": ("a decimal number", "十进制数"),
    "number": ("a number", "数字"),
    "boolean": ("{one} or {other}", "{one} 或 {other}"),
    "date": ("yyyy-MM-dd, a day of the calendar", "yyyy-MM-dd，日历上存在的日期"),
    "datetime": (
        "yyyy-MM-dd HH:mm:ss, a moment of the calendar",
        "yyyy-MM-dd HH:mm:ss，日历上存在的时间",
    ),
    "time": ("HH:mm:ss, a time of the day", "HH:mm:ss，一天中的时间"),
    "letters-and-digits": ("letters and digits only", "只含字母和数字"),
    "at-least-characters": ("at least {least} characters", "至少 {least} 个字符"),
    "at-most-characters": ("at most {most} characters", "最多 {most} 个字符"),
    "characters-between": ("{least} to {most} characters", "{least} 到 {most} 个字符"),
    "digits": (
        "at most {digits} digits, {fraction} of them after the point",
        "最多 {digits} 位数字，其中小数 {fraction} 位",
    ),
    "between": ("at least {least} and at most {most}", "不小于 {least} 且不大于 {most}"),
    "at-most": ("at most {most}", "最多 {most}"),
    "at-least": ("at least {least}", "至少 {least}"),
    "one-only": ("one only", "只有一个"),
    "joined-codes": (
        "codes joined by {separator!r} from {codes:comma}",
        "以 {separator!r} 连接的代码，取自 {codes:comma}",
    ),
    "fits-schema": ("a message that fits the schema", "符合 schema 的报文"),
    # relations
    "because": ("a value, because {conditions:and}", "有值（条件：{conditions:and}）"),
    "field-is": ("{field} is {value}", "{field} 为 {value}"),
    "due": ("{due} ({terms})", "{due}（{terms}）"),
    "the-sum": ("the sum of {parts}", "{parts} 之和"),
    "not-after": ("not after {field} ({value})", "不晚于 {field}（{value}）"),
    "at-most-field": ("at most {field} ({value})", "不大于 {field}（{value}）"),
    # later editions
    "later-method": (
        "{name} is a method of a later edition ({en} · {zh}): the documents do not describe it, "
        "nothing of it is tested",
        "{name} 是后续版本的接口（{zh} · {en}）：文档没有描述它，不在测试范围内",
    ),
    "later-element": ("an element of a later edition ({en} · {zh})", "后续版本的元素（{zh} · {en}）"),
    "later-optional": ("a later edition makes {field} optional", "后续版本中 {field} 可不填"),
    "later-longer": (
        "a later edition allows {most} characters in {field}",
        "后续版本中 {field} 最多 {most} 个字符",
    ),
    "with-note": ("{wanted} ({note})", "{wanted}（{note}）"),
    "sent-as": ("a value sent as {field}", "请求中 {field} 的值之一"),
}
