"""The same mistake again and again: errors that gather in one kind of request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import within
from strategies.monitors.by_tick import by_bin
from strategies.monitors.monitor import Limited

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]

ANSWERS = 4
"""Answers are told apart up to this number, the last holding all others."""
SEGMENTS = 12


@dataclass(frozen=True, kw_only=True, repr=False)
class Clusters(Limited):
    """Alarms when one kind of answer goes wrong *limit* times as often as all others.

    A kind is a segment of users and what they were answered (one of the first three classes, or
    any other). What counts is the loss that the labels show of a kind, per label, beside that of
    all other kinds, if the difference is *sure* standard errors or more and the kind has *minimum*
    labels. It is what a person finds who reads through a week of corrected answers.

    >>> Clusters(limit=3.0).layer
    'review'
    """

    limit: float = 2.0
    sure: float = 4.0
    minimum: int = 50
    every: str = "1d"
    window: int | str = "7d"
    name: str = "clusters of errors"
    layer: str = "review"
    clock: ClassVar[str] = "desk"
    judges: ClassVar[bool] = True

    def __post_init__(self) -> None:
        within("clusters.sure", self.sure, 0, 100)
        super().__post_init__()

    def summarise(self, seen: DeskSeen) -> Floats:
        """Add up per tick labels, losses and their squares by segment and answer."""
        labels = seen.labels
        own = labels.arm == 0
        kind = np.clip(np.nan_to_num(labels.answer), 0, ANSWERS - 1).astype(np.int64)
        parts = 1
        if labels.segment is not None:
            parts = min(SEGMENTS, max(1, len(seen.told.segments)))
            kind += ANSWERS * np.minimum(labels.segment, parts - 1)
        kinds = parts * ANSWERS
        return by_bin(seen.label_bounds, own, kind, kinds, labels.loss, labels.loss**2)

    def judge(self, counts: Floats, baseline: Baseline) -> Floats:
        """Return how many times as often the worst kind goes wrong; NaN for too few labels."""
        times, enough = self._times(counts)
        return np.where(enough.any(axis=1), np.where(enough, times, 0.0).max(axis=1), np.nan)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say which kind, how often, beside how often."""
        times, enough = self._times(counts[None])
        worst = int(np.where(enough, times, 0.0)[0].argmax())
        held, lost, _ = np.split(counts, 3)
        segment, answer = divmod(worst, ANSWERS)
        where = f" of segment {segment + 1}" if len(held) > ANSWERS else ""
        return (), (
            f"errors gather where the answer is {answer}{where}: a loss of "
            f"{lost[worst] / held[worst]:.3g} a label, {times[0, worst]:.3g} times that of all "
            f"others (limit {self.limit:g} times), on {int(held[worst]):,} of {int(held.sum()):,} "
            f"labels {self.since}; {self.owned}"
        )

    def _times(self, counts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Return each kind's loss as a multiple of the others', and where there are labels."""
        held, lost, squares = np.split(counts, 3, axis=1)
        others = held.sum(axis=1, keepdims=True) - held
        enough = (held >= self.minimum) & (others >= self.minimum)
        many, rest = np.maximum(held, 1), np.maximum(others, 1)
        mean = lost / many
        beside = (lost.sum(axis=1, keepdims=True) - lost) / rest
        spread = np.maximum(squares / many - mean**2, mean * beside / 4)
        scatter = np.sqrt(spread * (1 / many + 1 / rest))
        sure = mean - beside > self.sure * scatter
        return np.where(sure, mean / np.maximum(beside, 1e-12), 1.0), enough
