"""Rebuilding a pipeline one stage at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import Promote, Retrain, Window, window
from sim.clock import us
from sim.errors import refuse, whole
from sim.facts import Acted
from strategies.monitors import StageMetric
from strategies.recall import at_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View

STAGES = ("retrieval", "ranking", "generation", "validation")
METRICS = (
    StageMetric(of="retrieval recall", limit=0.75, owner="data"),
    StageMetric(of="ranking ndcg", limit=0.85, owner="model"),
    StageMetric(of="generation faithfulness", limit=0.88, owner="model"),
    StageMetric(
        of="validation false negatives", limit=0.35, side="above", window=200, owner="product"
    ),
)


@dataclass(frozen=True, kw_only=True)
class StageByStage:
    """Rebuild the first stage in trouble; if that does not help, the one before it.

    Every day the mean of each of *metrics* over *look* is held against its limit; a mean over
    fewer than *least* judged answers says nothing. The first stage in trouble is built anew on
    *window*, the others stay. A new version is judged after *wait*. A stage that was rebuilt
    within *memory* is not to blame, the one that hands it its work is; when all have had their
    turn, it begins again.
    """

    metrics: tuple[StageMetric, ...] = METRICS
    window: Window | str | int = "7d"
    look: str = "3d"
    least: int = 200
    wait: str = "5d"
    memory: str = "6w"
    heartbeat: str = "1d"

    def __post_init__(self) -> None:
        window(self.window)
        for name in ("look", "wait", "memory"):
            us(getattr(self, name), f"stage_by_stage.{name}")
        whole("stage_by_stage.least", self.least, 1)
        for metric in self.metrics:
            if metric.stage not in STAGES:
                refuse("stage_by_stage.metrics", metric.of, f"begin with one of {STAGES}")

    @property
    def monitors(self) -> tuple[StageMetric, ...]:
        """A metric of each stage, with its limit and owner."""
        return self.metrics

    def decide(self, view: View) -> Iterator[Action]:
        """Promote what is ready, else rebuild the stage to blame."""
        if view.candidate and not view.changing:
            yield Promote(view.candidate, why="the stage is rebuilt")
        elif at_rest(view) and view.now_us - view.serving_us >= us(self.wait):
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
