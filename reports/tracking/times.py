"""How long a team's trainings and loops take, from the times that MLflow keeps of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.tracking.tracker import RUN, Tracker
from reports.words import count, duration
from sim.clock import text
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = 1_000
MS_US = 1_000
MINUTE_US = 60_000_000


@dataclass(frozen=True)
class Spans:
    """Stretches of time of one kind, in microseconds."""

    what: str
    all_us: tuple[int, ...]

    @property
    def median_us(self) -> int:
        """The one in the middle."""
        return round(float(np.median(self.all_us)))

    def row(self) -> list[str]:
        """Return it as a line of a table."""
        if not self.all_us:
            return [self.what, "0", "", "", ""]
        parts = [duration(round(float(np.quantile(self.all_us, q)))) for q in (0.5, 0.1, 0.9)]
        return [self.what, f"{len(self.all_us):,}", *parts]


@dataclass(frozen=True, kw_only=True)
class Times:
    """What an MLflow experiment and its registered *models* tell of a team's loop.

    *trainings* are its finished runs from start to end, *failed* those that failed;
    *registering* goes from the end of a training to its version in the registry, *loops* from
    one version of a model to the next.
    """

    experiment: str
    models: tuple[str, ...]
    trainings: Spans
    failed: int
    registering: Spans
    loops: Spans

    @property
    def failure(self) -> float:
        """The share of trainings that failed."""
        return self.failed / (self.failed + len(self.trainings.all_us))

    def scenario(self, base: str) -> str:
        """Return a scenario file in which trainings take as long, and fail as often."""
        lines = [
            f"# Trainings as MLflow recorded them: {count(len(self.trainings.all_us), 'run')} of "
            f"{self.experiment!r}.",
            f"extends: {base}",
            "training:",
            f"  fixed: {_plain(self.trainings.median_us)}  # the median",
            f"  failure: {self.failure:.3g}",
        ]
        return "\n".join(lines) + "\n"

    @property
    def strategy(self) -> str:
        """The cadence that the versions show, as a strategy; '' if there are too few."""
        if not self.loops.all_us:
            return ""
        return f"scheduled(every='{_plain(self.loops.median_us)}')"


def _plain(value_us: int) -> str:
    """Write a duration to the minute, or to the second where it is short."""
    unit = MINUTE_US if value_us >= 10 * MINUTE_US else MINUTE_US // 60
    return text(max(1, round(value_us / unit)) * unit)


def times(tracker: Tracker, experiment: str, models: Sequence[str] = ()) -> Times:
    """Read the times of an *experiment*, and of the models that its runs led to or of *models*."""
    with tracker.told():
        found = tracker.client.get_experiment_by_name(experiment)
        if found is None:
            there = [one.name for one in tracker.client.search_experiments(max_results=PAGE)]
            refuse("--experiment", experiment, f"there is none; there are {', '.join(there)}")
        runs = [run for run in _runs(tracker, found.experiment_id) if RUN not in run.data.tags]
        done = [run for run in runs if run.info.status == "FINISHED" and run.info.end_time]
        if not done:
            raise Mistake(
                f"--experiment is {experiment!r}: it has no finished training; name another"
            )
        ends = {run.info.run_id: int(run.info.end_time) for run in done}
        named = tuple(models) or _models(tracker, set(ends))
        versions = {name: _versions(tracker, name) for name in named}
    return Times(
        experiment=experiment,
        models=named,
        trainings=Spans(
            "a training", tuple(MS_US * (r.info.end_time - r.info.start_time) for r in done)
        ),
        failed=sum(run.info.status == "FAILED" for run in runs),
        registering=Spans(
            "from its end to a version",
            tuple(
                max(0, MS_US * (made - ends[run]))
                for of_model in versions.values()
                for made, run in of_model
                if run in ends
            ),
        ),
        loops=Spans(
            "from version to version",
            tuple(
                MS_US * (later - sooner)
                for of_model in versions.values()
                for (sooner, _), (later, _) in pairwise(of_model)
            ),
        ),
    )


def _runs(tracker: Tracker, experiment: Any) -> list[Any]:
    found: list[Any] = []
    token = None
    while True:
        page = tracker.client.search_runs([experiment], max_results=PAGE, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


def _models(tracker: Tracker, runs: set[str]) -> tuple[str, ...]:
    """Return the registered models of which a version came from one of *runs*."""
    names: list[str] = []
    token = None
    while True:
        page = tracker.client.search_registered_models(max_results=100, page_token=token)
        for model in page:
            made = _versions(tracker, model.name)
            if any(run in runs for _, run in made):
                names.append(model.name)
        token = page.token
        if not token:
            return tuple(sorted(names))


def _versions(tracker: Tracker, name: str) -> list[tuple[int, str]]:
    """Return when each version was made and by which run, oldest first."""
    found: list[tuple[int, str]] = []
    token = None
    quoted = name.replace("'", "\\'")
    while True:
        page = tracker.client.search_model_versions(
            f"name = '{quoted}'", max_results=PAGE, page_token=token
        )
        found += [(int(one.creation_timestamp), str(one.run_id)) for one in page]
        token = page.token
        if not token:
            return sorted(found)
