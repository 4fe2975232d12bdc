"""Stories that come with driftyard are worlds that run, and say what they are."""

from pathlib import Path

import numpy as np
import pytest

from scenarios import catalogue, starter
from scenarios.calm_year import calm_year
from scenarios.gradual_drift import gradual_drift
from scenarios.technical_debt import technical_debt
from sim.clock import WEEK_US, us
from sim.facts import Alarm, Built, Onset
from sim.run import run
from sim.scenario import Scenario
from strategies import presets


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_story_is_told_and_runs_to_its_end(name: str) -> None:
    make = catalogue()[name]
    scenario = make()
    assert scenario.name == name
    assert len(scenario.story.split("\n")) == 2
    told = (scenario.cause, scenario.expect, scenario.lesson, scenario.seam, scenario.domain)
    assert all((*told, make.__doc__))
    ledger = run(scenario, presets.never(), seed=0)
    assert ledger.stopped == ""
    due = [o for one in scenario.incidents for o in one.occurrences(us(scenario.horizon))]
    assert len(ledger.of(Onset)) == len(due) >= len(scenario.incidents)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_parameter_has_a_default_and_is_given_by_name(name: str) -> None:
    make = catalogue()[name]
    assert make.__kwdefaults__
    assert not make.__code__.co_argcount


def test_a_calm_year_has_nothing_in_it() -> None:
    assert calm_year().incidents == ()
    ledger = run(calm_year(horizon="8w"), presets.contract(), seed=0)
    assert ledger.of(Alarm) == []


def test_a_gradual_drift_goes_on_as_long_as_its_width_says() -> None:
    onset = run(gradual_drift(width="3w"), presets.never(), seed=0).of(Onset)[0]
    assert onset.full_us - onset.at_us == 3 * WEEK_US
    assert onset.at_us == 8 * WEEK_US


def test_errors_see_a_gradual_drift_and_a_rebuild_mends_it() -> None:
    week = slice(-7 * 24, None)
    left = run(gradual_drift(), presets.never(), seed=0).timeline
    mended = run(gradual_drift(), presets.on_alarm(), seed=0)
    assert any(alarm.at_us > 8 * WEEK_US for alarm in mended.of(Alarm))
    assert left.loss[week].sum() > 2 * mended.timeline.loss[week].sum()


def test_debt_grows_in_a_straight_line_until_it_is_paid() -> None:
    scenario = technical_debt()
    timeline = run(scenario, presets.never(), seed=0).timeline
    share = timeline.loss.sum(axis=1) / np.maximum(timeline.count.sum(axis=1), 1)
    days = (np.arange(len(share)) + 0.5) / 24
    expected = 0.02 + 0.1 * 0.01 * days
    gap = float((share - expected).mean())
    error = float(np.sqrt((expected * (1 - expected)).sum() / timeline.count.sum()))
    assert abs(gap) < 4 * error / np.sqrt(len(share)) * np.sqrt(1.2)
    paid = run(scenario, presets.scheduled(every="30d"), seed=0)
    assert len(paid.of(Built)) == 1 + 364 // 30
    assert paid.timeline.loss.sum() < 0.3 * timeline.loss.sum()


def test_the_starter_is_a_world_that_runs() -> None:
    module: dict[str, object] = {}
    exec(starter.TEXT, module)
    scenario = module["empty_feed"]()  # type: ignore[operator]
    assert isinstance(scenario, Scenario)
    assert len(scenario.story.split("\n")) == 2
    assert run(scenario, presets.contract(), seed=0).of(Alarm)


def test_the_page_of_stories_names_them_all() -> None:
    page = (Path(__file__).parents[2] / "docs" / "stories.md").read_text(encoding="utf-8")
    for name, make in catalogue().items():
        scenario = make()
        assert f"| {name} | {scenario.seam} | {scenario.domain} |" in page
    assert page.count("](pictures/story-") == 5
