"""Reference years: what else has to be played to say what a year was worth."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reports.measures import Apart, business_lags, harm_of_each, stage_costs
from sim.actions import Balanced, Everything, Last, Weighted
from sim.artifacts import Pipeline
from sim.facts import Onset
from strategies.windows import Expanding, LastRecords, LastSpan

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.folder import Recipe
    from reports.result import Result
    from sim.ledger import Ledger
    from sim.scenario import Scenario
    from sim.workshop import Fits

    Told = Callable[[int, int], None]

USUAL = "30d"
"""The window of a strategy that has none of its own."""


def windows(strategy: Any) -> tuple[Any, ...]:
    """Return the windows that a strategy trains on, as far as they do not hang on the moment.

    >>> from strategies.presets.scheduled import Scheduled
    >>> windows(Scheduled(window="14d"))
    ('14d',)
    """
    own = getattr(strategy, "window", USUAL)
    if isinstance(own, LastRecords):
        own = own.records
    elif isinstance(own, LastSpan):
        own = own.span
    elif isinstance(own, Expanding):
        own = Everything()
    fixed = isinstance(own, str | int | Last | Everything | Weighted | Balanced)
    return (own,) if fixed else (USUAL,)


def hindsight(
    recipe: Recipe, *, fits: Fits | None = None, progress: Callable[[float], None] | None = None
) -> Ledger | None:
    """Return the best schedule of builds for the windows of a strategy; None if it is unknown."""
    from sim import hindsight as planning

    scenario = recipe.scenario.value
    if planning.unknown(scenario):
        return None
    found = planning.hindsight(
        scenario,
        seed=recipe.seed,
        windows=windows(recipe.strategy.value),
        fits=fits,
        progress=progress,
    )
    return recipe.sign(found)


def apart(
    recipe: Recipe, result: Result, *, fits: Fits | None = None, tell: Told | None = None
) -> Apart:
    """Play what tells incidents and stages apart, and what those see who watch business alone."""
    from reports.trials.probing import BOARD
    from sim.run import run
    from sim.workshop import Fits

    scenario, strategy, fits = recipe.scenario.value, recipe.strategy.value, fits or Fits()
    labels = _by_onset(result.run, scenario)
    stages = getattr(scenario.artifact, "stages", ())
    asked = [(scenario.only(labels[:place]), strategy) for place in range(1, len(labels))]
    asked += [(_with_perfect(scenario, stage), strategy) for stage in stages]
    if scenario.users is not None:
        asked += [(scenario, BOARD), (scenario.calm(), BOARD)]
    played = []
    for number, (world, operator) in enumerate(asked):
        if tell is not None:
            tell(number, len(asked))
        played.append(run(world, operator, seed=recipe.seed, fits=fits))
    years = [result.calm, *played[: max(0, len(labels) - 1)], result.run]
    rest = played[max(0, len(labels) - 1) :]
    return Apart(
        harm=harm_of_each(years, labels) if labels else {},
        stages=stage_costs(result.run, dict(zip(stages, rest, strict=False))),
        business=business_lags(*rest[len(stages) :]) if scenario.users is not None else {},
    )


def _by_onset(run: Ledger, scenario: Scenario) -> list[str]:
    """Return the drifts and faults that began, the first first; one that recurs counts once."""
    known = [incident.label for incident in scenario.incidents]
    begun = [label for onset in run.of(Onset) for label in known if _is_of(onset.name, label)]
    return list(dict.fromkeys(begun))


def _is_of(name: str, label: str) -> bool:
    """Say whether an onset of that *name* is one of the times of the incident *label*."""
    return name == label or name.startswith(f"{label} #")


def _with_perfect(scenario: Scenario, stage: str) -> Scenario:
    """Return the world in which one more *stage* of the pipeline makes no mistakes."""
    pipeline = scenario.artifact
    assert isinstance(pipeline, Pipeline), "only a pipeline has stages"
    perfect = (*pipeline.perfect, stage)
    return replace(scenario, artifact=replace(pipeline, perfect=perfect))


def stage_chain(
    recipe: Recipe, result: Result, *, fits: Fits | None = None
) -> list[tuple[Ledger, Ledger]]:
    """Return a run and its calm twin, then both with one more stage perfect, in their order."""
    from sim.run import run
    from sim.workshop import Fits

    scenario, fits = recipe.scenario.value, fits or Fits()
    chain = [(result.run, result.calm)]
    for stage in scenario.artifact.stages:
        scenario = _with_perfect(scenario, stage)
        mine, calm = (
            run(world, recipe.strategy.value, seed=recipe.seed, fits=fits)
            for world in (scenario, scenario.calm())
        )
        chain.append((mine, calm))
    return chain
