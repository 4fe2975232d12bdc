"""A run as the store knows it: its row, its incidents, and what each monitor made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS = ("incidents", "detections", "versions")
"""The tables of a store that have rows of a year, besides its row of `runs`."""
LAYERS = ("input", "output", "performance", "business", "review")


@dataclass(frozen=True)
class Year:
    """One strategy's year: the row of `runs`, those of `incidents`, `detections`, `versions`."""

    scenario: str
    strategy: str
    seed: int
    run: dict[str, Any]
    incidents: tuple[dict[str, Any], ...] = ()
    detections: tuple[dict[str, Any], ...] = field(default=())
    versions: tuple[dict[str, Any], ...] = field(default=())

    @property
    def broken(self) -> str:
        """Why the strategy broke down before the year was over; '' if it did not."""
        return str(self.run["stopped"] or "")

    @cached_property
    def monitors(self) -> frozenset[str]:
        """Who watched."""
        return frozenset(row["monitor"] for row in self.detections)

    def lags(self, who: str = "", what: str = "") -> list[tuple[float | None, float]]:
        """Return for each incident the lag in seconds, None if missed, and how long it could be.

        *who* is a layer or a monitor, '' for anybody; *what* an incident, '' for all of them.
        """
        horizon = self.run["horizon_s"]
        return [
            (self._first(incident["incident"], who), horizon - incident["onset_s"])
            for incident in self.incidents
            if incident["onset_s"] < horizon and what in ("", incident["incident"])
        ]

    def _first(self, incident: str, who: str) -> float | None:
        seen = [
            row["lag_s"]
            for row in self.detections
            if row["incident"] == incident
            and not row["missed"]
            and who in ("", row["layer"], row["monitor"])
        ]
        return min(seen, default=None)

    def by_chance(self, layer: str) -> int:
        """Return for how many incidents whoever saw it first in a *layer* alarms in calm as well.

        Within the same time of the same moment.
        """
        first: dict[str, dict[str, Any]] = {}
        for row in self.detections:
            if row["layer"] == layer and not row["missed"] and row["lag_s"] is not None:
                known = first.setdefault(row["incident"], row)
                if row["lag_s"] < known["lag_s"]:
                    first[row["incident"]] = row
        return sum(bool(row["by_chance"]) for row in first.values())


def names(years: Iterable[Year]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the monitors and the incidents that some years know."""
    monitors: set[str] = set()
    incidents: set[str] = set()
    for year in years:
        monitors |= year.monitors
        incidents |= {row["incident"] for row in year.incidents}
    return frozenset(monitors), frozenset(incidents)
