"""Sentences about target files, and about what any TOML file must hold."""

TEXTS = {
    "is-empty": ("is empty", "为空"),
    "want-duration": (
        "expected a duration such as 90s, 5m or 1h, got {text!r}",
        "应为时长，如 90s、5m 或 1h，实际为 {text!r}",
    ),
    "want-command": ("needs one of command and url", "需要 command 和 url 之一"),
    "want-caller-url": ("expected http://host…, got {url!r}", "应为 http://host…，实际为 {url!r}"),
    "want-side": (
        "expected erp, wms, oms or a list of them, got {side!r}",
        "应为 erp、wms、oms 或其列表，实际为 {side!r}",
    ),
    "want-one-text": ("expected at least one text", "至少要有一个文本"),
    "want-values": (
        "expected a value or a list of values, got {value!r}",
        "应为一个值或值的列表，实际为 {value!r}",
    ),
    "no-such-field": (
        "no method has a field of this name or path{near}",
        "没有方法有此名称或路径的字段{near}",
    ),
    "want-sizes": (
        "is a group: expected {sizes}, got {shown!r}",
        "是分组：应为 {sizes}，实际为 {shown!r}",
    ),
    "no-variable": (
        "the environment has no variable {names}",
        "没有环境变量 {names}",
    ),
    "want-client-cert": (
        "expected client_cert beside it",
        "旁边应有 client_cert",
    ),
    "want-got-number": (
        "expected {words}, got {value!r:.60}",
        "应为{words}，实际为 {value!r:.60}",
    ),
    "want-day": (
        "expected a date without a time, got {value}",
        "应为不带时间的日期，实际为 {value}",
    ),
    "want-url": (
        "{option}: expected http://host/path or https://host/path, got {url!r}",
        "{option}：应为 http://host/path 或 https://host/path，实际为 {url!r}",
    ),
    "no-file-there": (
        "there is no file {path}",
        "没有文件 {path}",
    ),
    "want-assigned": (
        "expected fields that a receiver may assign: {few}; got {name!r}",
        "应为接收方可能自行分配的字段：{few}；实际为 {name!r}",
    ),
    "no-legal-value": (
        "{api} can have none of these values: {why}",
        "{api} 不可能有这些值：{why}",
    ),
    "pin-needed": (
        "{api} needs a {path}: pin one under [data]",
        "{api} 需要 {path}：请在 [data] 下固定一个",
    ),
    "unknown-role": (
        "unknown role {role!r}; expected some of {roles}",
        "未知的角色 {role!r}；应为 {roles} 中的若干个",
    ),
    "no-method-matches": (
        "no method matches {glob!r}{near}",
        "没有方法匹配 {glob!r}{near}",
    ),
    "want-canary": ("expected host:port or off, got {text!r}", "应为 host:port 或 off，实际为 {text!r}"),
    "pin-no-value": (
        "pin {key!r}: {api} can have none of its values: {why}",
        "固定的 {key!r}：{api} 不可能有这些值：{why}",
    ),
    "too-deep": (
        "is nested more than {deepest} deep",
        "嵌套超过 {deepest} 层",
    ),
    "file-large": (
        "is larger than {largest} MB",
        "超过 {largest} MB",
    ),
    "no-toml": (
        "no TOML in UTF-8: {error}",
        "不是 UTF-8 的 TOML：{error}",
    ),
    "want-table": (
        "expected a table, got {table}",
        "应为表，实际为 {table}",
    ),
    "want-got-shown": (
        "expected {words}, got {value}",
        "应为{words}，实际为 {value}",
    ),
    "want-least-one": (
        "expected at least 1, got {value}",
        "应至少为 1，实际为 {value}",
    ),
    "want-most": (
        "expected at most {most}, got {value}",
        "应至多为 {most}，实际为 {value}",
    ),
    "want-one-of": (
        "expected one of {legal}, got {value}",
        "应为 {legal} 之一，实际为 {value}",
    ),
    "no-key": (
        "is not a key of this table{near}",
        "不是此表的键{near}",
    ),
    "missing": (
        "is missing",
        "缺失",
    ),
    "want-zh-en": (
        "expected a table with zh and en, got {value}",
        "应为含 zh 和 en 的表，实际为 {value}",
    ),
    "no-text-shown": (
        "expected a text, got {row}",
        "应为文本，实际为 {row}",
    ),
}
