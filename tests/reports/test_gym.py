"""An agent in a Gymnasium loop is an operator like any other."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import reports.gym
from reports.gym.environment import FIELDS, NEVER, OnCall
from scenarios import catalogue
from sim.actions import Action
from sim.errors import Mistake
from sim.run import run
from sim.view import View
from strategies.play.menu import MENU
from strategies.play.sight import words

STORY = "driftyard/NullBurst-v0"


def made(**settings: Any) -> OnCall:
    env = gymnasium.make(STORY, **settings).unwrapped
    assert isinstance(env, OnCall)
    return env


def test_every_story_is_an_environment() -> None:
    ids = [key for key in gymnasium.registry if key.startswith("driftyard/")]
    assert len(ids) == len(catalogue())
    assert reports.gym.make("silent-schema-change").scenario.name == "silent-schema-change"


def test_gymnasium_finds_nothing_wrong_with_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(made(every="7d"))


def waits(env: OnCall) -> int:
    del env
    return 0


def tries(env: OnCall) -> int:
    return int(env.possible().nonzero()[0][-1])


def episode(env: OnCall, seed: int, choose: Callable[[OnCall], int]) -> tuple[float, list[int]]:
    _, info = env.reset(seed=seed)
    total, steps, over = 0.0, [], False
    while not over:
        choice = choose(env)
        observation, reward, over, truncated, info = env.step(choice)
        assert observation in env.observation_space
        assert not truncated
        total += reward
        steps.append(choice)
    assert set(info) <= {"refused", "day", "reason"}
    return total, steps


def test_the_same_seed_is_the_same_year() -> None:
    first, second = (episode(made(every="1d"), 3, tries) for _ in range(2))
    assert first == second
    assert episode(made(every="1d"), 4, tries) != first


class Waiting:
    """A strategy that does what an agent does who always waits."""

    heartbeat = "1d"

    def __init__(self, env: OnCall) -> None:
        self.monitors = env.monitors

    def decide(self, view: View) -> list[Action]:
        """Do nothing."""
        del view
        return []


def test_the_true_reward_is_the_loss_that_a_run_measures() -> None:
    env = made(reward="true")
    total, _ = episode(env, 3, waits)
    ledger = run(env.scenario, Waiting(env), seed=3)
    assert -total == pytest.approx(float(ledger.timeline.excess().sum()))


def test_what_labels_tell_is_what_an_observed_reward_counts() -> None:
    env = made()
    total, _ = episode(env, 3, waits)
    ledger = run(env.scenario, Waiting(env), seed=3)
    told = float(ledger.timeline.label_loss[:, 0].sum())
    assert -total <= told
    assert -total > 0.9 * told  # the last day's labels have nobody to tell


def test_what_cannot_be_done_is_refused_in_words_and_costs_a_step() -> None:
    env = made()
    env.reset(seed=1)
    roll_back = [entry.name for entry in MENU].index("roll back")
    *_, info = env.step(roll_back)
    assert "no champion before this one" in info["refused"]


def test_only_what_means_something_is_possible() -> None:
    env = made()
    env.reset(seed=1)
    now = dict(zip([entry.name for entry in MENU], env.possible(), strict=True))
    assert now["wait"]
    assert now["retrain on the last 7d"]
    assert not now["promote it"]
    assert not now["end the fallback"]


def test_figures_that_nobody_knows_yet_are_marked() -> None:
    env = made()
    observation, _ = env.reset(seed=1)
    seen = dict(zip(FIELDS, observation.tolist(), strict=True))
    assert seen["challenger's loss"] == NEVER
    assert seen["share of the year"] < 0.05


def test_another_reward_is_one_clear_line() -> None:
    with pytest.raises(Mistake, match="reward is 'regret'"):
        OnCall(catalogue()["null-burst"](), reward="regret")


def test_a_view_reads_as_words() -> None:
    env = made(render_mode="ansi", every="7d")
    env.reset(seed=1)
    for _ in range(6):
        env.step(0)
    said = env.render()
    assert said is not None
    assert "In service: v0 answers" in said
    assert np.isfinite(env._last).all()
    assert words.__doc__
