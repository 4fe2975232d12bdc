"""What a run comes to, and what was possible: both against the time of the run itself."""

from __future__ import annotations

from benchmarks.engine import SEED, Row, Watching, scenario
from benchmarks.side_by_side import least
from reports.result import Result
from reports.summary import summary
from sim.hindsight import hindsight
from sim.run import run
from sim.setting import source_of
from sim.workshop import Fits


def rows() -> list[Row]:
    """Return what all measures cost, and what hindsight costs."""
    return [*measure_rows(), *hindsight_rows()]


def measure_rows(records: int = 1_000_000) -> list[Row]:
    """All that summary.json holds, of a run with a row per request, against that run."""
    work, fits = scenario(records), Fits()

    def play() -> object:
        return run(work, Watching(), seed=SEED, fits=fits, outcomes=True)

    mine = run(work, Watching(), seed=SEED, fits=fits, outcomes=True)
    calm = run(work.calm(), Watching(), seed=SEED, fits=fits, outcomes=True)
    took, measured = least(play, lambda: summary(Result(mine, calm), []), rounds=5)
    share = measured / took
    return [
        Row(
            f"all measures of a run of {records:,} records, its digests included",
            f"{share:.1%} of its time",
            "≤ 10 %",
            share <= 0.10,
            f"{measured * 1000:.0f} ms against {took:.2f} s",
        )
    ]


def hindsight_rows(records: int = 200_000, grid: int = 100) -> list[Row]:
    """The best of a hundred builds, evaluated on all that follows, against one run; fits aside."""
    work, fits = scenario(records), Fits()

    def play() -> object:
        return run(work, Watching(), seed=SEED, fits=fits, source=source_of(work, SEED))

    def plan() -> object:
        return hindsight(
            work, seed=SEED, windows=(10_000,), grid=grid, fits=fits, source=source_of(work, SEED)
        )

    took, planned = least(play, plan, rounds=7)
    times = planned / took
    return [
        Row(
            f"hindsight on a grid of {grid}, played as well; fits aside",
            f"{times:.1f} × one run",
            "≤ 20",
            times <= 20,
            f"{planned:.2f} s against {took:.3f} s",
        )
    ]
