"""A tab that may not complain, and may ask for nothing but what it is allowed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OWN = ("file:", "data:", "about:")


@contextmanager
def opened_tab(
    browser: Any, allowed: tuple[str, ...] = OWN, width: int = 1280, **options: Any
) -> Iterator[Any]:
    """Yield an empty tab; AssertionError behind the block for what its page complained of or asked for."""
    choices = {"locale": "en-US", "color_scheme": "light", **options}
    context = browser.new_context(viewport={"width": width, "height": 800}, **choices)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    complaints: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    tab.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    tab.on(
        "request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(allowed) else None
    )
    tab.set_default_timeout(10_000)
    yield tab
    context.close()
    assert complaints == []
