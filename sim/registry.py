"""The registry: every version that was made, with its lineage, and how to make it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.cards import VersionCard
from sim.digest import digest
from sim.facts import Built

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.actions import Retrain
    from sim.artifacts import Model
    from sim.loops import Effects
    from sim.stage import Stage
    from sim.storage import Snapshot
    from sim.workshop import Build


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that a training went by: what was *asked* at which moment (*key*), and its luck.

    *effects* and *unused* columns are those of that time, *tied* the pages and rows of labels that
    came at that very instant, *warm* is what it went on from, *at* what its luck hangs on.
    """

    asked: Retrain
    now_us: int
    key: int
    at: tuple[int, int]
    effects: Effects
    unused: frozenset[str]
    tied: tuple[NDArray[Any], NDArray[Any]]
    warm: Model | None


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a version comes from: by which *job* it was *made*, for what *trigger*, at what *cost*.

    *stage* is the one that was built anew, the others are the champion's; *parent* is the version
    whose knobs were turned.
    """

    job: int = 0
    trigger: str = ""
    cost: float = 0.0
    stage: str = ""
    made: str = "training"
    parent: str = ""
    recipe: Recipe | None = None


class Registry:
    """Enters versions and knows how they came about."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._stages: dict[str, dict[str, str]] = {}
        self.recipes: dict[str, Recipe] = {}

    def enter(
        self, name: str, standing: str, snapshot: Snapshot, build: Build, origin: Origin
    ) -> None:
        """Enter a version, with its lineage."""
        carried = self._carried(origin)
        stage = self._stage
        scenario, now_us = stage.scenario, stage.now_us
        run = stage.workshop.run_described(build) | self._made_of(name, origin)
        if origin.parent:
            run |= {"parent": origin.parent, "made by": origin.made}
            carried = [
                origin.made,
                stage.desk.versions[origin.parent].digest,
                *build.trace.values(),
            ]
        stage.link("dataset snapshot", name, snapshot.described(), origin.trigger)
        stage.link("training run", name, run)
        champion = stage.desk.route.champion if origin.job else ""
        rival = stage.builds[champion].model if champion else None
        evaluation = stage.workshop.evaluate(build, snapshot, rival, champion)
        report = build.report.described(scenario.judged_by) | evaluation.described()
        stage.link("evaluation report", name, report)
        entry = {
            "input": list(snapshot.examples.names),
            "output": "class" if snapshot.examples.classes else "number",
            "data contract": scenario.service.contract,
            "owner": "model",
            "rollout rules": "as in the rollout note",
        }
        stage.link("registry entry", name, entry)
        recipe = digest([run["recipe digest"], run["environment"], snapshot.digest, *carried])
        stage.builds[name] = build
        if origin.recipe is not None:
            self.recipes[name] = origin.recipe
        stage.tell(
            Built(
                at_us=now_us,
                job=origin.job,
                version=name,
                begun_us=snapshot.taken_us,
                claim=build.report.loss,
                cost=origin.cost,
                digest=recipe,
                made=origin.made,
                parent=origin.parent,
            )
        )
        stage.desk.versions[name] = VersionCard(
            name=name,
            stage=standing,
            begun_us=snapshot.taken_us,
            ready_us=now_us,
            rows=len(snapshot),
            claim=build.report.loss,
            digest=recipe,
            evaluation=evaluation,
            made=origin.made,
            parent=origin.parent,
            adjusts=getattr(build.model, "adjusts", ()),
        )

    def _carried(self, origin: Origin) -> list[str]:
        """Return the recipe of the champion whose other stages a new version keeps, if it does."""
        if not origin.stage:
            return []
        desk = self._stage.desk
        return [origin.stage, desk.versions[desk.route.champion].digest]

    def _made_of(self, name: str, origin: Origin) -> dict[str, dict[str, str]]:
        """Return in which version each stage of a pipeline was built; nothing for the rest."""
        stages = getattr(self._stage.scenario.artifact, "stages", ())
        if not stages:
            return {}
        made = dict.fromkeys(stages, name)
        if origin.stage:
            made = self._stages[self._stage.desk.route.champion] | {origin.stage: name}
        self._stages[name] = made
        return {"stages": made}
