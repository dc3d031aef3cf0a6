"""What parsers and the network say, told in Chinese: the ids are parts of their own English sentences."""

_XML = {
    "Document is empty": "内容为空",
    "Start tag expected": "应以 < 开头",
    "Opening and ending tag mismatch": "开始标签与结束标签不一致",
    "Extra content at the end of the document": "根元素结束之后还有内容",
    "Premature end of data": "内容不完整：有标签没有结束",
    "EntityRef: no name": "有未转义的 &，应写成 &amp;",
    "EntityRef: expecting ';'": "& 未转义，或实体后缺少分号",
    "not defined": "用到了没有定义的实体或前缀",
    "Invalid bytes in character encoding": "字节不符合所声明的编码（未声明时为 UTF-8）",
    "Incomplete UTF-8 sequence": "字节不符合所声明的编码（未声明时为 UTF-8）",
    "invalid Char value": "含有 XML 不允许的字符",
    "invalid xmlChar value": "字符引用指向 XML 不允许的字符",
    "CharRef: ": "字符引用写法不对",
    " redefined": "同一属性出现两次",
    "AttValue: ": "属性值应放在引号中并且写完整",
    "mandates value for attribute": "属性没有值",
    "Couldn't find end of Start Tag": "开始标签没有写完",
    "XML declaration allowed only at the start": "XML 声明之前有其他内容（空行或空格也不行）",
    "Malformed declaration": "XML 声明写法不对",
    "Blank needed here": "此处应有空格，或声明没有写完",
    "Excessive depth in document": "嵌套过深",
    "the document carries a DOCTYPE": "带有 DOCTYPE",
    "Unsupported encoding": "不支持所声明的编码",
    "invalid element name": "元素名不合法，或有未转义的 <",
    "CData section not finished": "CDATA 没有结束",
    "Double hyphen within comment": "注释中有两个连续的减号",
    "not allowed in content": "文本中出现了 ]]>",
    "Unescaped '<' not allowed": "属性值中有未转义的 <",
    "expected '>'": "标签缺少 >",
}
_TOML = {
    "Expected '=' after a key": "键之后应有等号",
    "Invalid value": "值写法不对：文本要加引号，布尔值为 true 或 false",
    "Invalid statement": "此行应为“键 = 值”或 [表名]；键含中文等字符时要加引号",
    "Unclosed array": "列表缺少右方括号或逗号",
    "Unclosed inline table": "行内表缺少右花括号或逗号",
    "Unterminated string": "文本缺少结束的引号",
    'Expected "\'"': "文本缺少结束的引号",
    "Expected \"'''\"": "文本缺少结束的引号",
    "Illegal character": "有不允许的字符，或文本在行末之前没有结束",
    "Expected ']'": "表名缺少 ]",
    "Cannot declare": "同一个表出现了两次",
    "Cannot overwrite a value": "同一个键出现了两次",
    "Duplicate inline table key": "同一个键出现了两次",
    "Expected newline or end of document": "一行只能有一个“键 = 值”；值之后有多余内容",
    "Unescaped '\\'": "文本中的反斜杠要写成两个，或改用单引号",
    "Invalid initial character": "键写法不对",
    "not a Unicode scalar value": "转义的字符不存在",
}
_NETWORK = {
    "Connection refused": "那里没有服务在监听",
    "Connection reset by peer": "对方断开了连接",
    "Broken pipe": "对方断开了连接",
    "Name or service not known": "主机名无法解析",
    "Temporary failure in name resolution": "主机名无法解析",
    "No address associated with hostname": "主机名无法解析",
    "getaddrinfo failed": "主机名无法解析",
    "No route to host": "到不了这台主机",
    "Network is unreachable": "网络不通",
    "CERTIFICATE_VERIFY_FAILED": "证书未通过验证",
    "WRONG_VERSION_NUMBER": "对方没有使用 TLS：地址是否应为 http://",
}
TEXTS = {
    words: ("{words}", f"{chinese}（{{words}}）") for words, chinese in {**_XML, **_TOML, **_NETWORK}.items()
}


def known(words: str) -> str:
    """Return the id of the first sentence of the table that `words` holds; empty for none."""
    return next((part for part in TEXTS if part in words), "")
