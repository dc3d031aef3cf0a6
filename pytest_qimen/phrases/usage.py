"""Sentences about what a command or an option cannot do with what it was given."""

TEXTS = {
    "listen-scenarios-alone": (
        "--scenarios: not with {option}, which is for listening alone",
        "--scenarios：不能与 {option} 同用，后者只用于单纯监听",
    ),
    "listen-scenarios-host": (
        "--scenarios: faults are for one system only, so it listens at 127.0.0.1, not at {host}",
        "--scenarios：会主动制造故障，只在 127.0.0.1 监听，不在 {host}",
    ),
    "listen-scenarios-nobody": (
        "--scenarios: nobody makes the system send: name a driver in the target file, "
        "or leave --page-port off away",
        "--scenarios：没有人让系统发送：请在目标文件中写驱动程序，或去掉 --page-port off",
    ),
    "listen-alone": (
        "--qimen-listen: one port and one journal: not together with -n or --qimen-shard",
        "--qimen-listen：一个端口、一份流水：不能与 -n 或 --qimen-shard 同用",
    ),
    "forked": (
        "--forked: a forked process has no part in a run's connections and ledger: use -n",
        "--forked：fork 出的进程不参与运行的连接和记录：请用 -n",
    ),
    "no-access-log": (
        "no line is one of an access log (common, combined, or JSON lines)",
        "没有一行是访问日志（common、combined 或 JSON 行）",
    ),
    "attended-alone": (
        "--qimen-attended: only with --qimen-listen",
        "--qimen-attended：只与 --qimen-listen 同用",
    ),
    "live-port": (
        "--qimen-live: expected a port from 0 to 65535, got {text!r}; write --qimen-live=0 before a case",
        "--qimen-live：应为 0 到 65535 的端口，实际为 {text!r}；后面跟用例时请写 --qimen-live=0",
    ),
    "ui-here": (
        "{url} starts and shows runs (on this machine only); Ctrl-C ends it and every run",
        "{url} 启动并显示运行（仅限本机）；Ctrl-C 结束它和所有运行",
    ),
    "ui-most": ("at most {most} runs at a time: stop one first", "最多同时 {most} 个运行：请先停止一个"),
    "ui-nonsense": ("the page sent what it should not", "页面发送了不应有的内容"),
    "ui-url": ("URL: expected http://… or https://…", "URL：应为 http://… 或 https://…"),
    "ui-target": (
        "target file: scenarios need one, it says what the system sends",
        "目标文件：场景需要它，它说明系统发送什么",
    ),
    "listen-state-alone": (
        "--state: with --forward the other endpoint keeps its own",
        "--state：与 --forward 同用时由对方端点自行保存",
    ),
    "listen-keep-alone": ("--keep-host: only with --forward", "--keep-host：只与 --forward 同用"),
    "listen-itself": (
        "--forward: that is the address that is listened at",
        "--forward：这正是监听的地址",
    ),
    "listen-forward-url": (
        "--forward: expected http://host/path or https://host/path, got {url!r:.200}",
        "--forward：应为 http://host/path 或 https://host/path，实际为 {url!r:.200}",
    ),
    "listen-late": (
        "listen: {lag} calls are not judged after {patience} s",
        "listen：{patience} 秒后仍有 {lag} 次调用未评判",
    ),
    "want-span": (
        "expected a time such as 90s, 30m or 2h, got {text!r}",
        "应为时长，如 90s、30m 或 2h，实际为 {text!r}",
    ),
    "host-foreign": (
        "host {host}: not an address of this machine; 0.0.0.0 means all that it has",
        "主机 {host}：不是本机的地址；0.0.0.0 表示本机的所有地址",
    ),
    "port-why": ("port {port}: {why}", "端口 {port}：{why}"),
    "port-busy": (
        "already in use by another program; take another one, or 0 for a free one",
        "已被其他程序占用；请换一个端口，或用 0 由系统选择",
    ),
    "port-forbidden": (
        "only an administrator may listen there; take one above 1023, or 0 for a free one",
        "只有管理员可以监听；请用 1023 以上的端口，或用 0 由系统选择",
    ),
    "state-file": ("state file {path}", "状态文件 {path}"),
    "state-strange": (
        "is damaged, or of another program or version: name another file",
        "已损坏，或属于其他程序或版本：请改用其他文件",
    ),
    "language-odd": (
        "QIMEN_LANG={value}: expected {languages:either}; this is English",
        "QIMEN_LANG={value}：应为 {languages:either}；以下为英文",
    ),
    "no-command": (
        "no command {given!r}{near}",
        "没有命令 {given!r}{near}",
    ),
    "recording-large": (
        "more than {largest} MB: cut the recording into parts",
        "超过 {largest} MB：请把录制文件拆分",
    ),
    "no-har": (
        "expected a list: it is no HAR 1.2",
        "应为列表：不是 HAR 1.2",
    ),
    "no-method-url": (
        "expected METHOD URL, got {line!r}",
        "应为 METHOD URL，实际为 {line!r}",
    ),
    "recording-kind": (
        "expected a .har, .jsonl, .http or .log file",
        "应为 .har、.jsonl、.http 或 .log 文件",
    ),
    "not-a-file": (
        "is no file",
        "不是文件",
    ),
    "no-json": (
        "is no JSON",
        "不是 JSON",
    ),
    "no-header": (
        "expected a header, got {line!r}",
        "应为请求头，实际为 {line!r}",
    ),
    "no-har-entry": (
        "is no entry of HAR 1.2: {error!r}",
        "不是 HAR 1.2 的条目：{error!r}",
    ),
    "folder-no-xml": (
        "{name}: no *.xml file in this folder",
        "{name}：此目录中没有 *.xml 文件",
    ),
    "no-ordinary-file": (
        "{path}: skipped: is no ordinary file; `-` reads standard input",
        "{path}：已跳过：不是普通文件；用 `-` 读取标准输入",
    ),
    "check-nothing": (
        "name a message file, a folder, or - for standard input",
        "请指定报文文件、目录，或用 - 读取标准输入",
    ),
    "cleanup-where": (
        "cleanup: name the endpoint with --url or --target",
        "cleanup：请用 --url 或 --target 指定端点",
    ),
    "fits-several": (
        "fits {number} methods equally well, name one with --method: {names}",
        "同样符合 {number} 个方法，请用 --method 指定其一：{names}",
    ),
    "fits-none": (
        "fits no method: name it with --method",
        "不符合任何方法：请用 --method 指定",
    ),
    "judge-nothing": (
        "no recorded request names a method: nothing to judge",
        "录制的请求都没有方法名：没有可判断的内容",
    ),
    "folder-lacks": (
        "{name}: no {suffixes} in this folder",
        "{name}：此目录中没有 {suffixes}",
    ),
    "list-nothing": (
        "list: no method matches {pattern!r}{near}",
        "list：没有方法匹配 {pattern!r}{near}",
    ),
    "want-port": (
        "expected 0 to 65535, got {text!r}",
        "应为 0 到 65535，实际为 {text!r}",
    ),
    "want-page-port": (
        "expected off, or a port from 0 to 65535, got {text!r}",
        "应为 off 或 0 到 65535 的端口，实际为 {text!r}",
    ),
    "test-where": (
        "test: name the endpoint: qimen test http://host/path, or --target FILE",
        "test：请指定端点：qimen test http://host/path，或 --target FILE",
    ),
    "option-alone": (
        "{given}: say what to test: --qimen-url URL, --qimen-target FILE, or --qimen for the "
        "embedded endpoint",
        "{given}：请指定测试对象：--qimen-url URL、--qimen-target FILE，或用 --qimen 测试内置端点",
    ),
    "no-option": (
        "there is no option {name}{near}",
        "没有选项 {name}{near}",
    ),
    "want-whole": (
        "--{name}: expected a whole number of at least {least}, got {text!r}",
        "--{name}：应为不小于 {least} 的整数，实际为 {text!r}",
    ),
    "fuzz-workers": (
        "--qimen-fuzz: workers of xdist only as -n starts them: on this machine, with --dist load",
        "--qimen-fuzz：只能用 -n 启动的 xdist 工作进程：在本机，且为 --dist load",
    ),
    "fuzz-public": (
        "--qimen-fuzz: {host} is a public host that no target file names: its owner must agree to "
        "what is sent there; say --qimen-yes if so",
        "--qimen-fuzz：{host} 是公网主机，且没有目标文件指定它：必须先得到其所有者同意；若已同意，"
        "请加 --qimen-yes",
    ),
    "want-shard": (
        "--qimen-shard: expected a part and their number such as 3/10, got {text!r}",
        "--qimen-shard：应为“第几份/总份数”，如 3/10，实际为 {text!r}",
    ),
    "want-word": (
        "--{name}: expected one of {words}, got {word!r}",
        "--{name}：应为 {words} 之一，实际为 {word!r}",
    ),
    "want-rate": (
        "--qimen-rate: expected a number of requests a second such as 50/s, got {text!r}",
        "--qimen-rate：应为每秒请求数，如 50/s，实际为 {text!r}",
    ),
    "role-option": (
        "--qimen-role: unknown role {role!r}; expected some of {roles}",
        "--qimen-role：未知的角色 {role!r}；应为 {roles} 中的若干个",
    ),
    "method-option": (
        "--qimen-method: no method of {among} matches {glob!r}{near}",
        "--qimen-method：{among} 中没有方法匹配 {glob!r}{near}",
    ),
    "method-of-role": ("; it is a method of --qimen-role {roles}", "；它属于 --qimen-role {roles}"),
    "unknown-fault": (
        "unknown {kind} {name!r}{near}",
        "未知的 {kind} {name!r}{near}",
    ),
    "fault-no-path": (
        "{kind} {name!r} takes no path, got {path!r}",
        "{kind} {name!r} 不带路径，实际为 {path!r}",
    ),
    "baseline-days": (
        "baseline: expected at least one day, got {days}",
        "baseline：至少一天，实际为 {days}",
    ),
    "no-requirement": (
        "no requirement or method {identity!r}{near}",
        "没有要求或方法 {identity!r}{near}",
    ),
    "no-run": (
        "is not the start of a run of pytest-qimen",
        "不是 pytest-qimen 运行记录的开头",
    ),
    "file-large-bytes": (
        "is larger than {largest} bytes",
        "超过 {largest} 字节",
    ),
    "no-shard": (
        "report: {path} is no shard of {first}: {key} {its} instead of {mine}",
        "report：{path} 不是 {first} 的分片：{key} 为 {its}，应为 {mine}",
    ),
    "want-budget": (
        "--qimen-fuzz: expected a time such as 30m or requests such as 50000, got {text!r}",
        "--qimen-fuzz：应为时间（如 30m）或请求数（如 50000），实际为 {text!r}",
    ),
    "format-later": (
        "is {version}; this version reads up to {format}",
        "为 {version}；此版本最高支持 {format}",
    ),
    "no-fuzz-state": (
        "is no state of --qimen-fuzz",
        "不是 --qimen-fuzz 的状态文件",
    ),
    "unknown-sign-method": (
        "unknown sign_method {sign_method!r}: expected one of {sign_methods}",
        "未知的 sign_method {sign_method!r}：应为 {sign_methods} 之一",
    ),
    "want-port-number": (
        "port {port}: expected a number from 0 to 65535",
        "端口 {port}：应为 0 到 65535 的整数",
    ),
    "no-such-file": (
        "{path}: no such file",
        "{path}：没有此文件",
    ),
    "no-pem": (
        "{certificate} and {key}: not a certificate and its key in PEM: {why}",
        "{certificate} 和 {key} 不是 PEM 格式的证书及其密钥：{why}",
    ),
}
