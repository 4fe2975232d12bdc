"""What every response has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


class Response(Protocol):
    """Does something else than rebuild when something is amiss, and undoes it."""

    @property
    def words(self) -> str:
        """When it does what: 'at every alarm, call its owner'."""

    def answers(self, view: View) -> Iterator[Action]:
        """Do what is to be done now, or nothing."""
