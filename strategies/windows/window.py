"""What every window has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sim.actions import Window
    from sim.view import View
    from strategies.verdict import Verdict


class TrainingWindow(Protocol):
    """Says on which labelled records a training is to learn, once it is time for one."""

    @property
    def words(self) -> str:
        """Which records, as one would say it: 'the last 30d'."""

    def covers(self, view: View) -> Window | Verdict:
        """Return what the snapshot is to hold, or a verdict that it has to wait, and for what."""
