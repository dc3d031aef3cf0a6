"""Parts of many sentences: where, what the system says of a file, which names are like a misspelt one."""

TEXTS = {
    "no-folder": ("is no folder", "不是目录"),
    "unwritable": (
        "{option}: {why}: name a place where files can be written",
        "{option}：{why}：请指定可以写入的位置",
    ),
    "and-that": ("; {what}", "；{what}"),
    "no-utf8": ("is not in UTF-8: save it as UTF-8", "不是 UTF-8 编码：请另存为 UTF-8"),
    "in-gbk": ("is in GBK: save it as UTF-8", "是 GBK 编码：请另存为 UTF-8"),
    "told": ("{place}: {why}", "{place}：{why}"),
    "the-file": ("file", "文件"),
    "line-number": ("line {number}", "第 {number} 行"),
    "did-you-mean": ("; did you mean {names:either}?", "；是不是 {names:either}？"),
    "qimen-list": ("; `qimen list` shows them", "；`qimen list` 列出全部"),
    "qimen-list-methods": ("; `qimen list` shows the methods", "；`qimen list` 列出全部方法"),
    "qimen-help": ("; `qimen --help` shows them", "；`qimen --help` 列出全部"),
    "pytest-help": ("; `pytest --help` shows them", "；`pytest --help` 列出全部"),
    "serve-lists": ("; `qimen serve --list-{kind}s` shows them", "；`qimen serve --list-{kind}s` 列出全部"),
    "system-absent": ("no such file or folder", "没有此文件或目录"),
    "system-folder": ("is a folder; name a file", "是目录；请指定文件"),
    "system-no-folder": ("a file stands where a folder is needed", "需要目录之处是一个文件"),
    "system-forbidden": ("permission denied", "没有权限"),
    "system-exists": ("exists already; remove it, or name another", "已存在；请删除它，或另取名称"),
    "system-full": ("no space left on the disk", "磁盘已满"),
    "system-readonly": ("the file system is read-only", "文件系统只读"),
    "system-long-name": ("the name is too long", "名称过长"),
}
