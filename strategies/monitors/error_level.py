"""The champion's mean loss by window and by segment, as labels arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.timeline import ARMS
from strategies.monitors.monitor import Limited
from strategies.monitors.wording import amount, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, repr=False)
class ErrorLevel(Limited):
    """Alarms when the champion's mean loss over the labels of a *window* is above *limit*.

    With *segments*, the value is that of the worst segment that has *minimum* labels, and the
    alarm names those beyond the limit: an average hides a group for which it goes wrong. Where no
    segments are told apart it is the mean of all.

    >>> ErrorLevel(limit=0.2, roll_back=0.3, segments=True).name
    'error by segment'
    """

    limit: float = 0.2
    segments: bool = False
    window: int | str = "1d"
    name: str = ""
    layer: str = "performance"
    clock: ClassVar[str] = "desk"
    judges: ClassVar[bool] = True

    def __post_init__(self) -> None:
        usual = "error by segment" if self.segments else "error level"
        object.__setattr__(self, "name", self.name or usual)
        super().__post_init__()

    def summarise(self, seen: DeskSeen) -> Floats:
        """Add up per tick labels and losses of the champion, for all or for each segment."""
        names = ("labels", "label_loss")
        if self.segments and seen.told.segments:
            names = ("segment_labels", "segment_label_loss")
        pair = [seen.observed[name][:, :: len(ARMS)] for name in names]
        return np.concatenate(pair, axis=1, dtype=np.float64)

    def judge(self, counts: Floats, baseline: Baseline) -> Floats:
        """Return the largest mean, NaN where none has labels enough."""
        means = self._means(counts)
        worst = means.max(axis=1)
        return np.where(np.isfinite(worst), worst, np.nan)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how large, against what it was in evaluation, and in which segments."""
        means, parts = self._means(counts[None])[0], len(counts) // 2
        beyond = [int(j) for j in np.argsort(-means, kind="stable") if means[j] > self.limit]
        worst = beyond[0] if beyond else int(means.argmax())
        usual = ""
        if baseline.answers is not None:
            usual = f", {amount(baseline.answers.mean_loss)} in its evaluation"
        which = ""
        if parts > 1:
            numbers = listed([f"segment {j + 1} {amount(means[j])}" for j in beyond])
            which = f" in {len(beyond)} of {parts} segments: {numbers}"
        return (), (
            f"the champion's mean loss is {amount(means[worst])} (limit {amount(self.limit)}"
            f"{usual}){which}, on {int(counts[worst]):,} labels {self.since}; {self.owned}"
        )

    def _means(self, counts: Floats) -> Floats:
        parts = counts.shape[1] // 2
        labels, loss = counts[:, :parts], counts[:, parts:]
        return np.where(labels >= self.minimum, loss / np.maximum(labels, 1), -np.inf)
