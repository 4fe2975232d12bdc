"""Quality falls 10 % tomorrow: which layer sees it first, and when business feels it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.comparison.year import LAYERS
from reports.intervals import Figure

if TYPE_CHECKING:
    from reports.plot import TrialPlot


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """How one *layer* fares with one cause; *monitors* are those that watch it.

    *seen* of the *seeds* saw it, *share* of all; *lag_s* is the mean lag of those (None: never).
    *by_chance* is the share of the seeds in which the monitor that saw it alarms in the calm year
    as well, within the same time of the same moment.
    """

    layer: str
    monitors: tuple[str, ...]
    seen: int
    seeds: int
    lag_s: Figure | None
    share: Figure
    by_chance: Figure


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One world in which quality falls: *fall* is by how much it does if nobody acts, as a share.

    *sightings* has every layer. *business_s* is when business figures tell if nobody else watches
    and nobody acts, in *business_seen* of the *seeds* (None: never within the year). Of those
    *harmed* under the policy, *recovered* are well again, *recovery_s* after the onset.
    """

    name: str
    story: str
    fall: Figure
    sightings: tuple[Sighting, ...]
    business_s: Figure | None
    business_seen: int
    harmed: int
    recovered: int
    recovery_s: Figure | None
    false_alarms: float
    seeds: int

    @property
    def first(self) -> Sighting | None:
        """Who sees it first in most years: the least mean lag among those that see half of them."""
        known = [
            (one.lag_s.value, one) for one in self.sightings
            if one.lag_s is not None and 2 * one.seen >= one.seeds
        ]  # fmt: skip
        return min(known, key=lambda pair: pair[0])[1] if known else None


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A *policy* under every cause."""

    policy: str
    seeds: int
    causes: tuple[Cause, ...]
    layers: tuple[str, ...] = LAYERS[:4]
    failures: tuple[str, ...] = ()

    @property
    def blind(self) -> list[str]:
        """The causes that nobody sees in most years."""
        return [cause.name for cause in self.causes if cause.first is None]

    @property
    def plot(self) -> TrialPlot:
        """Its picture: `found.plot.draw()`."""
        from reports.plot import TrialPlot

        return TrialPlot(self)
