"""What the bench of judges does: who takes part, in which worlds, how many of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reports.bench.judges.entrants import Entrant
from reports.bench.judges.playing import Playing
from reports.bench.judges.scores import Scores
from reports.bench.judges.worlds import FULL, ROLLOUTS, Family, Rollout
from reports.bench.work import Bench
from sim.errors import refuse, whole, within

PIECE = 100  # worlds in one piece of work
LATE = 1.0
"""Late labels come after a day on average, 95 % of them within three."""
VISITS, LIKENESS = 20, (0.0, 0.05, 0.2)
EFFECTS = (0.0, 0.005, -0.005, 0.01, -0.01, 0.03, -0.03)
Tell = Callable[[str, int, int], None]


def families(rollouts: tuple[Rollout, ...], requests: int) -> tuple[Family, ...]:
    """Return the worlds: each way of releasing with early and late labels and other people."""
    found = []
    for rollout in rollouts:
        base = Family(rollout=rollout, requests=requests)
        found += [base, replace(base, late=LATE)]
        if rollout != FULL:
            found += [replace(base, visits=VISITS, likeness=alike) for alike in LIKENESS]
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A bench: *entrants* decide in *worlds* of each family, looking so often *a_day*."""

    entrants: tuple[Entrant, ...]
    rollouts: tuple[Rollout, ...] = tuple(ROLLOUTS.values())
    worlds: int = 2_000
    requests: int = 20_000
    a_day: float = 2.0
    effects: tuple[float, ...] = EFFECTS

    def __post_init__(self) -> None:
        whole("--worlds", self.worlds, 2)
        whole("--requests", self.requests, 400, 10_000_000)
        within("--looks", self.a_day, 1 / 14, 1_000)
        labels = [entrant.label for entrant in self.entrants]
        for label in labels:
            if labels.count(label) > 1:
                refuse("--judges", label, "it is there twice; give each once")

    @property
    def families(self) -> tuple[Family, ...]:
        """The kinds of worlds."""
        return families(self.rollouts, self.requests)

    def jobs(self) -> Iterator[Playing]:
        """Return the work."""
        for family in self.families:
            for start in range(0, self.worlds, PIECE):
                yield Playing(
                    family=family, entrants=self.entrants, effects=self.effects,
                    a_day=self.a_day, start=start, stop=min(start + PIECE, self.worlds),
                )  # fmt: skip


def conduct(plan: Plan, folder: Path, *, workers: int, tell: Tell) -> Scores:
    """Carry out *plan*, keeping pieces in *folder*; return the scores."""
    plugins = tuple(str(Path(e.file).resolve()) for e in plan.entrants if e.file)
    jobs = list(plan.jobs())
    with Bench[Any](folder, workers=workers, plugins=plugins) as bench:
        results = bench.do(jobs, lambda done, of: tell("judging", done, of))
    return Scores.of(
        [(job.family, result) for job, result in zip(jobs, results, strict=True)],
        labels=tuple(entrant.label for entrant in plan.entrants),
        effects=plan.effects, a_day=plan.a_day, worlds=plan.worlds,
    )  # fmt: skip
