"""The live page: one document with its script and style inside, and the policy that lets nothing else in."""

from functools import cache

from pytest_qimen.report.html import asset, source_of

SCRIPTS = (
    "words",
    "text",
    "parts",
    "detail",
    "live-words",
    "live-list",
    "live-matrix",
    "live-tasks",
    "live-runs",
    "live",
)
STYLES = ("page.css", "live.css")


@cache
def document() -> tuple[bytes, str]:
    """Return the document and its Content-Security-Policy: it may ask its own server, and nobody else."""
    style = "".join(asset(name) for name in STYLES)
    script = "".join(asset(f"{name}.js") for name in SCRIPTS)
    page = asset("live.html").replace("{{style}}", style).replace("{{script}}", script)
    policy = (
        f"default-src 'none'; script-src {source_of(script)}; style-src {source_of(style)}; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page.encode(), policy
