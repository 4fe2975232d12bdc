"""Where versions are built: trainings and their evaluation reports."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.actions import Recalibrate
from sim.artifacts import Adjusted, Assembled, Examples, Fitted, Learner, Pipeline, drawn
from sim.digest import digest
from sim.evaluation import Evaluation, calibration_error, gradable, groups, mean
from sim.faults import Split
from sim.monitoring import AnswerBaseline, Baseline
from sim.storage import Storage, part

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.actions import SetThreshold
    from sim.artifacts import Artifact, Model
    from sim.evaluation import Group
    from sim.faults import BuildFault
    from sim.scenario import Scenario
    from sim.source import Source
    from sim.storage import Snapshot

    Floats = NDArray[np.float64]


UNFINISHED = "stopped before converging: scale the columns, or raise max_iter"


@dataclass(frozen=True)
class Report:
    """The evaluation report: loss on the held-out records, and that of the naive answer."""

    loss: float
    naive_loss: float
    records: int
    held_out: bool
    predicted_mean: float
    label_mean: float
    shift: float
    """how far the mean of a column lies from that of the records that were fitted"""
    suite: str = "none declared"
    """what the regression suite says"""
    signals: tuple[tuple[str, float], ...] = ()
    """what else was measured on these records, stage by stage where there are stages"""
    unfinished: bool = False
    """whether the fit stopped before it converged"""

    def described(self, loss: object) -> dict[str, Any]:
        """Return what the lineage says of it."""
        measured: dict[str, Any] = {"signals": dict(self.signals)} if self.signals else {}
        if self.unfinished:
            measured["fit"] = UNFINISHED
        return measured | {
            "metric": repr(loss),
            "loss": self.loss,
            "naive loss": self.naive_loss,
            "records": self.records,
            "held out": self.held_out,
            "calibration": {"mean answer": self.predicted_mean, "mean label": self.label_mean},
            "shift checks": {"largest mean shift, in standard deviations": self.shift},
            "regression suite": self.suite,
            "limits": "offline: on labels that had arrived, from before the release",
        }


@dataclass(frozen=True)
class Build:
    """A finished training."""

    model: Model
    report: Report
    random_state: int
    baseline: Baseline | None
    naive: float
    columns: tuple[str, ...] = ()
    """those that it was built with"""
    trace: dict[str, str] = field(default_factory=dict)
    """what was otherwise than usual, for whoever reads the lineage"""
    tested: slice | NDArray[np.intp] = field(default_factory=lambda: slice(None))
    """which records of the snapshot the evaluation report is about"""
    crashes: float = 0.0
    """on what share of requests its code fails"""


class Fits:
    """Trainings that were done before: equal snapshot, recipe and luck give an equal build."""

    def __init__(self) -> None:
        self._known: dict[str, Build] = {}

    def get(self, key: str) -> Build | None:
        """Return what is known under *key*."""
        return self._known.get(key)

    def put(self, key: str, build: Build) -> None:
        """Remember; a model that goes on learning is nobody else's."""
        if not isinstance(build.model, Learner):
            self._known[key] = build


class Workshop:
    """Builds versions for one run, from snapshots of its *storage*."""

    def __init__(
        self, scenario: Scenario, source: Source, *, fits: Fits | None, baselines: bool
    ) -> None:
        self._scenario, self._source = scenario, source
        self._fits = fits
        self._baselines = baselines
        self._artifact: Artifact = scenario.artifact
        self._recipe, self._told = scenario.recipe_digest, repr(scenario.artifact)
        self.storage = Storage(scenario, source)
        segments = scenario.stream.segments
        self._segments: tuple[str, ...] = () if segments is None else segments.names

    def build(
        self,
        snapshot: Snapshot,
        warm: Model | None,
        luck: Callable[[str], float] | None = None,
        stage: str = "",
        acting: tuple[BuildFault, ...] = (),
        candidates: int = 1,
    ) -> Build:
        """Fit and evaluate; raise `CannotBuild` if the snapshot does not allow it.

        *luck* is the job's own, for artifacts whose builds differ by chance. With *stage*, that
        one alone is built anew, and *warm* is where the others are carried over from. Of several
        *candidates* the one with the least loss on the held-out records is kept.
        """
        share = self._scenario.training.holdout
        key = f"{self._recipe} {snapshot.digest} {share} {self._baselines}"
        if acting:
            key += f" {digest(list(acting))}"
        if candidates > 1:
            key += f" {candidates} candidates"
        by_chance = getattr(self._artifact, "chancy", False) or any(f.by_luck for f in acting)
        cache = None if warm is not None or by_chance else self._fits
        known = cache.get(key) if cache is not None else None
        if known is None:
            examples = replace(snapshot.examples, luck=luck)
            known = self._best(examples, snapshot.random_state, warm, stage, acting, candidates)
            if cache is not None:
                cache.put(key, known)
        return known

    def _best(
        self,
        examples: Examples,
        random_state: int,
        warm: Model | None,
        stage: str,
        acting: tuple[BuildFault, ...],
        candidates: int,
    ) -> Build:
        """Build so many candidates and keep the one that does best on the held-out records."""
        first = self._build(self._artifact, examples, random_state, warm, stage, acting)
        found = [first]
        for nth in range(2, candidates + 1):
            state = int(digest([random_state, nth])[:7], 16)
            variant = getattr(self._artifact, "variant", None)
            recipe = self._artifact if variant is None else variant(state)
            own = replace(examples, luck=_luck_of(examples.luck, nth))
            found.append(self._build(recipe, own, state, warm, stage, acting))
        if candidates == 1:
            return first
        losses = [build.report.loss for build in found]
        kept = losses.index(min(losses))
        told = {
            "candidates": f"{candidates}, number {kept + 1} kept: the best on the held-out records",
            "losses of the candidates": ", ".join(f"{loss:.6g}" for loss in losses),
        }
        return replace(found[kept], trace=found[kept].trace | told)

    def _build(
        self,
        artifact: Artifact,
        examples: Examples,
        random_state: int,
        warm: Model | None,
        stage: str,
        acting: tuple[BuildFault, ...],
    ) -> Build:
        luck = examples.luck
        held = self._held(examples)
        tested: slice | NDArray[np.intp]
        fit, rest, tested = self._apart(examples)
        if luck is not None and acting:
            rows = np.arange(len(examples.y))
            split = Split(rows[: len(rows) - held], rows[len(rows) - held :])
            for fault in acting:
                artifact = fault.recipe(artifact)
                random_state, split = fault.seed(random_state, luck), fault.split(split, luck)
            if held:
                fit, rest = part(examples, split.fit), part(examples, split.test)
                tested = split.test
        if fit.weight is not None and not getattr(artifact, "weighs", False):
            fit = replace(part(fit, drawn(fit.weight, random_state)), weight=None)
        if stage:
            assert isinstance(artifact, Pipeline)
            assert warm is not None
            model = artifact.rebuild(stage, warm, fit)
        else:
            model = artifact.build(fit, random_state=random_state, warm=warm)
        report = self._evaluate(model, fit, rest, held_out=bool(held))
        baseline = None
        if self._baselines:
            baseline = Baseline.of(examples, self._tried(model, rest, examples.classes))
        held_any = ~np.isnan(examples.x).all(axis=0)
        used = [examples.names[place] for place in np.flatnonzero(held_any)]
        trace = {k: v for fault in acting for k, v in fault.trace().items()}
        naive = naive_answer(examples)
        return Build(model, report, random_state, baseline, naive, tuple(used), trace, tested)

    def _held(self, examples: Examples) -> int:
        """Return how many of the newest records are held out."""
        return int(self._scenario.training.holdout * len(examples.y))

    def _apart(self, examples: Examples) -> tuple[Examples, Examples, slice]:
        """Return what is fitted, what is held out, and where that stands."""
        held = self._held(examples)
        if not held:
            return examples, examples, slice(None)
        newest = slice(-held, None)
        return part(examples, slice(0, -held)), part(examples, newest), newest

    def adjust(
        self, champion: Build, snapshot: Snapshot, asked: SetThreshold | Recalibrate
    ) -> Build:
        """Turn a knob of the *champion*; raise `CannotBuild` if the records do not allow it."""
        fit, rest, tested = self._apart(snapshot.examples)
        loss, before = self._source.losses.at(snapshot.taken_us), Adjusted.of(champion.model)
        if isinstance(asked, Recalibrate):
            model = before.recalibrated(fit, loss.cut)
        elif asked.value is not None:
            model = before.with_threshold(asked.value)
        else:
            model = before.with_best_threshold(fit, loss)
        examples, baseline = snapshot.examples, champion.baseline
        if baseline is not None:
            answers = self._tried(model, rest, examples.classes)
            baseline = replace(baseline, answers=answers)
        return Build(
            model,
            self._evaluate(model, fit, rest, held_out=bool(self._held(examples))),
            champion.random_state,
            baseline,
            naive_answer(examples),
            champion.columns,
            {"adjusted": model.said},
            tested,
        )

    def _evaluate(self, model: Model, fit: Examples, rest: Examples, *, held_out: bool) -> Report:
        loss, naive = self._source.losses.at(fit.built_us), naive_answer(fit)
        mean_loss, mean_answer = model.loss_on(rest, loss)
        labels = rest.y if len(rest.y) else np.zeros(1)  # a parametric artifact needs none
        naive_loss = mean(loss.of(np.full(len(labels), naive), labels))
        label_mean = mean(labels)
        shift = _largest_shift(fit.x, rest.x) if held_out else 0.0
        suite = str(getattr(model, "suite", "none declared"))
        return Report(
            mean_loss,
            naive_loss,
            len(rest.y),
            held_out,
            mean_answer,
            label_mean,
            shift,
            suite,
            model.measured(rest) if isinstance(model, Assembled) else (),
            unfinished=bool(getattr(model, "unfinished", False)),
        )

    def tested(self, build: Build, snapshot: Snapshot) -> Examples:
        """Return the records that the evaluation report of a build is about."""
        return part(snapshot.examples, build.tested)

    def evaluate(
        self, build: Build, snapshot: Snapshot, champion: Model | None, name: str
    ) -> Evaluation:
        """Grade a build, and the champion of that *name*, on the records that were held out."""
        rest, loss = self.tested(build, snapshot), self._scenario.judged_by
        found: tuple[Group, ...] = ()
        chance = None
        if gradable(build.model):
            mine = build.model.graded(rest, loss)
            theirs = champion.graded(rest, loss) if gradable(champion) else None
            labels = rest.y if len(rest.y) else np.zeros(1)
            naive = loss.of(np.full(len(labels), build.naive), labels)
            found = groups(mine, naive, theirs, rest.segment, self._segments)
            chance = mine.chance
        return Evaluation(
            champion=name,
            held_out=build.report.held_out,
            groups=found,
            calibration_error=calibration_error(chance, rest.y),
            suite_failed=getattr(build.model, "suite_failed", None),
            columns=build.columns,
        )

    def _tried(self, model: Model, rest: Examples, classes: int) -> AnswerBaseline | None:
        """Return what a version answers to the records of its report; None if nobody can ask."""
        if not isinstance(model, Fitted | Adjusted) or not len(rest.y):
            return None
        given = model.answered(rest)
        loss = self._scenario.judged_by.of(given.answer, rest.y)
        return AnswerBaseline.of(given.score, given.answer, rest.y, loss, classes)

    def run_described(self, build: Build) -> dict[str, Any]:
        """Return what the lineage says of a training run."""
        return {
            "recipe": self._told,
            "code": f"{type(self._artifact).__module__}.{type(self._artifact).__qualname__}",
            "log": f"evaluated on {build.report.records:,} records",
            "recipe digest": self._recipe,
            "random state": build.random_state,
            "environment": dict(packages()),
            "better than the naive answer by": build.report.naive_loss - build.report.loss,
            **build.trace,
        }


def _luck_of(luck: Callable[[str], float] | None, nth: int) -> Callable[[str], float] | None:
    """Return the luck of the *nth* candidate of a job, which is another than the job's own."""
    return None if luck is None else lambda name: luck(f"{name} of candidate {nth}")


def naive_answer(examples: Examples) -> float:
    """Return the answer that knows no features: the commonest class, or the mean."""
    if not len(examples.y):
        return 1.0
    if examples.classes == 0:
        return mean(examples.y)
    return float(np.bincount(examples.y.astype(np.int64)).argmax())


def _largest_shift(old: Floats, new: Floats) -> float:
    """Return how far a column's mean has moved, at most, in standard deviations."""
    if not len(new) or not old.shape[1]:
        return 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = np.isnan(old), np.isnan(new)
        means = [
            np.where(gap, 0.0, x).sum(axis=0) / (~gap).sum(axis=0)
            for gap, x in zip(gaps, (old, new), strict=True)
        ]
        spread = np.sqrt((np.where(gaps[0], 0.0, old - means[0]) ** 2).mean(axis=0))
        moved = np.abs(means[1] - means[0]) / spread
    return float(np.where(np.isfinite(moved), moved, 0.0).max())


@cache
def packages() -> tuple[tuple[str, str], ...]:
    """Return the versions of the packages that can change a number."""
    names = ("numpy", "scipy", "scikit-learn", "river", "numba", "simpy")
    return tuple((name, installed(name)) for name in names)
