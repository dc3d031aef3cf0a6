"""The table [caller] of a target file in, Claims out: which methods the system says that it sends."""

from dataclasses import dataclass

from pytest_qimen import spec
from pytest_qimen.toml import Reader

SENT_TO = {"erp": ("wms",), "wms": ("erp",), "oms": ("store", "wdk")}  # a side -> the roles that it calls
UNCLAIMED = ("wms/service.heartbeat", "wms/supplier.synchronize")  # printed as called by Qimen itself


@dataclass(frozen=True, slots=True)
class Claims:
    """What a system claims to send: its sides (erp, wms, oms), globs of methods, and globs of others."""

    side: tuple[str, ...]
    sends: tuple[str, ...] = ("*",)
    without: tuple[str, ...] = ()

    def may_send(self, api: spec.Api) -> bool:
        """Return True for a method that a system of this side calls."""
        return any(api.role in SENT_TO[side] for side in self.side) and api.name not in UNCLAIMED

    def claims(self, api: spec.Api) -> bool:
        """Return True when the system says that it sends the method."""
        named = spec.matches(api.name, self.sends) and not spec.matches(api.name, self.without)
        return self.may_send(api) and named


def read_claims(reader: Reader) -> Claims:
    """Return the claims of a table; DataError, with file, key and reason, for an unknown side or method."""
    if isinstance(reader.table.get("side"), str):
        reader.table["side"] = [reader.table["side"]]
    sides = reader.strings("side")
    for side in sides:
        if side not in SENT_TO:
            raise reader.fail("side", f"unknown side {side!r}; expected some of {', '.join(SENT_TO)}")
    if not sides:
        raise reader.fail("side", f"expected some of {', '.join(SENT_TO)}")
    sends = reader.strings("sends") if "sends" in reader.table else ("*",)
    without = reader.strings("without")
    reader.done()
    for key, globs in (("sends", sends), ("without", without)):
        for glob in globs:
            if not any(spec.matches(name, [glob]) for name in spec.methods()):
                raise reader.fail(key, f"no method matches {glob!r}{spec.nearest(glob)}")
    return Claims(sides, sends, without)
