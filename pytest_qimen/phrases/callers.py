"""Sentences about what a caller sends: what a call should hold, and what stands there instead."""

TEXTS = {
    "call-sign": (
        "the digest of this request, made with the caller's secret",
        "用调用方密钥对该请求算出的签名",
    ),
    "call-sign-upper": ("32 upper-case hexadecimal digits", "32 位大写十六进制"),
    "call-sign-wrong": ("{given}: {why}", "{given}：{why}"),
    "call-method": ("a method of the documents", "文档中的接口"),
    "call-prefixed": ("the method with taobao.qimen. before it", "接口名带 taobao.qimen. 前缀"),
    "call-bare": ("the method without taobao.qimen. before it", "接口名不带 taobao.qimen. 前缀"),
    "call-timestamp": (
        "yyyy-MM-dd HH:mm:ss, a moment of the calendar",
        "yyyy-MM-dd HH:mm:ss，日历上存在的时间",
    ),
    "call-now": ("the time of sending in China, {time}", "发送时的中国时间 {time}"),
    "call-app-key": ("the caller's own app key, {key}", "调用方自己的 app_key：{key}"),
    "call-a-value": ("a value", "有值"),
    "call-spelled": ("spelled {name}", "写作 {name}"),
    "call-one-of": ("one of {codes:comma}", "以下之一：{codes:comma}"),
    "call-encoded": (
        "a URL in which blanks and non-ASCII characters are encoded as UTF-8",
        "空格与非 ASCII 字符按 UTF-8 编码的 URL",
    ),
    "call-encoded-once": ("a value that is encoded once", "只编码一次的值"),
    "call-once": ("the parameter once", "参数只出现一次"),
    "call-times": ("{number} times", "出现 {number} 次"),
    "call-no-empty": ("no empty parameter", "不发送空参数"),
    "call-post": ("a POST with the message in its body", "POST，报文放在 BODY"),
    "call-xml-type": ("text/xml or application/xml", "text/xml 或 application/xml"),
    "call-form-type": ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
    "call-charset": ("one encoding in header, declaration and bytes", "头、声明与字节的编码一致"),
    "call-charset-is": (
        "{header} in the header, {declared} in the declaration",
        "头为 {header}，声明为 {declared}",
    ),
    "call-no-secret": ("no secret", "不含密钥"),
    "call-secret": ("the secret of the caller", "调用方的密钥"),
    "call-xml": ("well-formed XML without a DOCTYPE", "格式良好、没有 DOCTYPE 的 XML"),
    "call-root": ("the root element request", "根元素 request"),
    "call-json": ("groups and lists as JSON", "组与列表用 JSON"),
    "call-filled-list": (
        "a group or list with something in it, or none at all",
        "非空的组或列表，或者不出现",
    ),
    "call-no-null": ("a value, or no element", "有值，否则不出现该元素"),
    "call-nearest": ("an element of the documents; the nearest is {name}", "文档中的元素；最接近的是 {name}"),
    "call-differs": ("another code for each line of the document", "同一单据各行的编码互不相同"),
    "call-total": ("at least {number}, the lines in this message", "不小于本报文的行数 {number}"),
    "call-key-once": ("a key that names this content only", "只对应这一份内容的编码"),
    "call-key-used": (
        "used before for other content ({method}, {place})",
        "已用于其他内容（{method}，{place}）",
    ),
    "call-same-key": (
        "the key of the call whose answer was unclear ({place})",
        "应答不明的那次调用所用的编码（{place}）",
    ),
    "call-new-key": ("the same content under a new key, {key}", "内容相同却换了新编码 {key}"),
    "call-fresh": (
        "a new timestamp: it was sent {minutes} minutes before ({place})",
        "新的 timestamp：{minutes} 分钟前已发送过（{place}）",
    ),
    # qimen judge
    "judge-call": ("{place} {method} {key}: {verdict}", "{place} {method} {key}：{verdict}"),
    "judge-finding": (
        "{level} {check} {path}: expected {expected}, got {actual}",
        "{level} {check} {path}：应为 {expected}，实为 {actual}",
    ),
    "judge-and-more": ("… and {number} more", "…… 另有 {number} 条"),
    "judge-total": (
        "{calls} calls: {failed} break a must, {warned} a should; {answers} answers, {bad} break a must",
        "{calls} 次调用：{failed} 次违反 must，{warned} 次违反 should；{answers} 个应答，{bad} 个违反 must",
    ),
    "judge-silent": ("not proved by what was recorded: {what}", "录制内容无法证明：{what}"),
    "judge-no-secret": (
        "signatures: no secret is known (--target, QIMEN_SECRET)",
        "签名：没有密钥（--target、QIMEN_SECRET）",
    ),
    "judge-masked": ("{number} signatures are masked", "{number} 个签名已屏蔽"),
    "judge-reencoded": (
        "{number} bodies are kept as text: a signature that does not fit them is noted, not judged",
        "{number} 个报文以文本保存：签名不符只记录，不评判",
    ),
    "judge-no-headers": ("{number} calls are kept without headers", "{number} 次调用没有保存请求头"),
    "judge-no-order": (
        "{number} calls without a time: they are taken in the order of the file",
        "{number} 次调用没有时间，按文件中的顺序处理",
    ),
    "judge-no-answers": ("{number} calls are kept without their answer", "{number} 次调用没有保存应答"),
    # qimen listen
    "call-http": (
        "an HTTP/1.1 request whose body has the length that it says",
        "合法的 HTTP/1.1 请求，报文长度与所述一致",
    ),
    "never-sent": (
        "claimed by [caller] of the target file, and never came",
        "目标文件 [caller] 声明会发送，但从未出现",
    ),
    "listen-no-secret": (
        "no secret is known (--target, QIMEN_SECRET), so no signature was verified",
        "没有密钥（--target、QIMEN_SECRET），未验证任何签名",
    ),
    "listen-broke": (
        "call {number} could not be judged, a defect of the suite: {reason}",
        "第 {number} 次调用无法评判，是套件自身的缺陷：{reason}",
    ),
    "listen-too-large": (
        "call {number} is larger than what is kept, 20 MB: it was not judged",
        "第 {number} 次调用超过可保存的 20 MB，未评判",
    ),
    "listen-lost": (
        "{number} calls were passed on and got no whole answer, or could not be passed on",
        "{number} 次调用已转发而没有完整应答，或未能转发",
    ),
    "listen-fields": (
        "each of the {number} fields of the method, in one call or another",
        "接口的 {number} 个字段各至少发送过一次",
    ),
    "listen-fields-missing": ("{number} never came: {names}", "{number} 个从未出现：{names}"),
    "listen-call": ("{time} {method} {key}: {verdict}", "{time} {method} {key}：{verdict}"),
    "listen-here": (
        "{url} answers as every role and judges each call; {reach}",
        "{url} 以各角色应答并评判每次调用；{reach}",
    ),
    "listen-forwards": (
        "{url} passes every call on to {to} and judges both sides; {reach}",
        "{url} 把每次调用转发到 {to}，并评判双方；{reach}",
    ),
    "listen-keys": ("sign with app_key {key} and secret {secret}", "用 app_key {key}、secret {secret} 签名"),
    "listen-end": ("Ctrl-C ends it and prints the verdict", "Ctrl-C 结束并给出结论"),
    "listen-lag": ("{number} calls are answered and still to be judged", "{number} 次调用已应答，尚待评判"),
    "listen-given-up": (
        "interrupted again: {number} calls were not judged",
        "再次中断：{number} 次调用未评判",
    ),
    "listen-total": ("{number} calls came", "收到 {number} 次调用"),
}
