"""Words of the terminal and of the reports."""

TEXTS = {
    "beside-record": (
        "what broke is no part of what the case records: {title}",
        "出错之处不属于本用例所记录的内容：{title}",
    ),
    "requirement": ("requirement", "要求"),
    "clause": ("clause", "出处"),
    "request": ("request", "请求"),
    "at": ("at", "位置"),
    "expected": ("expected", "期望"),
    "actual": ("actual", "实际"),
    "must": ("must", "必须"),
    "should": ("should", "应当"),
    "may": ("may", "可选"),
    "all": ("all", "合计"),
    "verdict": ("verdict", "结论"),
    "conformant": ("conformant", "符合规范"),
    "non-conformant": ("non-conformant", "不符合规范"),
    "incomplete": ("incomplete", "未完成"),
    "all-musts-hold": ("every must that was tested holds", "测试过的必须项全部满足"),
    "shards-missing": ("shards missing: {shards}", "缺少分片：{shards}"),
    "shards-twice": ("shards given twice: {shards}", "分片重复：{shards}"),
    "signature-untried": ("no signature check of {roles} was tried", "{roles}：没有尝试过任何签名检查"),
    "run-interrupted": ("interrupted; what was tested so far is kept", "已中断；已完成的结果都保留"),
    "broke-off": ("the run broke off", "运行中断"),
    "itself-not-red": (" (itself not red)", "（其本身不红）"),
    "left-behind": ("left behind", "遗留"),
    "set-aside": (
        "an earlier run into this folder broke off: `qimen cleanup {file}` takes back what it left",
        "此前写入该目录的运行中断：用 `qimen cleanup {file}` 撤销其遗留数据",
    ),
    "take-back": (
        "the endpoint may still hold what the run created: `{command}` takes it back",
        "端点上可能有遗留数据：用 `{command}` 撤销",
    ),
    "short-secret": (
        "a secret of fewer than {least} characters is not masked in any output: it stands in harmless words, "
        "too; test with a longer one",
        "secret 或 session 不足 {least} 个字符，与普通文字无法区分，输出中不会屏蔽：请换更长的测试",
    ),
    "report": ("report", "报告"),
    "note": ("note", "提示"),
    "fuzz": ("fuzz", "模糊测试"),
    "covers-no-case": ("[[known]] {glob!r} covers no case", "[[known]] {glob!r} 不涵盖任何用例"),
    "limit-without-effect": (
        "[limits] {key} = {limit} is above the {most} that the documents allow; {where}",
        "[limits] {key} = {limit} 超出文档允许的 {most}；{where}",
    ),
    "limit-nowhere": ("it has no effect", "不起作用"),
    "limit-only-in": (
        "it holds only where they print none ({methods:comma})",
        "只在文档未规定上限的方法中有效（{methods:comma}）",
    ),
    "private": (
        "private: events.jsonl and found/ keep personal data, for replays",
        "events.jsonl 和 found/ 含个人信息，仅供重放，请勿外传",
    ),
    "compared-with": ("compared with", "对比"),
    "requests-a-second": ("requests/s", "请求/秒"),
    "time-left": ("left", "剩余"),
    "nothing-tested": ("nothing was tested", "没有测试任何用例"),
    "nothing-newly-red": ("nothing newly red", "没有新的不合格"),
    "postman-secret": (
        "the variable secret is empty: set it to the secret of the endpoint (newman: --env-var secret=…)",
        "变量 secret 为空：请填入端点的密钥（newman：--env-var secret=…）",
    ),
    "postman-about": (
        "The smallest legal message of each method, signed before it is sent. Set the variables secret and, "
        "for TOP, session. Empty the variable run for fresh business keys.",
        "每个方法的最小合法报文，发送前自动签名。请填写变量 secret；TOP 方法还需填写 session。"
        "清空变量 run 可换一批业务单号。",
    ),
    "report-not-whole": ("the report is not whole: {reason}", "报告不完整：{reason}"),
}
