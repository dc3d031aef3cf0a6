"""Numbers of things: `name` for one, `name-many` for none or several."""

_ROWS = {  # one, several, Chinese
    "red": ("case is red", "cases are red", "个用例不合格"),
    "also": ("case, counted above", "cases, counted above", "个用例，上面已计"),
    "untested": ("case could not be tested", "cases could not be tested", "个用例未能测试"),
    "blocked": ("case blocked by", "cases blocked by", "个用例受阻于"),
    "unsupported": ("unsupported", "unsupported", "个不支持"),
    "requests": ("request", "requests", "个请求"),
    "failures": ("failure", "failures", "个不合格"),
    "new": ("newly red", "newly red", "个新的不合格"),
    "lost": ("newly untested", "newly untested", "个新的未测试"),
    "old": ("red already then, not counted", "red already then, not counted", "个当时就不合格，不计"),
    "left": ("thing could not be taken back", "things could not be taken back", "个遗留数据未能撤销"),
    "unsure": (
        "message had no clear answer and could not be taken back",
        "messages had no clear answer and could not be taken back",
        "个报文没有明确应答，且未能撤销",
    ),
}
TEXTS = {
    f"count-{name}{end}": (f"{{number}} {words}", f"{{number}} {chinese}")
    for name, (one, several, chinese) in _ROWS.items()
    for end, words in (("", one), ("-many", several))
}
