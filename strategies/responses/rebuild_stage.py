"""Rebuilding a pipeline one stage at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Retrain
from sim.clock import positive_us, us
from sim.errors import refuse, whole
from sim.facts import Acted
from strategies.monitors import StageMetric
from strategies.recall import at_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.view import View

STAGES = ("retrieval", "ranking", "generation", "validation")


@dataclass(frozen=True, kw_only=True)
class RebuildStage:
    """Rebuilds the first stage in trouble; if that does not help, the one before it.

    The mean of each of *metrics* over *look* is held against its limit; a mean over fewer than
    *least* judged answers says nothing. The first stage in trouble is built anew on *window*, the
    others stay. A new version is judged after *wait*. A stage that was rebuilt within *memory* is
    not to blame, the one that hands it its work is; when all have had their turn, it begins again.
    """

    metrics: tuple[StageMetric, ...]
    window: str = "7d"
    look: str = "3d"
    least: int = 200
    wait: str = "5d"
    memory: str = "6w"

    def __post_init__(self) -> None:
        for name in ("window", "look", "wait", "memory"):
            positive_us(getattr(self, name), f"rebuild_stage.{name}")
        whole("rebuild_stage.least", self.least, 1)
        for metric in self.metrics:
            if metric.stage not in STAGES:
                refuse("rebuild_stage.metrics", metric.of, f"begin with one of {STAGES}")

    @property
    def words(self) -> str:
        """Which stages, by which numbers."""
        said = ", ".join(f"{m.of} {m.side} {m.limit:g}" for m in self.metrics)
        return (
            f"the first stage in trouble over {self.look} ({said}) is rebuilt alone; if that does "
            "not help, the one before it"
        )

    def answers(self, view: View) -> Iterator[Retrain]:
        """Rebuild the stage to blame, if nothing else is under way."""
        if at_rest(view) and view.now_us - view.serving_us >= us(self.wait):
            metric = self._in_trouble(view)
            if metric is not None:
                why = f"{metric.of} is {metric.side} {metric.limit:g}"
                stage = self._to_blame(view, metric.stage)
                yield Retrain(window=self.window, stage=stage, why=why)

    def _in_trouble(self, view: View) -> StageMetric | None:
        """Return the first metric, in the order of the stages, that is beyond its limit."""
        seen = view.ticks(self.look)
        known = [m for m in self.metrics if m.of in view.signals]
        enough = [m for m in known if seen.signals[m.of][0][:, 0].sum() >= self.least]
        low = [m for m in enough if m.beyond(seen.signal(m.of))]
        return min(low, key=lambda metric: STAGES.index(metric.stage), default=None)

    def _to_blame(self, view: View, stage: str) -> str:
        """Return the stage, or the next one before it that was not rebuilt lately."""
        since_us = view.now_us - us(self.memory)
        tried = {
            fact.detail.rpartition("stage=")[2]
            for fact in view.history
            if isinstance(fact, Acted) and fact.action == "retrain" and fact.at_us >= since_us
        }
        left = [s for s in STAGES[: STAGES.index(stage) + 1] if s not in tried]
        return left[-1] if left else stage
