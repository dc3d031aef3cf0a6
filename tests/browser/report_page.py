"""What the tests see of report.html."""

from collections.abc import Callable
from typing import Any

MINIMAL = "wms/stock.query/request/minimal"
Show = Callable[..., Any]


def rows(page: Any) -> list[str]:
    return page.locator("#list .row").evaluate_all("rows => rows.map(row => row.dataset.id)")


def sees(page: Any, ids: list[str]) -> None:
    """The list holds these rows, now or in a moment."""
    from playwright.sync_api import TimeoutError

    try:
        page.wait_for_function(SEES, arg=ids, timeout=3000)
    except TimeoutError:
        assert rows(page) == ids


def counts(page: Any, number: int) -> None:
    page.wait_for_function(
        "(number) => document.querySelectorAll('#list .row').length === number", arg=number
    )


def at(page: Any, address: str) -> None:
    """Wait until the page is there: an address changes a moment after the key that asks for it."""
    page.wait_for_function("address => location.hash === address", arg=address, timeout=5_000)


def go(page: Any, address: str) -> None:
    page.evaluate(GO, address)


CONTRAST = """(names) => {
  const style = getComputedStyle(document.documentElement);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (name) => {
    const hex = style.getPropertyValue(`--${name}`).match(/\\w\\w/g);
    const parts = hex.map((part) => linear(parseInt(part, 16) / 255));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  return Object.fromEntries(names.flatMap((name) => ["paper", "raised", "sunken"].map((under) =>
    [`${name} on ${under}`, ratio(light(name), light(under))])));
}"""


GO = """(address) => new Promise((done) => {
  if (location.hash === address) return done();
  addEventListener("hashchange", () => setTimeout(done), { once: true });
  location.hash = address;
})"""


SEES = """(ids) => {
  const rows = [...document.querySelectorAll("#list .row")].map((row) => row.dataset.id);
  return JSON.stringify(rows) === JSON.stringify(ids);
}"""
