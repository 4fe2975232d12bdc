"""Dummies alarm as they say, whatever they are given."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from strategies.detectors import AtRandom, Periodic, Silent, dummies
from strategies.detectors.check import alarms, one_by_one

NOTHING = np.zeros(20_000)


def test_silent_never_alarms() -> None:
    assert alarms(Silent().start(), NOTHING) == []


def test_periodic_alarms_at_every_nth_value() -> None:
    assert alarms(Periodic(every=7_000).start(), NOTHING) == [6_999, 13_999]


def test_at_random_waits_as_long_as_chance_says() -> None:
    rate, waits = 0.01, []
    for seed in range(50):
        waits += np.diff(alarms(AtRandom(rate=rate, seed=seed).start(), NOTHING)).tolist()
    mean, error = np.mean(waits), np.std(waits) / np.sqrt(len(waits))
    assert abs(mean - 1 / rate) < 4.5 * error
    early = np.mean(np.array(waits) <= 50)
    chance = 1 - (1 - rate) ** 50
    assert abs(early - chance) < 4.5 * np.sqrt(chance * (1 - chance) / len(waits))


def test_at_random_is_a_function_of_its_seed() -> None:
    one, again, other = (alarms(AtRandom(rate=0.01, seed=s).start(), NOTHING) for s in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_rate_of_nought_or_one_is_what_it_says(rate: float) -> None:
    found = alarms(AtRandom(rate=rate, seed=1).start(), NOTHING[:50])
    assert found == list(range(50 if rate else 0))


@pytest.mark.parametrize("dummy", [Silent(), Periodic(every=13), AtRandom(rate=0.1, seed=2)])
def test_they_come_value_by_value_and_from_snapshots_alike(dummy: Periodic) -> None:
    expected = alarms(dummy.start(), NOTHING[:500])
    assert one_by_one(dummy.start(), NOTHING[:500]) == expected
    at_work = dummy.start()
    first = alarms(at_work, NOTHING[:200])
    state = at_work.snapshot()
    for again in (at_work, dummy.start()):
        again.restore(state)
        rest = [200 + place for place in alarms(again, NOTHING[200:500])]
        assert first + rest == expected


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(dummies).attempted > 0
    assert doctest.testmod(dummies).failed == 0
