"""Where versions are built: snapshots of what was observed, trainings, evaluation reports."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.actions import Everything, Last, SinceAlarm, Window
from sim.artifacts import Assembled, Examples, Fitted, Learner, Pipeline
from sim.clock import text, us
from sim.concepts import Judgements, Moving
from sim.digest import digest
from sim.evaluation import Evaluation, Gradable, calibration_error, groups
from sim.faults import Split
from sim.monitoring import AnswerBaseline, Baseline

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.artifacts import Artifact, Model
    from sim.evaluation import Group
    from sim.faults import BuildFault
    from sim.loops import Effects
    from sim.scenario import Scenario
    from sim.source import Page, Source

    Floats = NDArray[np.float64]
    Arrived = Callable[[int, Page], NDArray[np.bool_]]


@dataclass(frozen=True)
class Snapshot:
    """Which records a training uses: fixed at the moment it was taken."""

    taken_us: int
    window: str
    examples: Examples
    from_us: int
    to_us: int
    digest: str
    random_state: int
    """for the fit: by the records alone, so that the calm world fits alike until they differ"""

    def __len__(self) -> int:
        return len(self.examples.y)

    def without(self, unused: frozenset[str]) -> Snapshot:
        """Return the same records with the columns *unused* empty."""
        x = self.examples.x.copy()
        x[:, [place for place, name in enumerate(self.examples.names) if name in unused]] = np.nan
        identity = digest([self.digest, sorted(unused)])
        return replace(self, examples=replace(self.examples, x=x), digest=identity)

    def described(self) -> dict[str, Any]:
        """Return what the lineage says of it."""
        return {
            "records": len(self),
            "window": self.window,
            "from": text(self.from_us),
            "to": text(self.to_us),
            "labels": "as known when the snapshot was taken",
            "point in time": f"labels that had arrived by {text(self.taken_us)}",
            "features": list(self.examples.names),
            "sources": "the feed as observed, faults included",
            "versions": f"columns {digest(list(self.examples.names))}",
            "rows": self.digest,
        }


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

    def described(self, loss: object) -> dict[str, Any]:
        """Return what the lineage says of it."""
        measured = {"signals": dict(self.signals)} if self.signals else {}
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
    """Takes snapshots and builds versions for one run."""

    def __init__(
        self, scenario: Scenario, source: Source, *, fits: Fits | None, baselines: bool
    ) -> None:
        self._scenario, self._source = scenario, source
        self._fits = fits
        self._baselines = baselines
        self._artifact: Artifact = scenario.artifact
        self._recipe = scenario.recipe_digest
        self._world = scenario.world_digest
        self._start_us = -us(scenario.launch.window)
        segments = scenario.stream.segments
        self._segments: tuple[str, ...] = () if segments is None else segments.names

    def snapshot(
        self,
        window: Window,
        now_us: int,
        arrived: Arrived,
        effects: Effects,
        acting: tuple[BuildFault, ...] = (),
        unused: frozenset[str] = frozenset(),
    ) -> Snapshot:
        """Collect the labelled records of *window* as they were observed, oldest first.

        Faults that are *acting* may keep some from it; columns that are *unused* stay empty.
        """
        limit, from_us = self._reach(window, now_us)
        source = self._source
        parts: list[tuple[Page, NDArray[np.intp]]] = []
        wanted, read_bytes = limit, 0
        number = source.grid.page_at(now_us)
        last = source.grid.page_at(max(from_us, self._start_us))
        while number >= last and wanted > 0:
            page = source.page(number, *effects)
            read_bytes += page.nbytes
            source.keep(read_bytes)
            mask = arrived(number, page)
            if number == last:
                mask &= page.truth.times_us >= from_us
            for fault in acting:
                kept = fault.keeps(page.stored)
                mask &= True if kept is None else kept
            rows = page.stored.rows(mask, now_us)[-wanted:]
            if len(rows):
                parts.append((page, rows))
                wanted -= len(rows)
            number -= 1
        parts.reverse()
        snapshot = self._collect(parts, window, now_us, effects)
        return snapshot.without(unused) if unused else snapshot

    def _reach(self, window: Window, now_us: int) -> tuple[int, int]:
        """Return how many records at most, and from when on."""
        if isinstance(window, Last):
            if window.records:
                return window.records, self._start_us
            return 2**62, max(self._start_us, now_us - us(window.span))
        if isinstance(window, SinceAlarm):
            return 2**62, window.at_us
        assert isinstance(window, Everything)
        return 2**62, self._start_us

    def _collect(
        self,
        parts: list[tuple[Page, NDArray[np.intp]]],
        window: Window,
        now_us: int,
        effects: Effects,
    ) -> Snapshot:
        concept = self._source.stream.concept
        names = concept.schema.names
        place = 0.0
        if isinstance(concept, Moving):
            place = self._place(now_us)
        picks = [(page, _run(page, rows)) for page, rows in parts]
        x = np.concatenate([p.stored.x[rows] for p, rows in picks] or [np.zeros((0, len(names)))])
        y = np.concatenate([p.archive.known(now_us)[rows] for p, rows in picks] or [np.zeros(0)])
        times = [p.truth.times_us[rows] for p, rows in picks]
        corrected = [(p.archive.changed(now_us), rows) for p, rows in parts]
        chosen = [(p.number, rows) for p, rows in parts]
        identity = digest(
            [
                self._world,
                self._source.luck.seed,
                sorted(effects.repaired_us.items()),
                sorted(effects.states.items()),
                place,
                chosen,
                *(changed[rows] for changed, rows in corrected if changed is not None),
            ]
        )
        from_us, to_us = (int(times[0][0]), int(times[-1][-1])) if times else (now_us, now_us)
        judged = [p.truth.judgements.take(rows) for p, rows in picks if p.truth.judgements]
        examples = Examples(names, x, y, concept.classes, now_us, place)
        if judged:
            examples = replace(examples, judgements=Judgements.join(judged))
        if self._segments:
            drawn = [p.truth.segment[rows] for p, rows in picks if p.truth.segment is not None]
            segment = np.concatenate(drawn or [np.zeros(0, dtype=np.int8)])
            examples = replace(examples, segment=segment)
        if any(page.stored.stamp_us is not None for page, _ in picks):
            examples = _part(examples, _as_stamped(picks))
        random_state = int(digest([self._source.luck.seed, chosen])[:7], 16)
        return Snapshot(now_us, str(window), examples, from_us, to_us, identity, random_state)

    def _place(self, now_us: int) -> float:
        """Return where a world without features is, by the rule that holds now."""
        stream = self._source.stream
        now = stream.moment(self._source.luck, 0, np.array([now_us]), 0.5)
        drawn = now.rules[0][0].draw(self._source.luck, now)
        return float(drawn.x[0, 0])

    def build(
        self,
        snapshot: Snapshot,
        warm: Model | None,
        luck: Callable[[str], float] | None = None,
        stage: str = "",
        acting: tuple[BuildFault, ...] = (),
    ) -> Build:
        """Fit and evaluate; raise `CannotBuild` if the snapshot does not allow it.

        *luck* is the job's own, for artifacts whose builds differ by chance. With *stage*, that
        one alone is built anew, and *warm* is where the others are carried over from.
        """
        share = self._scenario.training.holdout
        key = f"{self._recipe} {snapshot.digest} {share} {self._baselines}"
        if acting:
            key += f" {digest(list(acting))}"
        by_chance = getattr(self._artifact, "chancy", False) or any(f.by_luck for f in acting)
        cache = None if warm is not None or by_chance else self._fits
        known = cache.get(key) if cache is not None else None
        if known is None:
            examples = replace(snapshot.examples, luck=luck)
            known = self._build(examples, snapshot.random_state, warm, stage, acting)
            if cache is not None:
                cache.put(key, known)
        return known

    def _build(
        self,
        examples: Examples,
        random_state: int,
        warm: Model | None,
        stage: str,
        acting: tuple[BuildFault, ...],
    ) -> Build:
        held = int(self._scenario.training.holdout * len(examples.y))
        artifact, luck = self._artifact, examples.luck
        fit = rest = examples
        tested: slice | NDArray[np.intp] = slice(-held, None) if held else slice(None)
        if held:
            fit, rest = _part(examples, slice(0, -held)), _part(examples, slice(-held, None))
        if luck is not None and acting:
            rows = np.arange(len(examples.y))
            split = Split(rows[: len(rows) - held], rows[len(rows) - held :])
            for fault in acting:
                artifact = fault.recipe(artifact)
                random_state, split = fault.seed(random_state, luck), fault.split(split, luck)
            if held:
                fit, rest = _part(examples, split.fit), _part(examples, split.test)
                tested = split.test
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

    def _evaluate(self, model: Model, fit: Examples, rest: Examples, *, held_out: bool) -> Report:
        loss, naive = self._source.losses.at(fit.built_us), naive_answer(fit)
        mean_loss, mean_answer = model.loss_on(rest, loss)
        labels = rest.y if len(rest.y) else np.zeros(1)  # a parametric artifact needs none
        naive_loss = float(loss.of(np.full(len(labels), naive), labels).mean())
        label_mean = float(labels.mean())
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
        )

    def evaluate(
        self, build: Build, snapshot: Snapshot, champion: Model | None, name: str
    ) -> Evaluation:
        """Grade a build, and the champion of that *name*, on the records that were held out."""
        rest, loss = _part(snapshot.examples, build.tested), self._scenario.judged_by
        found: tuple[Group, ...] = ()
        chance = None
        if isinstance(build.model, Gradable):
            mine = build.model.graded(rest, loss)
            theirs = champion.graded(rest, loss) if isinstance(champion, Gradable) else None
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
        if not isinstance(model, Fitted) or not len(rest.y):
            return None
        given = model.answered(rest)
        loss = self._scenario.judged_by.of(given.answer, rest.y)
        return AnswerBaseline.of(given.score, given.answer, rest.y, loss, classes)

    def run_described(self, build: Build) -> dict[str, Any]:
        """Return what the lineage says of a training run."""
        return {
            "recipe": repr(self._artifact),
            "code": f"{type(self._artifact).__module__}.{type(self._artifact).__qualname__}",
            "log": f"evaluated on {build.report.records:,} records",
            "recipe digest": self._recipe,
            "random state": build.random_state,
            "environment": dict(packages()),
            "better than the naive answer by": build.report.naive_loss - build.report.loss,
            **build.trace,
        }


def naive_answer(examples: Examples) -> float:
    """Return the answer that knows no features: the commonest class, or the mean."""
    if not len(examples.y):
        return 1.0
    if examples.classes == 0:
        return float(examples.y.mean())
    return float(np.bincount(examples.y.astype(np.int64)).argmax())


def _run(page: Page, rows: NDArray[np.intp]) -> NDArray[np.intp] | slice:
    """Return *rows* as a slice if they follow each other: that is no copy."""
    first, last = int(rows[0]), int(rows[-1]) + 1
    once = page.stored.copies is None
    return slice(first, last) if once and last - first == len(rows) else rows


def _as_stamped(picks: list[tuple[Page, NDArray[np.intp] | slice]]) -> NDArray[np.intp]:
    """Return the order in which storage has the records, by the times that they bear there."""
    stamps = [
        (page.truth.times_us if page.stored.stamp_us is None else page.stored.stamp_us)[rows]
        for page, rows in picks
    ]
    return np.argsort(np.concatenate(stamps), kind="stable")


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


def _part(examples: Examples, rows: slice | NDArray[np.intp]) -> Examples:
    judged = examples.judgements and examples.judgements.take(rows)
    segment = None if examples.segment is None else examples.segment[rows]
    x, y = examples.x[rows], examples.y[rows]
    return replace(examples, x=x, y=y, judgements=judged, segment=segment)


@cache
def packages() -> tuple[tuple[str, str], ...]:
    """Return the versions of the packages that can change a number."""
    names = ("numpy", "scipy", "scikit-learn", "river", "numba", "simpy")
    return tuple((name, installed(name)) for name in names)
