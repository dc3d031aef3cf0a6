"""Sentences about files that a run or a certificate wrote and that are no longer whole."""

TEXTS = {
    "history-line": ("no line of a history", "不是历史记录的行"),
    "member-verdict": (
        "verdict: expected one of {verdicts}, got {said!r}",
        "verdict：应为 {verdicts} 之一，实际为 {said!r}",
    ),
    "history-full": (
        "--history: {path} is full ({largest} MB): name another folder",
        "--history：{path} 已满（{largest} MB）：请换一个目录",
    ),
    "told-at": (
        "{place}.{name}: {error}",
        "{place}.{name}：{error}",
    ),
    "json-fraction": (
        "holds the number {text}; whole numbers only",
        "含有数字 {text}；只能用整数",
    ),
    "file-deep": (
        "is nested more than {deepest} deep",
        "嵌套超过 {deepest} 层",
    ),
    "member-doubled": (
        "has the member {twice!r} twice",
        "成员 {twice!r} 出现两次",
    ),
    "no-certificate": (
        "is no certificate of pytest-qimen",
        "不是 pytest-qimen 的证书",
    ),
    "certificate-format": (
        "format: is {body}; this version reads up to {format}",
        "format：为 {body}；此版本最高支持 {format}",
    ),
    "lacks-members": (
        "lacks {missing}",
        "缺少 {missing}",
    ),
    "certificate-verdict": (
        "verdict: expected {verdict}, got {text!r}",
        "verdict：应为 {verdict}，实际为 {text!r}",
    ),
    "certificate-future": (
        "issued: {issued} is still to come",
        "issued：{issued} 尚未到来",
    ),
    "certificate-dates": (
        "expires: {expires} is not after it was issued, {issued}",
        "expires：{expires} 不晚于签发日 {issued}",
    ),
    "certificate-day": (
        "{name}: expected a date such as 2026-11-28, got {text!r}",
        "{name}：应为日期，如 2026-11-28，实际为 {text!r}",
    ),
    "certificate-algorithm": (
        "{wanted}, got algorithm {found!r}",
        "{wanted}，实际算法为 {found!r}",
    ),
    "half-surrogate": (
        "holds half of a surrogate pair, which is no text",
        "含有半个代理对，不是文本",
    ),
    "no-json-utf8": (
        "is no JSON in UTF-8",
        "不是 UTF-8 的 JSON",
    ),
    "member-unsigned": (
        "has a member {name!r} that nothing signs",
        "含有签名不覆盖的成员 {name!r}",
    ),
    "member-empty": (
        "{name}: is empty",
        "{name}：为空",
    ),
    "no-results": (
        "is no results.json of pytest-qimen",
        "不是 pytest-qimen 的 results.json",
    ),
    "file-format": (
        "is of format {found}; this version reads up to {format}",
        "格式为 {found}；此版本最高支持 {format}",
    ),
    "no-event": (
        "is no line of an events.jsonl: it has no type",
        "不是 events.jsonl 的行：没有 type",
    ),
    "member-wanted": (
        "{key}: expected {wanted}, got {got}",
        "{key}：应为{wanted}，实际为 {got}",
    ),
    "member-text": (
        "{place}: expected a text, got {value}",
        "{place}：应为文本，实际为 {value}",
    ),
    "member-whole": (
        "{place}: expected a whole number, got {value}",
        "{place}：应为整数，实际为 {value}",
    ),
    "member-number": (
        "{place}: expected a number of at least 0, got {value}",
        "{place}：应为不小于 0 的数，实际为 {value}",
    ),
    "member-pair": (
        "{place}: expected two texts, got {value}",
        "{place}：应为两个文本，实际为 {value}",
    ),
    "member-object": (
        "{name}: expected an object, got {found}",
        "{name}：应为对象，实际为 {found}",
    ),
    "lacks-member": (
        "lacks {key}",
        "缺少 {key}",
    ),
    "member-offset": (
        "{key}: expected a time with its offset from UTC",
        "{key}：应为带 UTC 偏移的时间",
    ),
    "file-format-odd": (
        "is of format {version!r}; this version reads up to {format}",
        "格式为 {version!r}；此版本最高支持 {format}",
    ),
    "member-shard": (
        "shards: expected a part and their number such as 3/10, got {shard!r}",
        "shards：应为“第几份/总份数”，如 3/10，实际为 {shard!r}",
    ),
    "member-sides": (
        "{place}: expected one or more of {sides}",
        "{place}：应为 {sides} 中的一个或多个",
    ),
    "certificate-kind": (
        "kind: is {kind!r}, expected one of {kinds}; only a certificate of format 2 covers what is sent",
        "kind：为 {kind!r}，应为 {kinds} 之一；只有格式 2 的证书覆盖发出的内容",
    ),
    "member-run": (
        "run: expected when it began and ended, in ISO 8601",
        "run：应为 ISO 8601 的起止时间",
    ),
}
