"""Sentences of the commands: how `qimen sign` tells what it signed."""

TEXTS = {
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
