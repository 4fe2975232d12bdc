"""An agent on call, beside presets: python docs/examples/agent.py [STORY] [SEEDS]

It sees the figures of `FIELDS` and chooses from `MENU`; what counts is the loss above the ideal
that its year really had, by its ledger and not by what it saw.
"""

from __future__ import annotations

import sys
from statistics import mean, stdev
from typing import Any

import numpy as np

import reports.gym
from reports.gym.environment import FIELDS, OnCall
from sim.run import run
from strategies import catalogue
from strategies.play.menu import MENU

PRESETS = ("never", "contract", "weekly", "performance", "drift", "level-2")
PLACE = {name: place for place, name in enumerate(FIELDS)}
CHOICE = {entry.name: place for place, entry in enumerate(MENU)}


def sensible(env: OnCall, seen: np.ndarray[Any, Any]) -> int:
    """Call whoever owns the feed about what comes in; train when errors tell; prove it unseen."""
    possible = env.possible()

    def told(name: str) -> float:
        return float(seen[PLACE[name]])

    wishes = []
    if told("alarms of the input layer") > 0:
        wishes.append("call the data owner")
    if told("shadow is out") and told("shadow's loss") >= 0:
        better = told("shadow's loss") <= told("champion's loss") + 0.01
        wishes.append("promote it" if better else "wait")
    elif told("candidate waits"):
        wishes.append("let the candidate answer unseen")
    tired = told("days since the last training") > 7 and not told("trainings under way")
    if told("alarms of the performance layer") > 0 and tired:
        wishes.append("retrain on the last 7d")
    return next((CHOICE[name] for name in wishes if possible[CHOICE[name]]), 0)


def waits(env: OnCall, seen: np.ndarray[Any, Any]) -> int:
    """Do nothing."""
    del env, seen
    return 0


def lost(env: OnCall, agent: Any, seed: int) -> float:
    """Play one year and return the loss above the ideal."""
    if env.reward == "true":
        raise ValueError("this agent was shown the truth: such years do not count")
    seen, _ = env.reset(seed=seed)
    over = False
    while not over:
        seen, _, over, _, _ = env.step(agent(env, seen))
    return float(env.played.tallied.excess().sum())


def main(story: str, seeds: int) -> None:
    """Print a table: who, and what was lost above the ideal in a year."""
    env = reports.gym.make(story)
    rows = {
        "an agent that waits": [lost(env, waits, seed) for seed in range(seeds)],
        "the sensible agent": [lost(env, sensible, seed) for seed in range(seeds)],
    }
    for name in PRESETS:
        strategy = catalogue()[name]()
        rows[name] = [
            float(run(env.scenario, strategy, seed=seed).timeline.excess().sum())
            for seed in range(seeds)
        ]
    print(f"{story}, {seeds} years each: loss above the ideal in a year, ± two standard errors")
    for name, values in sorted(rows.items(), key=lambda row: mean(row[1])):
        error = 2 * stdev(values) / len(values) ** 0.5
        print(f"{name:24s} {mean(values):8,.0f} ± {error:,.0f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "null-burst", int((sys.argv[2:] or ["10"])[0]))
