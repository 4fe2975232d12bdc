"""Takes a policy's controls away, one at a time, and plays what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from reports import names
from reports.comparison import Ablation, Board, Margin, Measure, Removal, Rule, measure
from reports.comparison.comparison import contrasts
from reports.comparison.contrast import differences, mean_difference
from reports.comparison.measure import settle
from reports.intervals import ALPHA, UNKNOWN, Figure
from reports.sweeps.cast import Part
from sim.errors import refuse
from strategies.phased import Phased
from strategies.policy import Policy
from strategies.rollouts import Immediate
from strategies.without import Without

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.sweeps.conduct import Conductor

    Floats = NDArray[np.float64]

USUAL = ("loss", "lag", "cost", "false_alarms", "trainings", "pages")


@dataclass(frozen=True)
class Control:
    """Something that a policy does to be safe, by *name*; *rest* is the policy without it."""

    name: str
    kind: str
    rest: Any


def controls(policy: Policy | Phased) -> list[Control]:
    """Return every control of a policy: monitors by layer, gates, stages, owners, responses.

    Of one that becomes another, the phases, and what is taken away from every phase that has it.

    >>> from strategies.presets.maturity import level_1
    >>> [control.name for control in controls(level_1())]
    ['input layer (contract)', 'BeatsNaive', 'SignOff', 'owner data', 'PageOwners']
    """
    if isinstance(policy, Phased):
        return [*_phases(policy), *_through_all(policy)]
    found = [*_layers(policy), *_each(policy, "gates", "gate"), *_stages(policy)]
    found += [*_owners(policy), *_each(policy, "responses", "response")]
    return found


def _phases(policy: Phased) -> Iterator[Control]:
    """Leave each phase but the first out: the one before it goes on."""
    for place, phase in enumerate(policy.phases):
        if place:
            rest = (*policy.phases[:place], *policy.phases[place + 1 :])
            name = f"phase from {phase.begins} on ({phase.policy.name})"
            yield Control(name, "phase", replace(policy, phases=rest))


def _through_all(policy: Phased) -> Iterator[Control]:
    found = [{one.name: one for one in controls(phase.policy)} for phase in policy.phases]
    for name, kind in {one.name: one.kind for some in found for one in some.values()}.items():
        if kind == "owner":
            owner = name.removeprefix("owner ")
            yield Control(name, kind, Without(policy=policy, owner=owner))
            continue
        rest = tuple(
            replace(phase, policy=some[name].rest) if name in some else phase
            for phase, some in zip(policy.phases, found, strict=True)
        )
        yield Control(name, kind, replace(policy, phases=rest))


def _layers(policy: Policy) -> Iterator[Control]:
    for layer in dict.fromkeys(monitor.layer for monitor in policy.monitors):
        watching = ", ".join(m.name for m in policy.monitors if m.layer == layer)
        kept = tuple(m for m in policy.monitors if m.layer != layer)
        name = f"{layer} layer ({watching})"
        yield Control(name, "monitor layer", replace(policy, monitors=kept))


def _each(policy: Policy, field: str, kind: str) -> Iterator[Control]:
    """Take each part of a tuple away; two of one class are told apart by their words."""
    parts: tuple[Any, ...] = getattr(policy, field)
    classes = [type(part).__name__ for part in parts]
    for place, part in enumerate(parts):
        rest = (*parts[:place], *parts[place + 1 :])
        name = classes[place]
        name = f"{name} ({part.words})" if classes.count(name) > 1 else name
        without: dict[str, Any] = {field: rest}
        yield Control(name, kind, replace(policy, **without))


def _stages(policy: Policy) -> Iterator[Control]:
    rollout = policy.rollout
    if isinstance(rollout, Immediate):
        return
    stages = getattr(rollout, "stages", ())
    if isinstance(stages, tuple) and len(stages) > 1:
        for place, stage in enumerate(stages):
            rest = (*stages[:place], *stages[place + 1 :])
            words = getattr(stage, "words", f"{place + 1}")
            try:
                without = replace(rollout, stages=rest)  # type: ignore[type-var]
            except ValueError:  # no rollout goes without this one
                continue
            yield Control(f"stage {words}", "rollout stage", replace(policy, rollout=without))
    name = f"{type(rollout).__name__} (to everybody at once instead)"
    yield Control(name, "rollout", replace(policy, rollout=Immediate()))


def _owners(policy: Policy) -> Iterator[Control]:
    """Leave each owner out whom an alarm of the policy could call."""
    called = [str(getattr(response, "owner", "")) for response in policy.responses]
    if not policy.responses:
        return
    for owner in dict.fromkeys([*called, *(monitor.owner for monitor in policy.monitors)]):
        if owner:
            yield Control(f"owner {owner}", "owner", Without(policy=policy, owner=owner))


def ablated(
    conductor: Conductor,
    scenario: str,
    strategy: str,
    *,
    rule: Rule,
    margin: Margin,
    by: Sequence[Measure] = (),
) -> Ablation:
    """Play a policy whole and without each control, with the same seeds."""
    policy = names.strategy(strategy).value
    if not isinstance(policy, Policy | Phased):
        remedy = (
            "only a Policy, made of parts, or phases of such can be taken apart: presets, "
            "policies.yaml, Policy(), Phased()"
        )
        refuse("--strategy", strategy, remedy)
    taken = controls(policy)
    if not taken:
        refuse("--strategy", strategy, "it has no control that could be taken away")
    rest = [_part(control) for control in taken]
    swept = conductor.play([scenario], [strategy, *rest], range(rule.pilot))
    years = swept.years()
    (world,) = (part.text for part in swept.sweep.cast.scenarios)
    whole = swept.sweep.cast.strategies[0].text
    board = Board(years, [world], [whole, *(part.text for part in rest)], rule.pilot)
    priced = any(year.run["cost"] for year in years)
    told = [settle(one, years, "--by") for one in by] or [
        measure(name) for name in USUAL if priced or name != "cost"
    ]
    pairs = [(part.text, whole) for part in rest]
    every = {one.text: contrasts(board, one, pairs, margin, rule) for one in told}
    return Ablation(
        scenario=world,
        strategy=whole,
        seeds=rule.pilot,
        measures=tuple(one.text for one in told),
        removals=tuple(
            _removal(board, world, whole, control, [some[place] for some in every.values()])
            for place, control in enumerate(taken)
        ),
        whole=board.cell(world, whole, told).figures,
        currency=next((str(y.run["currency"]) for y in years if y.run["currency"]), ""),
        failures=tuple(
            f"{swept.sweep.cast.strategies[t.strategy].text}, seed {t.seed}: {error}"
            for t, error in swept.errors.items()
        ),
    )


def _part(control: Control) -> Part:
    return replace(Part.of("strategy", control.rest), text=f"without {control.name}")


def _removal(board: Board, world: str, whole: str, control: Control, changes: list[Any]) -> Removal:
    text = f"without {control.name}"
    years = board.years(world, whole)
    priced = any(year.run["cost_of_loss"] for year in years)
    spends = any(year.run["cost"] for year in years)

    def figure(one: Floats, other: Floats) -> Figure:
        apart = differences(one, other)
        return mean_difference(apart, ALPHA / len(board.strategies[1:])) if len(apart) else UNKNOWN

    effort = _spent if spends else _trainings
    worth = _lost_money if priced else _lost
    return Removal(
        control=control.name,
        kind=control.kind,
        changes=tuple(changes),
        price=figure(effort(board, world, whole), effort(board, world, text)),
        worth=figure(worth(board, world, text), worth(board, world, whole)),
        unit=(years[0].run["currency"] or "money") if priced else "loss in a year",
        price_unit=(years[0].run["currency"] or "money") if spends else "trainings",
    )


def _column(board: Board, world: str, text: str, *columns: str) -> Floats:
    years = {year.seed: year for year in board.years(world, text) if not year.broken}
    values = np.full(len(board.seeds), np.nan)
    for place, seed in enumerate(board.seeds):
        if seed in years:
            values[place] = sum(float(years[seed].run[name] or 0.0) for name in columns)
    return values


def _spent(board: Board, world: str, text: str) -> Floats:
    lost = _column(board, world, text, "cost_of_loss", "cost_of_incidents")
    return np.asarray(_column(board, world, text, "cost") - lost)


def _trainings(board: Board, world: str, text: str) -> Floats:
    return _column(board, world, text, "trainings")


def _lost(board: Board, world: str, text: str) -> Floats:
    return _column(board, world, text, "loss")


def _lost_money(board: Board, world: str, text: str) -> Floats:
    return _column(board, world, text, "cost_of_loss", "cost_of_incidents")
