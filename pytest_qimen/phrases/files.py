"""Sentences about files that people write: target files, case files, tables of methods."""

TEXTS = {
    "index-high": (
        "expected at most element {most} of a list, got {place}",
        "列表元素序号应至多为 {most}，实际为 {place}",
    ),
    "key-long": (
        "expected a key of at most {most} characters, got {length}",
        "键应至多 {most} 个字符，实际为 {length}",
    ),
    "repeat-many": (
        "expected 0 to {most} elements, got {value!r}",
        "应为 0 到 {most} 个元素，实际为 {value!r}",
    ),
    "unknown-tamper": (
        "unknown tamper {name!r}; expected one of {known}",
        "未知的 tamper {name!r}；应为 {known} 之一",
    ),
    "tamper-bare": (
        "the tamper {name!r} takes no argument, got {argument!r}",
        "tamper {name!r} 不带参数，实际为 {argument!r}",
    ),
    "tamper-wants": (
        "the tamper {name!r} wants {words} behind a colon",
        "tamper {name!r} 的冒号后应为{words}",
    ),
    "limit-whole": (
        "expected a whole number of at least 1, got {limit!r}",
        "应为不小于 1 的整数，实际为 {limit!r}",
    ),
    "limit-none": (
        "has no length, number of elements or greatest value that could be smaller",
        "没有可以缩小的长度、元素个数或最大值",
    ),
    "limit-high": ("the documents allow at most {most}, got {limit}", "文档允许至多 {most}，实际为 {limit}"),
    "limit-low": ("the documents want at least {least}, got {limit}", "文档要求至少 {least}，实际为 {limit}"),
    "no-keys": (
        "the environment has no {names} (the target file may name others with app_key_env …). "
        "`qimen serve` prints its own keys; those of your endpoint:\n{lines}",
        "环境变量 {names} 未设置（目标文件可用 app_key_env 等指定其他变量名）。"
        "`qimen serve` 会打印内置端点的密钥；您的端点请设置：\n{lines}",
    ),
    "caller-id": (
        "expected caller.topic.what, got {identity!r}",
        "应为 caller.topic.what，实际为 {identity!r}",
    ),
    "unknown-word": (
        "unknown word {{{word}}}; known are {words}",
        "未知的词 {{{word}}}；可用的有 {words}",
    ),
    "member-twice": (
        "names a member twice",
        "同一成员写了两次",
    ),
    "no-text": (
        "expected a text, got {text!r}",
        "应为文本，实际为 {text!r}",
    ),
    "keys-equal": (
        "two keys of this table are {plain!r}",
        "此表有两个键都是 {plain!r}",
    ),
    "unknown-member": (
        "unknown member {name!r}; this file has {known}",
        "未知的成员 {name!r}；此文件有 {known}",
    ),
    "want-text": (
        "expected a text",
        "应为文本",
    ),
    "name-late": (
        "nothing is called {used!r} before",
        "在此之前没有名为 {used!r} 的值",
    ),
    "save-late": (
        "nothing is saved as {given!r} before",
        "在此之前没有保存 {given!r}",
    ),
    "no-case-file": (
        "no case file for {text!r}{near}",
        "{text!r} 没有对应的用例文件{near}",
    ),
    "no-case": (
        "{path} has no case {text!r}{near}",
        "{path} 中没有用例 {text!r}{near}",
    ),
    "id-twice": (
        "two cases have this id",
        "两个用例的 id 相同",
    ),
    "step-before": (
        "needs a step before this one, got {value!r}",
        "之前必须有步骤，实际为 {value!r}",
    ),
    "want-beside": (
        "wants one of {checks} beside it, got {kinds}",
        "旁边应有 {checks} 之一，实际为 {kinds}",
    ),
    "want-got": (
        "expected {words}, got {value!r}",
        "应为{words}，实际为 {value!r}",
    ),
    "no-answer-field": (
        "the response of {api} has no field {path!r}",
        "{api} 的应答没有字段 {path!r}",
    ),
    "unknown-method": (
        "unknown method {name!r}{near}",
        "未知的方法 {name!r}{near}",
    ),
    "want-got-for": (
        "expected {words}, got {value!r} for {path!r}",
        "{path!r} 应为{words}，实际为 {value!r}",
    ),
    "too-many-digits": (
        "the number for {path!r} has too many digits",
        "{path!r} 的数字位数过多",
    ),
    "want-place": (
        "expected request:path or response:path, got {place!r}",
        "应为 request:路径 或 response:路径，实际为 {place!r}",
    ),
    "side-no-field": (
        "the {side} of {api} has no field {path!r}",
        "{api} 的 {side} 没有字段 {path!r}",
    ),
    "method-no-field": (
        "{api} has no field {path!r}",
        "{api} 没有字段 {path!r}",
    ),
    "flow-empty": (
        "a flow needs at least one",
        "流程至少要有一个步骤",
    ),
    "set-twice": (
        "{path!r} is set twice",
        "{path!r} 设置了两次",
    ),
    "no-xml": (
        "is no XML: {error}",
        "不是 XML：{error}",
    ),
    "requirement-id": (
        "expected topic.what in small letters (rule.… and the like are generated), got {identity!r}",
        "应为小写的 topic.what（rule.… 等由工具生成），实际为 {identity!r}",
    ),
    "untested-beside": (
        "stands beside cases that test it",
        "已有用例测试它，不能再写 untested",
    ),
    "no-flow": (
        "{case}: a flow has steps, judges the verdict and has no control; this case is none",
        "{case}：流程要有步骤、判定结论、不带对照；此用例不是",
    ),
    "toml-cannot": (
        "TOML cannot hold {text!r}: it is no Unicode text",
        "TOML 无法保存 {text!r}：不是 Unicode 文本",
    ),
    "unknown-change": (
        "unknown change {op!r}; expected one of {operations}",
        "未知的修改 {op!r}；应为 {operations} 之一",
    ),
    "again-before": (
        "{case}: `again` needs a step before it",
        "{case}：`again` 之前必须有步骤",
    ),
    "want-file-name": (
        "expected {stem!r} (the file's name), got {name!r}",
        "应为 {stem!r}（文件名），实际为 {name!r}",
    ),
    "answer-no-field": (
        "the response has no field {path!r}",
        "应答没有字段 {path!r}",
    ),
    "give-missing": (
        "is missing, and no setup of this method gives anything",
        "缺失，且此方法的 setup 都没有给出值",
    ),
    "set-empty": (
        "expected at least the field that names what is taken back",
        "至少要有指明撤销对象的字段",
    ),
    "no-code-list": (
        "codes.toml has no list {codes!r}",
        "codes.toml 中没有列表 {codes!r}",
    ),
    "want-two-numbers": (
        "expected two whole numbers, got {digits!r}",
        "应为两个整数，实际为 {digits!r}",
    ),
    "request-no-field": (
        "the request has no field {path!r}",
        "请求没有字段 {path!r}",
    ),
    "group-no-row": (
        "its group {parent!r} has no row",
        "其分组 {parent!r} 没有对应的行",
    ),
    "group-holds": (
        "its group {parent!r} holds a value",
        "其分组 {parent!r} 是有值的字段",
    ),
    "stands-twice": (
        "{path!r} stands twice",
        "{path!r} 出现两次",
    ),
    "rule-knows": (
        "a rule of kind {kind!r} knows only {words}",
        "{kind!r} 类规则只有 {words}",
    ),
    "want-texts": (
        "expected a text or a list of texts, got {value!r}",
        "应为文本或文本列表，实际为 {value!r}",
    ),
    "direction-no-field": (
        "the {direction} has no field {path!r}",
        "{direction} 没有字段 {path!r}",
    ),
    "no-legal": (
        "{what}: no legal {direction} of {api}: {reasons}",
        "{what}：{api} 没有合法的 {direction}：{reasons}",
    ),
}
