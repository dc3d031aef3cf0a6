"""What `qimen verify` says of a certificate."""

TEXTS = {
    "certificate-unsigned": (
        "UNSIGNED: anyone can have written this; it proves nothing about who issued it",
        "未签名：任何人都可以写出这样的文件，它不能证明由谁签发",
    ),
    "certificate-signed": ("signed with Ed25519 key {key}", "由 Ed25519 公钥 {key} 签名"),
    "certificate-compare": (
        "signed with Ed25519 key {key}; compare it with the issuer's, or pass that as --key",
        "由 Ed25519 公钥 {key} 签名；请与签发者的公钥核对，或以 --key 指定",
    ),
    "certificate-valid": (
        "{target}: conformant, from {start} until {end}",
        "{target}：符合规范，有效期 {start} 至 {end}",
    ),
    "certificate-suite": (
        "suite {suite}, requirements {requirements}, issued {issued}",
        "套件 {suite}，要求 {requirements}，签发于 {issued}",
    ),
    "certificate-counts": ("cases: {counts}", "用例：{counts}"),
    "scope-none": ("none", "无"),
    "scope-url": ("URL: {url}", "地址：{url}"),
    "scope-run": ("run: {started} to {ended}", "运行：{started} 至 {ended}"),
    "scope-level": ("judged from level {level} on", "判定级别：{level} 及以上"),
    "scope-roles": ("roles tested (methods of each): {roles}", "测试的角色（各含方法数）：{roles}"),
    "scope-methods": ("methods tested ({number}): {methods}", "测试的方法（{number} 个）：{methods}"),
    "scope-claimed": (
        "claimed by the target file: roles {roles}; methods {methods}",
        "目标文件声明：角色 {roles}；方法 {methods}",
    ),
    "scope-without": ("methods that it leaves out: {methods}", "排除的方法：{methods}"),
    "scope-left-out": ("left out, {number:cases}: {reason}", "未测试，{number} 个用例：{reason}"),
    "scope-limits": ("limits below the documents' own: {limits}", "低于文档的限制：{limits}"),
    "scope-pins": ("pinned fields: {names}", "固定的字段：{names}"),
    "scope-assigns": ("ids that the endpoint gives out: {names}", "由对方分配的 id：{names}"),
    "scope-wire": (
        "parameter v {version}; method prefixed with taobao.qimen. for roles: {roles}",
        "参数 v 为 {version}；方法名带 taobao.qimen. 前缀的角色：{roles}",
    ),
    "scope-not-applicable": (
        "must not applicable, never sent: {id} ({en} · {zh})",
        "不适用的必须项，从未发送：{id}（{zh} · {en}）",
    ),
    "scope-not-testable": (
        "musts that nobody can test from outside ({number}): {names}",
        "无法从外部测试的必须项（{number} 条）：{names}",
    ),
    "scope-seed": ("keys began with {seed}", "键前缀 {seed}"),
    "certificate-covers-endpoint": (
        "covers one half: what the endpoint answers; what the system sends was not tested",
        "覆盖一半：端点的应答；系统发出的内容未测试",
    ),
    "certificate-covers-caller": (
        "covers one half: what the system sends; what an endpoint of it answers was not tested",
        "覆盖一半：系统发出的内容；其端点的应答未测试",
    ),
    "certificate-covers-both": (
        "covers both halves: what the endpoint answers, and what the system sends",
        "覆盖两半：端点的应答，以及系统发出的内容",
    ),
    "certificate-of-caller": ("what the system sends:", "系统发出的内容："),
    "scope-heard": ("calls were heard at: {url}", "接收调用的地址：{url}"),
    "scope-sides": ("claimed: side {sides}; it sends {sends}", "声明：身份 {sides}；发送 {sends}"),
    "scope-unsent": ("methods that it says it does not send: {methods}", "声明不发送的方法：{methods}"),
    "scope-windows": (
        "windows: {windows}; at most {most} calls a minute after a failure",
        "等待窗口：{windows}；失败后每分钟至多 {most} 次调用",
    ),
    "scope-retries": ("it says that it sends again by itself", "声明会自行重发"),
    "scope-no-retries": ("it says that it never sends again by itself", "声明不会自行重发"),
    "scope-driver-command": ("made to send by a driver: a command", "由驱动程序（命令）触发发送"),
    "scope-driver-url": ("made to send by a driver at a URL", "由驱动程序（URL）触发发送"),
    "scope-person": ("led by a person", "由人操作"),
    "scope-by-itself": ("nothing and nobody made it send", "没有驱动程序，也没有人触发发送"),
    "scope-sent": ("methods that it sent ({number}): {methods}", "发送过的方法（{number} 个）：{methods}"),
    "scope-attested": (
        "attested, not seen: {id}, by {name}: {sentence!r}",
        "由人确认，未经观察：{id}，确认人 {name}：{sentence!r}",
    ),
    "scope-attested-none": ("attested by a person: none", "由人确认：无"),
    "scope-untested": (
        "below a must and not tested ({number}): {names}",
        "必须项以下且未测试（{number} 个）：{names}",
    ),
    "rests-on": ("evidence: {evidence}", "证据：{evidence}"),
    "evidence-wire": ("the calls themselves", "调用本身"),
    "evidence-driver": ("the driver's report", "驱动程序的报告"),
    "evidence-attested": ("the word of a person", "人的确认"),
    "half-endpoint": ("what the endpoint answers", "端点的应答"),
    "half-caller": ("what the system sends", "系统发出的内容"),
    "half-refused": ("{side}: {reason}", "{side}：{reason}"),
    "half-twice": (
        "certificate: {side}: two runs of it; expected one, or the shards of one",
        "certificate：{side}：有两次运行，应为一次，或一次的各个分片",
    ),
    "halves-differ": (
        "certificate: the runs are of two systems: {key} {mine} and {its}",
        "certificate：两次运行不是同一系统：{key} 为 {mine} 与 {its}",
    ),
    "no-caller-claims": (
        "the run does not say what is claimed to be sent: write [caller] into the target file and run "
        "pytest --qimen-listen PORT --qimen-target FILE",
        "该次运行没有声明会发送什么：请在目标文件中写明 [caller]，再运行 "
        "pytest --qimen-listen PORT --qimen-target FILE",
    ),
    "no-scenario-played": (
        "no scenario was played, and what calls alone show is not enough: pytest --qimen-listen PORT "
        "--qimen-target FILE plays them and judges every call, too",
        "没有演练任何场景，仅凭调用不足以认证：pytest --qimen-listen PORT --qimen-target FILE "
        "会演练场景，同时评判每次调用",
    ),
    "not-shown": ("shown by no case", "没有用例展示"),
    "caller-must": ("{number} must {word}: {names}", "{number} 个必须项{word}：{names}"),
    "caller-musts": ("{number} musts {word}: {names}", "{number} 个必须项{word}：{names}"),
}
