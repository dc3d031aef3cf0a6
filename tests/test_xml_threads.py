"""Threads that read, copy and write trees at the same time do not disturb one another."""

import subprocess
import sys

THREADS = """
import sys, threading
from lxml import etree
from pytest_qimen import xml

SCHEMA = (
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='r'><xs:complexType>"
    "<xs:sequence>{}</xs:sequence></xs:complexType></xs:element></xs:schema>"
)
wrong = []


def work(number):
    try:
        for turn in range(40):
            names = [f"n{number}x{turn}x{place}" for place in range(150)]
            text = "<r>" + "".join(f"<{name}>{name}</{name}>" for name in names) + "</r>"
            root = xml.parse(text.encode(), huge=turn % 2 == 1)
            twin = xml.copy(root)
            for name in names:
                xml.put(twin, f"{name}.new{name}", name)
            schema = SCHEMA.format("".join(f"<xs:element name='{name}' type='xs:string'/>" for name in names))
            if not etree.XMLSchema(xml.parse(schema.encode()))(root):
                wrong.append("schema")
            written = xml.write(root, declaration=False).decode()
            if [xml.get(root, name) for name in names] != names or written != text:
                wrong.append("text")
    except Exception as error:
        wrong.append(repr(error))


xml.parse(b"<a/>")
threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit("; ".join(wrong[:3]) or 0)
"""


def test_threads_share_no_table_of_names() -> None:
    """A parser shared by threads gave them one table of names: names were mixed up, or Python crashed."""
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
