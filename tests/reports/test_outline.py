"""What will happen, drawn before anything is run."""

from __future__ import annotations

import numpy as np
import pytest

from reports.lanes import INCIDENT, Outline
from reports.outline import LANE, labels_in_words, outline, text
from scenarios import catalogue
from scenarios.distribution import reads
from sim.clock import DAY_US, WEEK_US

WORLD = """
name: w
horizon: 10w
stream:
  concept: {kind: Linear, columns: 3}
  traffic: {rate: 10/h}
"""


def drawn(more: str, *, steps: int = 100) -> Outline:
    """Return the outline of a small world with *more* in it."""
    return outline([reads(WORLD + more).draw(0)], steps=steps)


def level(more: str) -> list[float]:
    """Return how far its only incident goes, in each of a hundred steps."""
    (lane,) = (lane for lane in drawn(more).lanes if lane.sort == INCIDENT)
    return [float(x) for x in lane.level]


def test_a_fault_is_drawn_from_its_onset_to_its_end() -> None:
    found = level("faults: [{kind: Drop, at: 2w, until: 5w, columns: [x0], share: 0.5}]")
    assert found == [0.0] * 20 + [0.5] * 30 + [0.0] * 50


def test_a_drift_grows_over_its_width() -> None:
    more = "  drifts: [{kind: CovariateShift, at: 2w, width: 4w, shape: incremental}]"
    found = np.array(level(more))
    assert not found[:20].any()
    assert (found[60:] == 1).all()
    assert np.abs(found[20:60] - (np.arange(40) + 1) / 40).max() <= 1 / 40


def test_a_blip_shorter_than_a_step_is_seen() -> None:
    found = level("  drifts: [{kind: CovariateShift, at: 2w, lasts: 4h, shape: blip}]")
    assert sum(x > 0 for x in found) == 1


def test_labels_are_still_on_their_way_at_the_end() -> None:
    lanes = drawn("labels: {delay: {kind: Constant, delay: 3w}, coverage: 0.8}").lanes
    assert lanes[-1].level.tolist() == pytest.approx([0.8] * 70 + [0.0] * 30)


SEGMENTS = "  segments: {names: [app, web], shares: [0.3, 0.7]}\n"


def test_what_concerns_a_segment_is_as_high_as_the_segment_is_large() -> None:
    fault = "faults: [{kind: Drop, at: 2w, columns: [x0], share: 0.5, segment: app}]"
    assert level(SEGMENTS + fault) == pytest.approx([0.0] * 20 + [0.15] * 80)


def test_labels_of_each_segment_have_their_own_delay_and_outage() -> None:
    more = """
labels:
  delay: {kind: PerSegment, segments: [app], delays: [{kind: Constant, delay: 3w}], rest:
         {kind: Constant, delay: 1w}}
  coverage: 0.8
faults: [{kind: LabelOutage, at: 5w, until: 6w, segment: app}]
"""
    lane = drawn(SEGMENTS + more).lanes[-1]
    app = [0.24] * 20 + [0.0] * 10 + [0.24] * 40 + [0.0] * 30
    web = [0.56] * 90 + [0.0] * 10
    assert lane.level.tolist() == pytest.approx([a + b for a, b in zip(app, web, strict=True)])
    assert lane.note == "by segment"
    told = labels_in_words(reads(WORLD + SEGMENTS + more).draw(0).labels)
    assert told == "app after 3w; all others after 1w; 80 % ever come"


def test_reviewers_look_at_as_many_as_they_have_time_for() -> None:
    """30 a working day are 150 a week, of 1,680 that come."""
    lane = drawn("labels: {selection: {kind: Review, per_day: 30}}").lanes[-1]
    assert lane.level.tolist()[:80] == pytest.approx([150 / 1680] * 80)


def test_the_season_is_highest_at_its_peak() -> None:
    lanes = drawn("  season: {amplitude: 0.02, period: 10w, peak: 4w}").lanes
    assert abs(int(np.argmax(lanes[0].level)) - 40) <= 1


def test_several_worlds_are_drawn_as_their_mean() -> None:
    world = reads(WORLD + "faults: [{kind: Drop, at: 'uniform(2w, 6w)', columns: [x0]}]")
    found = outline([world.draw(seed) for seed in range(300)], steps=100).lanes[0].level
    expected = np.clip((np.arange(100) + 1 - 20) / 40, 0, 1)
    error = np.sqrt(np.maximum(expected * (1 - expected), 0.02) / 300)
    assert (np.abs(found - expected) < 4.5 * error + 1 / 40).all()


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_story_can_be_drawn_in_80_columns(name: str) -> None:
    found = outline([catalogue()[name]()], steps=LANE)
    lines = text(found)
    assert max(map(len, lines)) <= 80
    assert len(lines) == 1 + len(found.lanes)


def test_time_has_round_marks() -> None:
    assert drawn("").marks_us == [0, *(2 * WEEK_US * n for n in range(1, 6))]
    short = reads(WORLD.replace("10w", "3d")).draw(0)
    assert outline([short], steps=10).marks_us == [0, DAY_US, 2 * DAY_US, 3 * DAY_US]
