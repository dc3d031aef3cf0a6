"""What the commands and their options do, as `--help` says it."""

TEXTS = {
    "help-init-driver": ("write a driver, which makes a system send", "写出驱动程序，让系统发送请求"),
    "help-init-driver-kind": (
        "the language of the driver; python when absent",
        "驱动程序的语言；默认 python",
    ),
    "help-cleanup-assigned": (
        "send ids that the receiver gave, too: those of a stranger's file may be anybody's",
        "也发送接收方给出的 id：来历不明的文件中的 id 可能属于任何人",
    ),
    "help-report-history": (
        "keep a line about the run in this folder, draw all of them",
        "在此目录中为每次运行留一行记录，并画出历史",
    ),
    "help-judge-report": ("write the report into this folder", "把报告写入此目录"),
    "help-listen": (
        "answer calls as a correct counterpart and judge each of them",
        "作为正确的对端应答调用，并评判每次调用",
    ),
    "help-listen-target": (
        "whose calls they are: keys, prefixed, [caller]",
        "调用方：密钥、方法名前缀、[caller]",
    ),
    "help-listen-port": ("0, the default, lets the system choose", "端口；默认 0，由系统选择"),
    "help-listen-host": (
        "the address to listen at; 0.0.0.0 lets other machines in",
        "监听地址；0.0.0.0 允许其他机器访问",
    ),
    "help-listen-tls": ("speak HTTPS with this certificate and key", "使用此证书和密钥提供 HTTPS"),
    "help-listen-report": ("write the report into this folder", "把报告写入此目录"),
    "help-listen-for": ("end after this time", "到此时间后结束"),
    "help-listen-state": (
        "the SQLite file that keeps what the counterpart learns",
        "保存对端数据的 SQLite 文件",
    ),
    "help-listen-forward": (
        "pass every call on to this endpoint, judge both",
        "把每次调用转发到此端点，并评判双方",
    ),
    "help-listen-keep-host": ("with --forward: leave Host as it came", "与 --forward 同用：Host 保持原样"),
    "help-listen-scenarios": (
        "provoke: play the scenarios like 'faults/*', all without GLOB; the driver of the target file "
        "makes the system send, else a person at the page",
        "主动测试：运行 'faults/*' 之类的场景，不写则全部；由目标文件的驱动程序让系统发送，否则由人操作",
    ),
    "help-listen-level": ("from which level on a fault is red", "从哪个级别起算不合格"),
    "help-listen-mask-personal": (
        "no personal data in anything but events.jsonl",
        "除 events.jsonl 外不含个人信息",
    ),
    "help-test-live": (
        "follow the run on a page that only this machine sees",
        "在仅本机可见的页面上跟踪运行",
    ),
    "help-ui": (
        "start and watch runs and listening sessions in the browser",
        "在浏览器中启动并查看运行和监听会话",
    ),
    "help-ui-port": (
        "the port of the page, which only this machine sees; 0, the default, takes a free one",
        "页面的端口，仅本机可见；默认 0 取空闲端口",
    ),
    "help-ui-folder": ("the folder of the runs and their history", "保存各次运行及其历史的目录"),
    "help-ui-open": ("open the page in the browser", "在浏览器中打开页面"),
    "help-page-port": (
        "the port of the live page, which only this machine sees; 0, the default, takes a free one, off none",
        "实时页面的端口，仅本机可见；默认 0 取空闲端口，off 不开页面",
    ),
    "help-qimen": ("Conformance of Qimen and TOP endpoints.", "奇门与 TOP 接口的一致性测试。"),
    "help-lang": ("the language of what is said: en, zh", "输出语言：en 或 zh"),
    "unknown-argument": ("unrecognized arguments: {words}{near}", "没有选项 {words}{near}"),
    "help-baseline": (
        "print a run's failures as [[known]] tables for a target file",
        "打印一次运行的不合格用例，作为目标文件的 [[known]] 表",
    ),
    "help-baseline-folder": ("the folder of the run", "运行结果的目录"),
    "help-baseline-globs": (
        "one entry with a glob where every case that it covers is red",
        "通配符覆盖的用例全部不合格时，合并为一条",
    ),
    "help-baseline-days": ("until they expire", "有效天数，到期后失效"),
    "help-certify-result": ("print a certificate for a conformant run", "为符合规范的运行打印证书"),
    "help-certify-result-folders": ("a run, or all of its shards", "一次运行的目录，或其全部分片"),
    "help-certify-result-key": (
        "an Ed25519 private key (PEM); unsigned without it",
        "Ed25519 私钥（PEM）；没有则不签名",
    ),
    "help-check": ("validate messages against their method and its rules", "按方法及其规则检查报文"),
    "help-check-files": ("a message, a folder, or -", "报文文件、目录，或 -"),
    "help-check-method": (
        "the method, where the file's name does not say it",
        "方法名，文件名看不出方法时使用",
    ),
    "help-cleanup": ("take back what an interrupted run created", "撤销中断的运行创建的数据"),
    "help-cleanup-events": ("the run's events.jsonl", "该次运行的 events.jsonl"),
    "help-cleanup-url": ("the endpoint", "端点"),
    "help-cleanup-target": ("the target file", "目标文件"),
    "help-compare": (
        "show what changed between two runs; exit 1 if newly red",
        "显示两次运行之间的变化；有新的不合格则退出码为 1",
    ),
    "help-compare-old": (
        "the earlier run: its folder or its results.json",
        "较早的运行：目录或 results.json",
    ),
    "help-compare-new": ("the later run", "较晚的运行"),
    "help-explain": (
        "say what a case wants, why, and how to leave it out",
        "说明用例的要求、依据，以及如何排除",
    ),
    "help-explain-id": ("a case, a requirement or a method", "用例、要求的 id，或方法名"),
    "help-generate": ("write xsd/ and the coverage pages from cases/", "由 cases/ 生成 xsd/ 和覆盖率页面"),
    "help-generate-check": ("change nothing; exit 1 if a file would", "不修改；若有文件会变化则退出码为 1"),
    "help-init-target": ("write a commented target file", "写出带注释的目标文件"),
    "help-init-target-file": ("the file to write; target.toml when absent", "要写的文件；默认 target.toml"),
    "help-judge": (
        "judge recorded calls (HAR, .http, events.jsonl, access logs)",
        "判断录制的调用（HAR、.http、events.jsonl、访问日志）",
    ),
    "help-judge-files": (
        ".har, .http, .jsonl, .log, or a folder of them",
        ".har、.http、.jsonl、.log 文件，或含有它们的目录",
    ),
    "help-judge-target": (
        "whose calls they are: app key, secret, prefixed",
        "调用方：app key、密钥、方法名前缀",
    ),
    "help-judge-notes": ("print what is only observed, too", "只记录不判定的内容也打印"),
    "help-list": ("show methods, roles, requirements and counts of cases", "显示方法、角色、要求和用例数"),
    "help-list-pattern": ("a glob, such as 'deliveryorder.*'", "通配符，如 'deliveryorder.*'"),
    "help-replay": (
        "run a recorded case again and say whether it is fixed",
        "重跑录制的用例，并说明是否已修复",
    ),
    "help-replay-what": ("a case, or all of a case file", "一个用例，或一个用例文件的全部用例"),
    "help-replay-url": (
        "the endpoint; else that of --report if it is this machine's, else the embedded one",
        "端点；默认为 --report 中的本机端点，否则为内置端点",
    ),
    "help-replay-target": (
        "the target file; else the profile of --report",
        "目标文件；默认采用 --report 的配置",
    ),
    "help-replay-report": ("the folder of the run to compare with", "要对比的运行的目录"),
    "help-replay-raw": (
        "send the bodies and parameters that the run recorded, timestamp and keys included; "
        "only the signature, which is never recorded, is computed anew. Without it all is made "
        "anew for today",
        "按录制的报文和参数原样发送，包括 timestamp 和单号；签名从不录制，会重新计算。不加此项则"
        "全部按今天重新生成",
    ),
    "help-report": (
        "make every form of a run, or of its shards, from the events",
        "由运行事件（或其全部分片）生成各种形式的报告",
    ),
    "help-report-folders": ("a folder with events.jsonl", "含 events.jsonl 的目录"),
    "help-report-mask-personal": (
        "no names, phones, addresses or identity numbers",
        "不含姓名、电话、地址和证件号",
    ),
    "help-report-open": ("show report.html in the browser", "在浏览器中打开 report.html"),
    "help-report-o": ("where to write; the first DIR when absent", "写到哪里；默认为第一个目录"),
    "help-schema": ("print the JSON Schema of results.json", "打印 results.json 的 JSON Schema"),
    "help-serve": ("run the embedded endpoint until interrupted", "运行内置端点，直到中断"),
    "help-serve-port": ("0, the default, lets the system choose", "端口；默认 0，由系统选择"),
    "help-serve-host": (
        "the address to listen at; 0.0.0.0 lets other machines in",
        "监听地址；0.0.0.0 允许其他机器访问",
    ),
    "help-serve-tls": ("speak HTTPS with this certificate and its key", "使用此证书和密钥提供 HTTPS"),
    "help-serve-state": ("the SQLite file that keeps what it learns", "保存数据的 SQLite 文件"),
    "help-serve-explain-signature": (
        "say in sub_message which known mistake gives a wrong signature",
        "签名错误时，在 sub_message 中说明是哪种已知错误",
    ),
    "help-serve-fault": ("break it in this way", "注入此缺陷"),
    "help-serve-variant": ("differ legally in this way", "采用此合法差异"),
    "help-serve-list-faults": ("show every fault and stop", "列出全部缺陷后退出"),
    "help-serve-list-variants": ("show every variant and stop", "列出全部合法差异后退出"),
    "help-sign": (
        "sign a request with the secret in QIMEN_SECRET, or explain a sign",
        "用 QIMEN_SECRET 中的密钥给请求签名，或解释签名",
    ),
    "help-sign-request": (
        "a URL or its query, which are decoded; parameters one by one, raw; - for standard input",
        "URL 或其查询串（会解码）；或逐个给出参数原值；- 读取标准输入",
    ),
    "help-sign-body": (
        "the body, or the form of TOP; - for standard input",
        "报文，或 TOP 的表单；- 读取标准输入",
    ),
    "help-sign-explain": ("print what is signed, step by step", "逐步打印签名内容"),
    "help-sign-diagnose": (
        "say which known mistake gives the sign that was sent",
        "指出哪种已知错误会得到实际发送的 sign",
    ),
    "help-sign-sign": (
        "the sign that was sent, where the URL does not hold it",
        "实际发送的 sign，URL 中没有时使用",
    ),
    "help-sign-curl": (
        "print the curl command of a case's first request, signed",
        "打印用例第一个请求的 curl 命令，已签名",
    ),
    "help-sign-url": ("the endpoint of --curl", "--curl 的端点"),
    "help-sign-target": ("the target file of --curl", "--curl 的目标文件"),
    "help-version": ("show the version and exit", "显示版本后退出"),
    "help-test": (
        "test an endpoint; exit 0 if conformant, as pytest with the same options",
        "测试端点；选项和退出码与 pytest 相同，符合规范则为 0",
    ),
    "help-test-url": ("the endpoint, unless the target file names it", "端点，除非目标文件已指定"),
    "help-test-role": ("only these roles: wms, erp, store, wdk", "只测这些角色：wms, erp, store, wdk"),
    "help-test-target": ("the target file", "目标文件"),
    "help-test-report": ("write the report into this folder", "把报告写入此目录"),
    "help-test-level": (
        "from which level on a fault is red: must, should, may",
        "从哪个级别起算不合格：must, should, may",
    ),
    "help-test-method": ("only methods like 'deliveryorder.*'", "只测匹配的方法，如 'deliveryorder.*'"),
    "help-test-connections": ("so many cases at a time", "同时运行的用例数"),
    "help-test-open": ("show the report in the browser", "在浏览器中打开报告"),
    "help-test-more": ("only these cases, or files of cases/", "只测这些用例，或 cases/ 中的文件"),
    "help-verify": ("check a certificate offline", "离线检查证书"),
    "help-verify-certificate": ("the certificate, a JSON file", "证书，一个 JSON 文件"),
    "help-verify-key": ("the Ed25519 public key (PEM)", "Ed25519 公钥（PEM）"),
    "help-verify-allow-unsigned": ("let one that nobody signed pass, too", "未签名的也算通过"),
}
