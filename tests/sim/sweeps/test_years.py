"""Strategies that share a stream and fits live the years that they would live alone."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest

from scenarios.silent_schema_change import silent_schema_change
from sim.concepts import Linear
from sim.labels import Constant, Labels
from sim.scenario import Launch, Scenario
from sim.source import Source
from sim.stream import Stream
from sim.sweeps import Years
from sim.traffic import Traffic
from strategies import presets

STRATEGIES = (
    presets.never(),
    presets.scheduled(every="4d", window="3d"),
    presets.contract(),
    presets.scheduled(every="3d"),
)


def open_loop() -> Scenario:
    return Scenario(
        name="open",
        stream=Stream(concept=Linear(columns=3, noise=0.1), traffic=Traffic(rate="300/h")),
        labels=Labels(delay=Constant(delay="6h")),
        launch=Launch(window="4d"),
        horizon="12d",
    )


def closed_loop() -> Scenario:
    """Whoever pages the owner ends the fault: what comes then depends on the strategy."""
    scenario = silent_schema_change()
    assert scenario.closed_loop
    traffic = replace(scenario.stream.traffic, rate="40/h")
    return replace(scenario, stream=replace(scenario.stream, traffic=traffic), horizon="10w")


@pytest.mark.parametrize("world", [open_loop, closed_loop])
def test_sharing_changes_no_digest(world: object) -> None:
    scenario: Scenario = world()  # type: ignore[operator]
    together, alone = Years(scenario, 3), Years(scenario, 3, shared=False)
    for strategy in STRATEGIES:
        shared, own = together.play(strategy), alone.play(strategy)
        assert shared.run.digest() == own.run.digest()
        assert shared.calm.digest() == own.calm.digest()


def test_a_stream_is_drawn_once_for_all_strategies() -> None:
    drawn: list[int] = []
    plain = Source._draw

    def counted(self: Source, start_us: int, key: object) -> object:
        drawn.append(start_us)
        return plain(self, start_us, key)  # type: ignore[arg-type]

    with patch.object(Source, "_draw", counted):
        years = Years(open_loop(), 3)
        years.play(STRATEGIES[0])
        alone = len(drawn)
        for strategy in STRATEGIES[1:]:
            years.play(strategy)
    assert alone > 3
    assert len(drawn) == len(set(drawn))


def test_where_nothing_goes_wrong_the_year_is_its_own_calm_twin() -> None:
    twins = Years(open_loop(), 0).play(presets.never())
    assert twins.run is twins.calm
    assert twins.run.digest() == Years(open_loop().calm(), 0).play(presets.never()).run.digest()
