"""What every rollout has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


class Rollout(Protocol):
    """Lets a version out that has passed its gates, in one step or in several."""

    @property
    def words(self) -> str:
        """How, as one would say it: 'to everybody at once'."""

    def step(self, view: View, version: str) -> Iterator[Action]:
        """Do what is next for *version*: a candidate, or one that is in shadow or partly out."""
