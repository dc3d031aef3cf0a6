"""Numbers of things: `name` for one, `name-many` for none or several."""

_ROWS = {  # one, several, Chinese
    "methods": ("method", "methods", "个方法"),
    "scenarios": ("scenario of callers", "scenarios of callers (callers/…)", "个调用方场景（callers/…）"),
    "shown-by": ("scenario shows it:", "scenarios show it:", "个场景展示它："),
    "testers": ("case tests it:", "cases test it:", "个用例测试它："),
    "faults": ("fault", "faults", "个错误"),
    "compare-newly_red": ("newly red", "newly red", "个新的不合格"),
    "compare-still_red": ("still red", "still red", "个仍不合格"),
    "compare-newly_green": ("newly green", "newly green", "个新的合格"),
    "compare-waived": ("newly waived", "newly waived", "个新豁免"),
    "compare-untested": ("no longer tested", "no longer tested", "个不再测试"),
    "compare-gone": ("gone", "gone", "个已消失"),
    "compare-new": ("new", "new", "个新增"),
    "red": ("case is red", "cases are red", "个用例不合格"),
    "also": ("case, counted above", "cases, counted above", "个用例，上面已计"),
    "untested": ("case could not be tested", "cases could not be tested", "个用例未能测试"),
    "blocked": ("case blocked by", "cases blocked by", "个用例受阻于"),
    "unseen": ("case untested:", "cases untested:", "个用例未测："),
    "unsupported": ("unsupported", "unsupported", "个被排除"),
    "came": ("call came", "calls came", "次调用到达"),
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
