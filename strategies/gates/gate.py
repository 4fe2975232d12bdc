"""What every gate has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sim.view import VersionCard, View
    from strategies.verdict import Verdict


class Gate(Protocol):
    """Says whether a version that is ready may be let out."""

    @property
    def words(self) -> str:
        """What it asks for: 'no worse than the naive answer'."""

    def admits(self, view: View, version: VersionCard) -> Verdict:
        """Say yes, no by how much, or unknown and what it waits for."""
