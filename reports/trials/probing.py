"""Plays a policy in one world for each cause of a fall, beside one who watches business alone."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean as average
from typing import TYPE_CHECKING, Any

from reports import intervals
from reports.comparison import Cause, Probe, Sighting, Year
from reports.comparison.year import LAYERS
from reports.intervals import UNKNOWN, Figure
from scenarios.probes import probes
from sim.errors import Mistake
from strategies.monitors import Business
from strategies.policy import Policy

if TYPE_CHECKING:
    from reports.sweeps.conduct import Conductor
    from sim.scenario import Scenario

BOARD = Policy(
    name="business alone",
    story="Nobody watches but those who read the figures of the week.",
    monitors=tuple(Business(of=figure, drop=0.02) for figure in ("revenue", "retention", "survey"))
    + tuple(Business(of=figure, drop=0.1) for figure in ("complained", "escalated")),
)
"""When business would tell, if nobody looked before."""


def probed(conductor: Conductor, policy: Any, *, seeds: int) -> Probe:
    """Play *policy*, and the board that watches business alone, in every world."""
    worlds = probes()
    swept = conductor.play(list(worlds.values()), [policy, BOARD], range(seeds))
    mine, board = (part.text for part in swept.sweep.cast.strategies)
    years: dict[tuple[str, str], list[Year]] = {}
    for year in swept.years():
        years.setdefault((year.scenario, year.strategy), []).append(year)
    if not any(key[1] == mine for key in years):
        raise Mistake(f"{mine} has no result in any world: {next(iter(swept.errors.values()), '')}")
    return Probe(
        policy=mine,
        seeds=seeds,
        causes=tuple(
            _cause(world, years.get((name, mine), []), years.get((name, board), []))
            for name, world in worlds.items()
        ),
        failures=tuple(
            f"{swept.sweep.cast.scenarios[task.scenario].text}, seed {task.seed}: {error}"
            for task, error in swept.errors.items()
        ),
    )


def _cause(world: Scenario, years: Sequence[Year], boards: Sequence[Year]) -> Cause:
    business = [lag for year in boards for lag, _ in year.lags("business") if lag is not None]
    recovered = [
        row["recovered_s"] - row["onset_s"]
        for year in years
        for row in year.incidents
        if row["harm_s"] is not None and row["recovered_s"] is not None
    ]
    return Cause(
        name=world.name,
        story=world.story,
        fall=intervals.mean([_fall(year) for year in boards]) if boards else UNKNOWN,
        sightings=tuple(_sighting(layer, years) for layer in LAYERS[:4]),
        business_s=_mean(business),
        business_seen=len(business),
        harmed=sum(row["harm_s"] is not None for year in years for row in year.incidents),
        recovered=len(recovered),
        recovery_s=_mean(recovered),
        false_alarms=average(float(y.run["false_alarms"]) for y in years) if years else 0.0,
        seeds=len(years),
    )


def _fall(year: Year) -> float:
    """Return the fall of quality from the onset on, as a share of what it is in the calm world."""
    run = year.run
    since = min((row["onset_s"] for row in year.incidents), default=0.0)
    after = run["requests"] * (1 - since / run["horizon_s"])
    quality = 1 - run["calm_loss"] / run["requests"]
    return float(run["excess"] / after / quality)


def _sighting(layer: str, years: Sequence[Year]) -> Sighting:
    lags = [lag for year in years for lag, _ in year.lags(layer)]
    seen = [lag for lag in lags if lag is not None]
    watching = {d["monitor"] for year in years for d in year.detections if d["layer"] == layer}
    return Sighting(
        layer=layer,
        monitors=tuple(sorted(watching)),
        seen=len(seen),
        seeds=len(lags),
        lag_s=_mean(seen),
        share=intervals.share(len(seen), len(lags)),
        by_chance=intervals.share(sum(year.by_chance(layer) for year in years), len(lags)),
    )


def _mean(values: Sequence[float]) -> Figure | None:
    return intervals.mean(list(values)) if values else None
