"""Quality falls 10 % tomorrow: which layer sees it first, and when business feels it."""

from __future__ import annotations

from dataclasses import dataclass

from reports.comparison.year import LAYERS
from reports.intervals import Figure


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """How one *layer* fares with one cause.

    *seen* of the seeds saw it, *lag_s* is the mean lag of those (None: never). *by_chance* is the
    share of seeds in which the layer alarms as soon in the calm twin.
    """

    layer: str
    monitors: tuple[str, ...]
    seen: int
    seeds: int
    lag_s: Figure | None
    share: Figure


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One world in which quality falls: *fall* is by how much it did, as a share of calm quality.

    *sightings* has every layer; *business_s* is when business figures would have told, without
    anybody else watching (None: never within the year).
    """

    name: str
    story: str
    fall: Figure
    sightings: tuple[Sighting, ...]
    business_s: Figure | None
    business_seen: int
    recovered: int
    recovery_s: Figure | None
    seeds: int

    @property
    def first(self) -> Sighting | None:
        """Who sees it first in most years: the least mean lag among those that see half of them."""
        seen = [
            one for one in self.sightings if one.lag_s is not None and 2 * one.seen >= one.seeds
        ]
        return min(seen, key=lambda one: one.lag_s.value if one.lag_s else 0.0, default=None)


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A *policy* under every cause."""

    policy: str
    seeds: int
    causes: tuple[Cause, ...]
    layers: tuple[str, ...] = LAYERS[:4]
