"""What argparse says of itself: the ids are its own English texts, with its own gaps."""

TEXTS = {
    english: (english, chinese)
    for english, chinese in {
        "usage: ": "用法：",
        "positional arguments": "参数",
        "options": "选项",
        "show this help message and exit": "显示此帮助后退出",
        "show program's version number and exit": "显示版本后退出",
        "%(prog)s: error: %(message)s\n": "%(prog)s：错误：%(message)s\n",
        "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
        "the following arguments are required: %s": "缺少参数：%s",
        "expected one argument": "需要一个值",
        "expected at least one argument": "至少需要一个值",
        "expected at most one argument": "至多一个值",
        "expected %s argument": "需要 %s 个值",
        "expected %s arguments": "需要 %s 个值",
        "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r 无效（可选：%(choices)s）",
        "invalid %(type)s value: %(value)r": "%(value)r 不是有效的 %(type)s",
        "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
        "ignored explicit argument %r": "不接受值 %r",
        "unrecognized arguments: %s": "没有选项 %s",
    }.items()
}
