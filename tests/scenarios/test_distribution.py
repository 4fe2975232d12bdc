"""A scenario with ranges is a distribution of years: one seed, one world."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.distribution import reads, varied
from scenarios.gradual_drift import gradual_drift
from sim.clock import us
from sim.errors import Mistake
from sim.notation.ranges import uniform
from sim.run import run
from strategies import presets

STORY = """
extends: calm-year
with: {horizon: 4w, rate: 20/h}
faults:
  - kind: NullBurst
    at: uniform(1w, 3w)
    columns: [x0]
"""
DROP = "  - {kind: Drop, at: 'uniform(1w, 3w)', columns: [x1]}\n"


def at(text: str, seed: int) -> str:
    found: str = reads(text).draw(seed).faults[-1].at
    return found


def test_one_seed_is_one_world_and_seeds_differ() -> None:
    world = reads(STORY)
    assert world.draw(3).digest == reads(STORY).draw(3).digest
    assert len({world.draw(seed).digest for seed in range(20)}) == 20
    onsets = [us(world.draw(seed).faults[0].at) for seed in range(400)]
    mean, error = us("2w"), us("2w") / np.sqrt(12 * 400)
    assert abs(float(np.mean(onsets)) - mean) < 4.5 * error


@pytest.mark.parametrize(
    "other",
    [
        STORY + "    share: uniform(0.1, 0.9)\n",
        STORY + "people: {data: 'uniform(1h, 3d)'}\n",
        STORY.replace("faults:\n", f"faults:\n{DROP}"),
        STORY.replace("rate: 20/h", "rate: 'uniform(10/h, 30/h)'"),
    ],
)  # fmt: skip
def test_another_range_does_not_change_the_first(other: str) -> None:
    assert len(reads(other).ranges) == 2
    for seed in range(5):
        assert at(other, seed) == at(STORY, seed)


def test_two_ranges_alike_draw_by_their_own_luck() -> None:
    world = reads(STORY + DROP)
    pairs = [[us(f.at) for f in world.draw(seed).faults] for seed in range(200)]
    assert abs(np.corrcoef(np.array(pairs).T)[0, 1]) < 4.5 / np.sqrt(200)


def test_what_was_drawn_is_known_by_its_path() -> None:
    world = reads(STORY)
    assert world.drawn(7) == {"faults[NullBurst].at": world.draw(7).faults[0].at}
    assert {path: str(found) for path, found in world.ranges.items()} == {
        "faults[NullBurst].at": "uniform(1w, 3w)"
    }
    assert world.middle().faults[0].at == "2w"


def test_python_draws_what_a_file_draws() -> None:
    text = "extends: gradual-drift\nwith: {at: 'uniform(4w, 8w)', angle: 40}"
    file = reads(text, file="gradual-drift.yaml")
    python = varied("gradual-drift", at=uniform("4w", "8w"), angle=40)
    assert python.draw(5).digest == file.draw(5).digest
    assert python.drawn(5) == file.drawn(5)
    assert varied("gradual-drift").draw(5) == gradual_drift()


def test_strategies_that_are_compared_meet_one_world() -> None:
    world = reads(STORY)
    years = [
        run(world.draw(2), strategy, seed=2) for strategy in (presets.never(), presets.scheduled())
    ]
    assert len({year.scenario["digest"] for year in years}) == 1
    assert years[0].requests["total"] == years[1].requests["total"]


def test_worlds_that_do_not_go_together_are_found_before_a_run() -> None:
    reads(STORY).check()
    with pytest.raises(Mistake, match=r"until is '1w': it must come after"):
        reads(STORY + "    until: uniform(1w, 4w)\n    width: 1d\n").check()
