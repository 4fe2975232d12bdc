"""Orders to change who answers, which wait for their time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Order:
    """A change of the route that waits for its time."""

    cause: str
    changes: dict[str, Any]

    @property
    def versions(self) -> list[str]:
        """The versions that it brings into service."""
        names = (self.changes.get(field) for field in ("champion", "challenger", "shadow"))
        return [name for name in names if name]


WITHDRAWN: dict[str, Any] = {
    "challenger": "",
    "share": 0.0,
    "segments": (),
    "stage": 0,
    "most_users": 0,
    "most_requests": 0,
}


def same_things(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two changes concern the same things, whatever stage they belong to."""
    return bool((one.keys() & other.keys()) - {"stage"})
