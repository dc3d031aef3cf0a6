"""A caller that really calls: messages of the suite sent to an address."""

from collections.abc import Callable
from dataclasses import replace

from pytest_qimen import spec, xml
from pytest_qimen.client.request import DraftRequest, draft, finish, seal
from pytest_qimen.client.transport import Exchange, Transport
from pytest_qimen.messages import samples
from tests.support.heard import TARGET


def call(
    url: str,
    method: str = "wms/entryorder.create",
    edit: Callable[[xml.Element], None] | None = None,
    tamper: Callable[[DraftRequest], None] | None = None,
) -> Exchange:
    """Send the smallest message, changed by `edit`, signed after `tamper`; return the exchange."""
    target = replace(TARGET, url=url)
    api = spec.load_api(method)
    root = samples.minimal(api.request)
    if edit:
        edit(root)
    made = draft(target, api, root)
    if tamper:
        tamper(made)
    seal(target, made)
    transport = Transport.to(target)
    try:
        return transport.send(finish(target, made))
    finally:
        transport.close()
