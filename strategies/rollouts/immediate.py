"""Everybody at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Promote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Immediate:
    """Lets a version answer everybody as soon as it may; the champion before it is kept."""

    @property
    def words(self) -> str:
        """At once."""
        return "to everybody at once, the champion before it is kept"

    def step(self, view: View, version: str) -> Iterator[Promote]:
        """Promote it."""
        yield Promote(version, why="ready, and all gates are open")
