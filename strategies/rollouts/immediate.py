"""Everybody at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Promote, RolloutNote

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
        note = RolloutNote(
            release=version,
            success="what its gates asked for",
            blast_radius="everybody, at once",
            stop_rules="only people withdraw it",
            fallback="the champion, which is kept",
            conditions_to_widen="all gates are open",
            owner="product",
        )
        yield Promote(version, why="ready, and all gates are open", note=note)
