"""What the options of pytest do, in both languages: the ids are the English words, which plugin/ has.

Every run of pytest loads the options, and few ask for `--help`.
"""

TEXTS = {
    english: (english, chinese)
    for english, chinese in (
        ("conformance of Qimen and TOP endpoints", "奇门与 TOP 接口的一致性测试"),
        (
            "run the bundled conformance suite, against the embedded endpoint unless a URL is given",
            "运行内置的一致性测试套件；未给 URL 时测试内置端点",
        ),
        ("the endpoint to test", "要测试的端点"),
        (
            "a TOML file about the endpoint (URL, roles, master data, known failures)",
            "描述端点的 TOML 文件（URL、角色、主数据、已知问题）",
        ),
        (
            "certify what a system sends: play the scenarios of callers at this port (0: any)",
            "认证系统发送的内容：在此端口运行调用方场景（0：任选）",
        ),
        (
            "with --qimen-listen: a person is there, who is asked on the live page",
            "与 --qimen-listen 同用：有人在场，在实时页面上询问",
        ),
        (
            "follow the run on a page that only this machine sees; --qimen-live=PORT chooses",
            "在仅本机可见的页面上跟踪运行；--qimen-live=PORT 指定端口",
        ),
        ("only these roles: wms, erp, store, wdk", "只测这些角色：wms, erp, store, wdk"),
        (
            "only methods that match one of these globs, such as 'deliveryorder.*'",
            "只测匹配这些通配符的方法，如 'deliveryorder.*'",
        ),
        (
            "from which level on a broken requirement is red: must (default), should, may",
            "从哪个级别起，违反要求算不合格：must（默认）、should、may",
        ),
        ("so many drawn messages for each property (10)", "每个性质随机生成的报文数（10）"),
        ("the seed of drawn messages (0)", "随机报文的种子（0）"),
        (
            "at most so many requests a second over all workers: 50/s",
            "所有 worker 合计的每秒请求数上限：50/s",
        ),
        (
            "so many cases at a time, in each worker of -n (1, at the embedded endpoint 3)",
            "同时运行的用例数（1，测内置端点时 3）；与 -n 同用时每个 worker 各有这么多",
        ),
        ("only the third of ten parts of the cases: 3/10", "只运行十份用例中的第三份：3/10"),
        (
            "search for new failures for a time such as 30m, or with so many requests: 50000",
            "搜索新的不合格，限定时间（如 30m）或请求数：50000",
        ),
        (
            "the folder that keeps what fuzzing draws, covers and finds (.qimen-fuzz)",
            "保存模糊测试的报文、覆盖和发现的目录（.qimen-fuzz）",
        ),
        (
            "the folder, or redis://host:6379/0, that several fuzzers share examples in",
            "多个模糊测试共享样例的目录，或 redis://host:6379/0",
        ),
        (
            "yes, fuzz this public host, which no target file names",
            "确认对此公网主机做模糊测试（没有目标文件指定它）",
        ),
        ("call only methods that change nothing", "只调用不改变数据的方法"),
        (
            "the HOST:PORT under which the endpoint reaches this machine, where attacks must lead nobody; "
            "or off",
            "端点访问本机所用的 HOST:PORT，攻击报文不应把任何人引到这里；或 off",
        ),
        (
            "write events.jsonl, results.json and report.html into this folder",
            "把 events.jsonl、results.json 和 report.html 写入此目录",
        ),
        (
            "write the recorded exchanges, those of cases that are not simply good, into this file",
            "把录制的请求和应答（不是完全合格的用例）写入此文件",
        ),
        (
            "write a Postman collection of each method's smallest message, which signs, into this file",
            "把每个方法最小报文的 Postman 集合（自带签名）写入此文件",
        ),
        (
            "exit red only for what this earlier run (its folder or results.json) does not show "
            "as red already",
            "只有较早的运行（目录或 results.json）中没有的不合格才算失败",
        ),
        (
            "no names, phones, addresses or identity numbers in anything but events.jsonl, "
            "which stays private",
            "除不外传的 events.jsonl 外，都不含姓名、电话、地址和证件号",
        ),
        (
            "the language of findings and of the terminal: en (default) or zh",
            "结果和终端的语言：en（默认）或 zh",
        ),
    )
}
