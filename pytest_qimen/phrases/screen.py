"""Sentences of the first screen: what is wrong, in a line, what came back, and what to look at."""

TEXTS = {
    "wrong-accepted": ("accepted, must be refused", "被接受，应当拒绝"),
    "wrong-refused": ("refused, must be accepted: {actual}", "被拒绝，应当接受：{actual}"),
    "wrong-at": ("{place}: {actual}, expected {expected}", "{place}：{actual}，期望 {expected}"),
    "wrong": ("{actual}, expected {expected}", "{actual}，期望 {expected}"),
    "headline-causes": ("what is wrong", "问题所在"),
    "headline-failures": ("failures", "不合格用例"),
    "more-of-cause": ("… {number} more", "…… 还有 {number} 个"),
    "more-causes": ("… {number} more causes: the report has all of them", "…… 还有 {number} 个原因，见报告"),
    "more-details": (
        "details of {shown} of {number} cases; -v shows all, and so does the report (--qimen-report DIR)",
        "只显示 {number} 个用例中的 {shown} 个；全部内容用 -v 或报告（--qimen-report DIR）查看",
    ),
    "replay": ("replay: {command}", "重放: {command}"),
    "sign-curl": ("curl:   {command}", "curl: {command}"),
    "came-nothing": ("no answer came back: {reason}", "没有应答：{reason}"),
    "came-back": ("came back: {head}, {size} bytes: {body}", "返回内容：{head}，{size} 字节：{body}"),
    "check-connect": (
        "check: does the endpoint run, and are host and port of the URL right?",
        "请检查：端点是否已启动，URL 的主机和端口是否正确",
    ),
    "check-tls": (
        "check: http or https? A certificate of your own is named by `ca` in the target file",
        "请检查：是 http 还是 https？自签证书在目标文件的 `ca` 中指定",
    ),
    "check-timeout": (
        "check: does something else listen there? read_timeout in the target file gives more time",
        "请检查：该端口上是否是别的程序；目标文件的 read_timeout 可延长等待时间",
    ),
    "check-redirect": (
        "check: name the address to which it redirects; Qimen's client follows no redirect",
        "请检查：请直接填写重定向后的地址；奇门客户端不跟随重定向",
    ),
    "check-path": (
        "check: the path of the URL, and that it takes POST",
        "请检查：URL 的路径，以及是否接受 POST",
    ),
    "check-media": (
        "check: the endpoint must take Content-Type text/xml;charset=utf-8, as the official client sends it",
        "请检查：端点必须接受官方客户端发送的 Content-Type text/xml;charset=utf-8",
    ),
    "check-login": (
        "check: a login stands before the endpoint; Qimen logs in by signature only",
        "请检查：端点前有登录验证；奇门只用签名验证身份",
    ),
    "check-gzip": (
        "check: the body is gzip, but no Content-Encoding says so; the client did not ask for gzip either",
        "请检查：应答体是 gzip，却没有 Content-Encoding，客户端也没有要求压缩",
    ),
    "check-empty": (
        "check: the body is empty; an answer is XML in a body",
        "请检查：应答体为空；应答应为 XML",
    ),
    "check-json": (
        "check: this is JSON; an answer is XML with the root response",
        "请检查：这是 JSON；应答应为 XML，根元素为 response",
    ),
    "check-html": (
        "check: this is a web page; is the path of the URL right?",
        "请检查：这是网页；URL 的路径是否正确？",
    ),
    "check-soap": (
        "check: this is SOAP; Qimen is plain XML over HTTP",
        "请检查：这是 SOAP；奇门是 HTTP 上的纯 XML",
    ),
    "check-secret": (
        "check: QIMEN_SECRET and QIMEN_APP_KEY; `qimen sign --diagnose` and docs/faq.md find the mistake",
        "请检查：QIMEN_SECRET 和 QIMEN_APP_KEY；`qimen sign --diagnose` 和 docs/faq.md 可查出错误",
    ),
    "check-faq": ("check: docs/faq.md has the usual causes", "请检查：常见原因见 docs/faq.md"),
}
