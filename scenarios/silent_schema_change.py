"""The opening story: a feed changes its schema in week 6, and it looks like the season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import WEEK_US, us
from sim.concepts import Linear
from sim.errors import refuse, within
from sim.faults import Rename
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Season, Stream
from sim.traffic import Traffic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.concepts import Progress

RARE = 1.04
"""Where class 1 begins. It makes the champion right 1.12 times as often as the fallback, which
always answers with the commonest class: that is the lift of the story."""


@dataclass(frozen=True, kw_only=True)
class Migration(Rename):
    """Sources rename their columns: *pilot* of those concerned at once, the rest over *width*."""

    pilot: float = 0.1
    kind: ClassVar[str] = "rename"

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.pilot", self.pilot, 0, 1)

    def ramp(self, times_us: NDArray[np.int64], until_us: int | None = None) -> Progress:
        """Return how far the migration has gone at each of *times_us* (shape n)."""
        gone = super().ramp(times_us, until_us)
        if isinstance(gone, float):
            return gone
        until_us = self.until_us if until_us is None else until_us
        acting = times_us >= self.at_us
        if until_us is not None:
            acting &= times_us < until_us
        return np.where(acting, self.pilot + (1.0 - self.pilot) * gone, 0.0)


def silent_schema_change(
    *,
    share: float = 0.6,
    at: str = "6w",
    width: str = "4w",
    pilot: float = 0.1,
    columns: int = 6,
    season: float = 0.015,
    rate: str = "80/h",
    labels: str = "1d",
    coverage: float = 0.9,
    horizon: str = "26w",
) -> Scenario:
    """A feed renames its columns, source by source, and nobody is told.

    From *at* on, *share* of the sources send *columns* of eight under new names: the *pilot*
    among them at once, the others over *width*. *season* is how far noise swings over the year,
    *labels* the median of a lognormal delay and *coverage* the share of labels that ever come.
    """
    if columns not in range(1, 9):
        refuse("silent_schema_change.columns", columns, "give a whole number from 1 to 8")
    concept = Linear(columns=8, rule="taste", threshold=RARE, noise=0.1)
    weights = np.abs(concept.weights)
    heaviest = sorted(np.argsort(-weights, kind="stable")[:columns].tolist())
    return Scenario(
        name="silent-schema-change",
        domain="recommendation",
        story=(
            "A recommender was launched with 12 % more engagement than the rule it replaced.\n"
            f"In week {us(at) / WEEK_US:.3g} its upstream feed renames {columns} columns, one "
            "source after another: it looks like season."
        ),
        cause=(
            "The team that owns the feed migrated it to a new schema. The service's contract is "
            "lenient: what does not arrive is filled with training means, and nobody is told."
        ),
        expect=(
            "A contract checked at every tick sees the pilot within six hours and the data owner "
            "repairs the feed within two working days, before a quarter of the sources moved. "
            "Errors show it weeks later, half hidden by the season; a glance in week 12 is six "
            "weeks late. Retraining on the broken feed is no repair."
        ),
        lesson=(
            "An upstream schema that nobody agreed to keep is not kept: check it where it enters, "
            "and page those who own it."
        ),
        seam="data",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.5, weekend=0.7, entities=20_000, sources=50),
            season=Season(amplitude=season, period="52w", peak="18w"),
        ),
        faults=(
            Migration(
                name="schema change",
                at=at,
                width=width,
                columns=tuple(f"x{place}" for place in heaviest),
                share=share,
                pilot=pilot,
                fixed_by="data",
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.8), coverage=coverage),
        training=Training(fixed="3h", per_record="100ms", cost=50.0),
        horizon=horizon,
    )
