"""Sentences that say why a case was not judged, or is waived or stale."""

TEXTS = {
    "nothing-names-it": (
        "no answer said what the thing is called that would have to be taken back",
        "没有应答说明要撤销的数据叫什么",
    ),
    "left-out": ("the profile leaves out {methods:comma}", "目标配置未包含 {methods:comma}"),
    "unsplit": (
        "the profile says that no document is sent in parts (splits = false)",
        "目标配置说明单据从不分批发送（splits = false）",
    ),
    "no-canary": (
        "the endpoint is on another machine: name an address of this one as `canary` in the target file",
        "端点在另一台机器上：请在目标文件中用 canary 指明本机可被访问的地址",
    ),
    "no-canary-file": (
        "the endpoint is on another machine: it has no file of this one",
        "端点在另一台机器上：无法读取本机的文件",
    ),
    "canary-off": ("the canary is turned off", "canary 已关闭"),
    "canary-taken": (
        "the canary's address cannot be listened at: {reason}",
        "canary 地址无法监听：{reason}",
    ),
    "canary-astray": (
        "{address} does not lead to the suite, a fetch would not be seen: name another address as `canary`",
        "{address} 不通向本套件，端点访问了也看不到：请用 canary 指明别的地址",
    ),
    "read-only": ("would write, and the run is read-only", "会写入数据，而本次运行只读"),
    "pinned": ("{field} is pinned by the profile", "{field} 由目标配置固定"),
    "pinned-several": ("{fields:comma} are pinned by the profile", "{fields:comma} 由目标配置固定"),
    "shared-stock": (
        "{fields:comma} are pinned by the profile: other cases change the same stock",
        "{fields:comma} 由目标配置固定：其他用例会改动同一库存",
    ),
    "above-limit": (
        "{field} holds at most {limit} in the profile's [limits]",
        "目标配置的 [limits] 规定 {field} 最多 {limit}",
    ),
    "above-limits": (
        "above the profile's [limits]: {limits:comma}",
        "超出目标配置的 [limits]：{limits:comma}",
    ),
    "not-drawn": ("nobody draws messages here", "此处不随机生成报文"),
    "passes": ("passes, but is known as failing: {reason}", "已通过，却登记为已知失败：{reason}"),
    "glob-passes": (
        "nothing fails that {glob} covers, known as failing: {reason}",
        "{glob} 涵盖的用例都不失败，却登记为已知失败：{reason}",
    ),
    "expired": ("the waiver expired on {date}", "豁免已于 {date} 到期"),
    "waived": ("until {date}: {reason}", "至 {date}：{reason}"),
    "red-before": ("red in the earlier run already", "之前的运行中就不合格"),
    "at-step": ("step {step} ({method}): {reason}", "第 {step} 步（{method}）：{reason}"),
    "setup-refused": ("{method}: {said}", "{method}：{said}"),
    "gave-no": ("{method} gave no {place}", "{method} 没有给出 {place}"),
    "not-saved": (
        "no earlier answer gave {name!r}; known: {known}",
        "之前的应答没有给出 {name!r}；已知：{known}",
    ),
    "nothing-known": ("nothing", "没有"),
    "unpinned": (
        "{method} was refused; the endpoint may not know the {fields:comma} in it, which the suite made up: "
        "write a value that it knows into the target file, below [data]: {lines:comma} "
        "(the mere name pins it in every method)",
        "{method} 被拒绝；其中的 {fields:comma} 由本套件编造，端点可能不认识："
        "请在目标文件的 [data] 下写一个系统已知的值：{lines:comma}（只写字段名则对所有方法生效）",
    ),
    "own-values": (
        "{field} takes only values that the endpoint knows: pin some under [data] in the target file",
        "{field} 只接受端点已知的值：请在目标文件的 [data] 中固定",
    ),
    "many-own-values": (
        "too many fields take only values that the endpoint knows",
        "太多字段只接受端点已知的值",
    ),
    "answers-differ": (
        "the same message was answered differently: {detail}",
        "同一报文得到不同的应答：{detail}",
    ),
    "joined": ("{parts:semicolon}", "{parts:semicolon}"),
    "drawn": ("drawn with --qimen-seed {seed}", "以 --qimen-seed {seed} 随机生成"),
    "kept": ("kept as {file}", "保存为 {file}"),
    "sequence": ("{moves}: {reason}", "{moves}：{reason}"),
    "worker-crashed": ("the worker crashed", "工作进程崩溃"),
    "not-recorded": ("not recorded", "没有记录"),
}
