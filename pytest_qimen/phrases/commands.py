"""Sentences of the commands: how `qimen sign` tells what it signed."""

TEXTS = {
    "cause-json": ("this is JSON, Qimen sends XML", "这是 JSON，奇门报文是 XML"),
    "cause-html": ("this is an HTML page, probably an error page", "这是 HTML 页面，可能是错误页"),
    "cause-escaped": (
        "the whole message is escaped: its < are &lt;; escape values only",
        "整个报文被转义，< 成了 &lt;：只应转义字段的值",
    ),
    "cause-form": (
        "this is form encoding (name=value); the XML is the body itself",
        "这是表单编码（name=value）；XML 本身就是请求体",
    ),
    "cause-encoding": (
        "the declaration says {declared}, the bytes are {real}",
        "声明的编码是 {declared}，实际字节是 {real}",
    ),
    "cause-ampersand": (
        "an & that is not escaped as &amp;, near {near!r}",
        "有未转义为 &amp; 的 &，位置在 {near!r} 附近",
    ),
    "cause-entity": (
        "&{name}; is an entity of HTML, XML does not know it",
        "&{name}; 是 HTML 实体，XML 中没有",
    ),
    "cause-prefix": (
        "the message begins only behind {text!r}, as in a log",
        "报文之前有多余内容 {text!r}，像是日志前缀",
    ),
    "cause-wrapper": (
        "{child} stands here without its wrapper {group}: put it into one",
        "这里的 {child} 缺少外层 {group}：请放进 {group}",
    ),
    "cause-doubled": (
        "{group} stands several times: one of them holds every {child}",
        "{group} 出现多次：应只有一个，其中放所有 {child}",
    ),
    "likely-cause": ("likely cause: {cause}", "可能的原因：{cause}"),
    "root-is": ("root is `{actual}`, expected `{expected}`", "根元素是 `{actual}`，应为 `{expected}`"),
    "sign-names": (
        "the parameters but sign, in the byte order of their names, values raw:",
        "除 sign 外的全部参数，按参数名的字节序排列，取未编码的原值：",
    ),
    "sign-body": (
        "then the body, its {size} bytes as they are sent",
        "再接报文：共 {size} 字节，与发送的完全一致",
    ),
    "sign-bodyless": ("no body", "没有报文"),
    "sign-string": (
        "the string to sign; the secret stands where *** is, at both ends:",
        "待签名串；*** 处为密钥，首尾各一次：",
    ),
    "sign-string-keyed": (
        "the string to sign; the secret is not in it, it is the key of {sign_method}:",
        "待签名串；其中没有密钥，密钥是 {sign_method} 的 key：",
    ),
    "sign-digest": (
        "its {sign_method} in UTF-8, as upper-case hexadecimal:",
        "取 UTF-8 字节的 {sign_method}，写成大写十六进制：",
    ),
    "sign-piped": (
        "what is piped into this command is ignored; - reads the parameters from it, --body - the body",
        "通过管道输入的内容没有使用：用 - 读取参数，用 --body - 读取报文",
    ),
}
