"""Collecting the stored data again after a repair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Refresh
from strategies.recall import is_repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class RefreshAfterRepair:
    """Has the stored data collected again once an owner reports a repair.

    A repair mends what comes from now on; what was stored in the meantime is still broken, and a
    training would learn it. With `ChangeLands(repairs=False, refreshes=True)` as a trigger the
    champion is rebuilt on what came in afresh.

    >>> RefreshAfterRepair().words
    'when a repair is reported, the stored data is collected again'
    """

    @property
    def words(self) -> str:
        """When."""
        return "when a repair is reported, the stored data is collected again"

    def answers(self, view: View) -> Iterator[Refresh]:
        """Ask for it, once for each repair."""
        for fact in view.news:
            if is_repair(fact):
                yield Refresh(why=fact.text)
                return
