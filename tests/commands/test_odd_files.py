"""Files as people have them: with a mark, in GBK or UTF-16; folders where files are meant, what exists."""

import codecs
import re
from pathlib import Path

import pytest

from pytest_qimen.console import width_of
from pytest_qimen.target.model import load_target
from tests.commands.console_runs import Captured, run
from tests.support.spoken import english

TARGET = '[target]\nname = "仓库"\nurl = "http://localhost/qimen"\n'
CASES = '[[flow]]\nid = "测试"\n'
REQUEST = "<request><shop><shopName>店铺</shopName></shop></request>"
QUERY = "method=shop.synchronize&name=店铺"


@pytest.mark.parametrize(
    "data",
    [TARGET.encode(), codecs.BOM_UTF8 + TARGET.encode(), codecs.BOM_UTF16_LE + TARGET.encode("utf-16-le")],
    ids=["plain", "mark", "PowerShell"],
)
def test_a_target_file_with_a_mark_is_read(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_bytes(data)
    assert load_target(tmp_path / "t.toml").name == "仓库"


# arguments, and what the line says; {} is the file or the folder in question
GBK = {
    ("cleanup", "events.jsonl", "--target", "gbk.toml"): (
        *("gbk.toml: file: is in GBK: save it as UTF-8", "gbk.toml：文件：是 GBK 编码：请另存为 UTF-8"),
    ),
    ("replay", "wms/shop.synchronize/request/minimal", "--target", "latin.toml"): (
        "latin.toml: file: is not in UTF-8: save it as UTF-8",
        "latin.toml：文件：不是 UTF-8 编码：请另存为 UTF-8",
    ),
    ("replay", "gbk.toml"): (
        *("gbk.toml: file: is in GBK: save it as UTF-8", "gbk.toml：文件：是 GBK 编码：请另存为 UTF-8"),
    ),
    ("sign", "method=a&name=%B5%EA"): (
        "sign: the parameters are not in UTF-8: encode them anew, GBK gives another signature",
        "sign：参数不是 UTF-8：请按 UTF-8 重新编码，GBK 的签名不同",
    ),
}
PLACES = {
    ("replay", "folder"): ("replay: folder is a folder: name a case", "replay：folder 是目录：请给出用例"),
    ("replay", "wms/a.b/c", "--target", "folder"): (
        *("folder: file: is a folder; name a file", "folder：文件：是目录；请指定文件"),
    ),
    ("verify", "folder"): (
        "verify: folder: is a folder; name a file",
        "verify：folder：是目录；请指定文件",
    ),
    ("sign", "a=b", "--body", "folder"): (
        "sign: folder: is a folder; name a file",
        "sign：folder：是目录；请指定文件",
    ),
    ("judge", "folder"): ("folder: no .har, .http, .jsonl, .log in", "folder：此目录中没有 .har"),
    ("compare", "folder", "folder"): (
        *("folder/events.jsonl: file: no such file or folder", "folder/events.jsonl：文件：没有此文件或目录"),
    ),
    ("report", "folder"): (
        *("folder/events.jsonl: file: no such file or folder", "folder/events.jsonl：文件：没有此文件或目录"),
    ),
    ("init-target", "gbk.toml"): (
        "init-target: gbk.toml: exists already; remove it, or name another",
        "init-target：gbk.toml：已存在；请删除它，或另取名称",
    ),
    ("init-target", "folder"): ("init-target: folder: exists already", "init-target：folder：已存在"),
    ("cleanup", "folder", "--url", "http://x"): (
        "cleanup: there is no file folder/events.jsonl",
        "cleanup：没有文件 folder/events.jsonl",
    ),
    ("serve", "--port", "65536"): ("--port: expected 0 to 65535", "--port：应为 0 到 65535"),
    ("serve", "--tls", "folder", "gbk.toml"): ("folder: no such file", "folder：没有此文件"),
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QIMEN_SECRET", "topsecret-A")
    Path("gbk.toml").write_bytes(TARGET.encode("gb18030"))
    Path("latin.toml").write_bytes(b'name = "caf\xe9 \xff"\n')
    Path("events.jsonl").write_text("{}\n", "utf-8")
    Path("folder").mkdir()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("args", [*GBK, *PLACES], ids=" ".join)
def test_one_line_says_what_to_do(args: tuple[str, ...], language: str, capsys: Captured) -> None:
    status, out, err = run(capsys, *args, "--lang", language)
    assert (status, out) == (2, "")
    assert err.startswith(f"qimen: {(GBK | PLACES)[args][language == 'zh']}")
    assert err.count("\n") == 1
    assert language == "en" or not english(err)


def test_a_message_in_gbk_is_told_so(capsys: Captured) -> None:
    Path("shop.synchronize.xml").write_bytes(REQUEST.encode("gb18030"))
    status, out, _ = run(capsys, "check", "shop.synchronize.xml", "--lang", "zh")
    assert status == 1
    assert "可能的原因：声明的编码是 UTF-8，实际字节是 GB" in out
    assert not english(re.sub("不是报文：.*", "", out))  # where libxml2 says what it could not read


def test_columns_are_as_wide_as_a_terminal_shows_them(capsys: Captured) -> None:
    out = run(capsys, "list", "*.heartbeat", "--lang", "zh")[1].splitlines()
    assert len({width_of(line.rpartition("  ")[0]) for line in out[:2]}) == 1
