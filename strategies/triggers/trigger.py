"""What every trigger has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sim.view import View
    from strategies.verdict import Verdict


class Trigger(Protocol):
    """Says whether it is time to rebuild, from what can be seen now."""

    @property
    def words(self) -> str:
        """When it fires, as one would say it: 'every 7d'."""

    def fires(self, view: View) -> Verdict:
        """Say yes, no, or unknown if too little is known."""
