"""What was measured of the answers is told as means, and by the week in which it was so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reports.measures import signals
from reports.result import Result
from reports.telling import tell
from scenarios.calm_year import calm_year
from scenarios.pipeline_ranking import pipeline_ranking
from sim.ledger import Ledger
from sim.run import run
from sim.timeline import Timeline, Told
from strategies import presets


def test_means_are_over_answers_and_weeks_are_whole_means() -> None:
    base = run(calm_year(horizon="3w"), presets.never(), seed=0)
    timeline = Timeline.empty(base.timeline.tick_us, len(base.timeline), Told(signals=("a", "b")))
    week = np.arange(len(timeline)) // (7 * 24)
    timeline.signal_count[:, 0] = 1 + (week == 1)  # champion, signal a
    timeline.signal_sum[:, 0] = (1 + (week == 1)) * np.array([0.2, 0.5, 0.8])[week]
    timeline.signal_count[:, 1] = timeline.signal_count[:, 0]  # the challenger, as often
    timeline.signal_sum[:, 1] = timeline.signal_sum[:, 0]
    made: Ledger = replace(base, timeline=timeline)
    first, second = signals(made, made)
    assert first.lived == first.calm
    assert abs((first.lived or 0) - (0.2 + 2 * 0.5 + 0.8) / 4) < 1e-12
    assert (round(first.lowest or 0, 9), round(first.highest or 0, 9)) == (0.2, 0.8)
    assert (second.calm, second.lived, second.lowest, second.highest) == (None,) * 4


def test_a_run_tells_the_quality_of_each_stage_and_others_do_not() -> None:
    scenario = pipeline_ranking(horizon="12w")
    result = Result(
        run(scenario, presets.never(), seed=0), run(scenario.calm(), presets.never(), seed=0)
    )
    told = tell(result, title="t", drawn=False, folder="f").split("\n")
    row = next(line for line in told if line.startswith("ranking ndcg")).split()
    calm, lived, lowest, highest = map(float, row[2:])
    assert lowest < 0.69 < lived < calm <= highest
    plain = Result(*(run(calm_year(horizon="2w"), presets.never(), seed=0),) * 2)
    assert "lowest" not in tell(plain, title="t", drawn=False, folder="f")
