"""The id of a case in any spelling that the suite prints in; its id, or pytest's argument for it, out."""

from pathlib import Path

from pytest_qimen.spec import ROLES

FOLDERS = ("callers", "protocol", "flows", *ROLES)
SEARCH = "fuzz-"  # how the ids begin of what searches on a worker of xdist; its number follows


def plain_id(text: str) -> str:
    """Return `wms/x/request/minimal` of that, of `cases/wms/x.toml::request/minimal` and of their like."""
    file, is_node, rest = text.strip().replace("\\", "/").partition("::")
    if not is_node:
        return file.removeprefix("./").removeprefix("cases/")
    return "/".join([*file.removesuffix(".toml").split("/")[-2:], rest])


def argument(text: str) -> str:
    """Return the path, from `cases/` on, that pytest takes for an id or a file; any other text as it is."""
    folder, _, rest = plain_id(text).partition("/")
    name, _, case = rest.partition("/")
    file = text.partition("::")[0]
    if folder not in FOLDERS or not name or text.startswith("-") or Path(file).exists():
        return text
    path = f"cases/{folder}/{name.removesuffix('.toml')}.toml"
    return f"{path}::{case}" if case else path
