"""What was observed in whole ticks, as sums: arrays, and a tally for a quick look."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.queueing import quantile_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.timeline import Told

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ticks:
    """Observed sums of whole ticks (arrays of shape ticks × 4 arms), oldest first."""

    start_us: Ints
    count: Ints
    labels: Ints
    label_loss: Floats
    shadow: Floats
    segments: dict[str, Ticks] = field(default_factory=dict)
    """the same by segment, without shadows"""
    signals: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    """by signal: how many arrived labels measured it, and its sum (ticks × 4 arms)"""
    vitals: dict[str, Floats] = field(default_factory=dict)
    """what was seen of answers at once (latency in µs, accepted, completed, …), its sum by arm"""
    business: dict[str, Floats] = field(default_factory=dict)
    """revenue, retention and survey (shape ticks each)"""
    latency: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    """how many answers took how long (ticks × buckets)"""
    reviews: dict[str, Ints] = field(default_factory=dict)
    """how many answers reviewers looked at, overrode or escalated, and labels corrected (ticks)"""

    def disagreement(self) -> float:
        """Return the share of the shadow's answers that differ from what was shown."""
        answered, disagreed = self.shadow[:, :2].sum(axis=0)
        return float(disagreed / answered) if answered else float("nan")

    def shadow_error(self) -> float:
        """Return the mean loss of the shadow by the labels that arrived; NaN if none did."""
        labels, loss = self.shadow[:, 2:].sum(axis=0)
        return float(loss / labels) if labels else float("nan")

    def signal(self, name: str, arm: int = 0) -> float:
        """Return the mean of a signal by the labels that arrived; NaN if none did."""
        count, total = (part[:, arm].sum() for part in self.signals[name])
        return float(total / count) if count else float("nan")

    def until(self, time_us: int) -> Ticks:
        """Return those of the ticks that begin before *time_us*."""
        count = int(self.start_us.searchsorted(time_us))
        arrays = {k: v[:count] for k, v in vars(self).items() if isinstance(v, np.ndarray)}
        return replace(
            self,
            **arrays,
            segments={name: ticks.until(time_us) for name, ticks in self.segments.items()},
            signals={name: (n[:count], total[:count]) for name, (n, total) in self.signals.items()},
            vitals={name: total[:count] for name, total in self.vitals.items()},
            business={name: value[:count] for name, value in self.business.items()},
            reviews={name: value[:count] for name, value in self.reviews.items()},
        )

    def quality(self) -> float:
        """Return what share of tasks users completed, or else how little the labels complain of.

        NaN if neither is known; by labels it is 1 minus the mean loss, whatever arm answered.
        """
        if "completed" in self.vitals:
            count = int(self.count.sum())
            return float(self.vitals["completed"].sum()) / count if count else float("nan")
        labels = int(self.labels.sum())
        return 1.0 - float(self.label_loss.sum()) / labels if labels else float("nan")

    def vital(self, name: str, arm: int = 0) -> float:
        """Return the mean of what was seen of the answers of *arm*; NaN if there were none."""
        count = int(self.count[:, arm].sum())
        return float(self.vitals[name][:, arm].sum()) / count if count else float("nan")

    def latency_ms(self, share: float) -> float:
        """Return a quantile of latency, as the upper edge of its bucket; NaN if nothing waited."""
        return quantile_ms(self.latency.sum(axis=0), share)

    def error(self, arm: int = 0) -> float:
        """Return the mean loss of *arm* by the labels that arrived; NaN if none did."""
        labels = int(self.labels[:, arm].sum())
        return float(self.label_loss[:, arm].sum()) / labels if labels else float("nan")


class Tally(NamedTuple):
    """What labels said of the champion's answers over a while: so many, and their summed loss."""

    requests: int
    labels: int
    loss: float

    @property
    def error(self) -> float:
        """The mean loss; NaN if no label arrived."""
        return self.loss / self.labels if self.labels else float("nan")


def ticks_of(told: Told, seen: Mapping[str, NDArray[Any]], first: int, tick_us: int) -> Ticks:
    """Return as `Ticks` what was observed (`OBSERVED` by name), from tick *first* on."""
    start_us = np.arange(first, first + len(seen["count"])) * tick_us
    return Ticks(
        start_us,
        seen["count"].astype(np.int64),
        seen["labels"].astype(np.int64),
        seen["label_loss"].copy(),
        seen["shadow"].copy(),
        {name: _of_segment(start_us, seen, part) for name, part in _parts(told.segments)},
        {
            name: (
                seen["signal_labels"][:, part].copy(),
                seen["signal_label_sum"][:, part].copy(),
            )
            for name, part in _parts(told.signals)
        },
        {name: seen["vital_sum"][:, part].copy() for name, part in _parts(told.vitals)},
        {name: seen["business"][:, place].copy() for place, name in enumerate(told.business)},
        seen["latency"].astype(np.int64),
        {
            name: seen["reviews"][:, place].astype(np.int64)
            for place, name in enumerate(told.reviews)
        },
    )


def _of_segment(start_us: Ints, seen: Mapping[str, NDArray[Any]], part: slice) -> Ticks:
    return Ticks(
        start_us,
        seen["segment_count"][:, part].astype(np.int64),
        seen["segment_labels"][:, part].astype(np.int64),
        seen["segment_label_loss"][:, part].copy(),
        np.zeros((len(start_us), 4)),
    )


def _parts(names: tuple[str, ...]) -> list[tuple[str, slice]]:
    """Return where the four arms of each name stand."""
    return [(name, slice(4 * place, 4 * place + 4)) for place, name in enumerate(names)]
