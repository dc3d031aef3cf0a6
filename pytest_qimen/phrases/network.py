"""Sentences about an exchange that was not completed."""

TEXTS = {
    "connect": ("connect: {reason}", "无法连接：{reason}"),
    "tls": ("tls: {reason}", "TLS 失败：{reason}"),
    "timeout": ("timeout: {reason}", "超时：{reason}"),
    "reset": ("reset: {reason}", "连接中断：{reason}"),
    "protocol": ("protocol: {reason}", "HTTP 协议错误：{reason}"),
    "too-large": ("too-large: {reason}", "过大：{reason}"),
    "more-than": ("more than {size} bytes", "超过 {size} 字节"),
    "late": ("the answer was not complete in time", "应答未能按时完成"),
    "late-after": ("the answer was not complete after {seconds} s", "{seconds} 秒后应答仍不完整"),
    "disconnected": ("Server disconnected without sending a response.", "服务器未应答即断开"),
    "not-sent-again": (
        "{reason} (kept connection; not sent again)",
        "{reason}（复用的连接；未重发）",
    ),
    "incomplete-body": (
        "peer closed connection without sending complete message body (received {received} bytes, "
        "expected {expected})",
        "对方未发完应答体即断开（收到 {received} 字节，应为 {expected} 字节）",
    ),
    "incomplete-chunks": (
        "peer closed connection without sending complete message body (incomplete chunked read)",
        "对方未发完应答体即断开（分块应答不完整）",
    ),
    "status-line": ("illegal status line: {line}", "非法的状态行：{line}"),
}
