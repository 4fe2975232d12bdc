"""Seven worlds in which quality falls by a tenth on one day, each for a reason of its own."""

from __future__ import annotations

import pytest

from scenarios.probes import FALL, probes
from sim.clock import us
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Scenario
from strategies import presets

AT = "2w"
WORLDS = probes(at=AT, horizon="3w")


def quality(ledger: Ledger) -> float:
    ticks = slice(us(AT) // ledger.timeline.tick_us, None)
    timeline = ledger.timeline
    return 1 - float(timeline.loss[ticks].sum() / timeline.count[ticks].sum())


def label_quality(ledger: Ledger) -> float:
    ticks = slice(us("17d") // ledger.timeline.tick_us, None)
    timeline = ledger.timeline
    return 1 - float(timeline.label_loss[ticks].sum() / timeline.labels[ticks].sum())


@pytest.mark.parametrize("name", [name for name in WORLDS if name != "labels"])
def test_right_answers_fall_by_a_tenth(name: str) -> None:
    falls = [_fall(WORLDS[name], seed) for seed in (1, 2)]
    assert sum(falls) / 2 == pytest.approx(FALL, abs=0.02)


def _fall(world: Scenario, seed: int) -> float:
    mine, calm = (run(one, presets.never(), seed=seed) for one in (world, world.calm()))
    return 1 - quality(mine) / quality(calm)


def test_of_labels_only_what_is_told_falls() -> None:
    world = WORLDS["labels"]
    mine, calm = (run(one, presets.never(), seed=1) for one in (world, world.calm()))
    assert quality(mine) == quality(calm)
    assert 1 - label_quality(mine) / label_quality(calm) == pytest.approx(FALL, abs=0.02)


def test_each_world_has_one_incident_that_begins_then() -> None:
    assert list(WORLDS) == [
        "schema", "covariate", "concept", "labels", "latency", "stage", "bad release",
    ]  # fmt: skip
    for world in WORLDS.values():
        (incident,) = world.incidents
        assert incident.at_us == us(AT)
