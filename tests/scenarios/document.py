"""What the simulated systems know about one thing that they sent."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Document:
    """What the system knows about one thing that it sent."""

    method: str
    key: str
    want: dict[str, Any]
    messages: list[str | dict[str, str]] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
