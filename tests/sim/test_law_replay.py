"""Laws 6 and 7: the same year again, anywhere; a strategy remembers nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sim.source
from sim.actions import Everything, Promote, Retrain
from sim.faults import Drop
from sim.labels import LogNormal
from sim.losses import Costs
from sim.run import label, one_thread, run
from sim.setting import source_of
from sim.workshop import Fits
from sim.world import World
from tests.sim.laws.operators import Restless, ticking, watch
from tests.sim.laws.worlds import EVEN, POISSON, pages_of, world

if TYPE_CHECKING:
    from sim.scenario import Scenario

ROOT = Path(__file__).parents[2]


def year() -> Scenario:
    """Return a world with a bit of everything."""
    faults = (Drop(at="9h", columns=("x1",), share=0.5, fixed_by="data"),)
    return world(EVEN, faults=faults, delay=LogNormal(median="2h", sigma=1.0), coverage=0.9)


def operator() -> Restless:
    """Return a strategy that does all there is to do."""
    return Restless(salt=3, monitors=watch(classes=2) + ticking())


_SCRIPT = """
from tests.sim.test_law_replay import operator, year
from sim.run import run
print(run(year(), operator(), seed=11).digest())
"""


@pytest.mark.parametrize(("hash_seed", "threads"), [("1", "1"), ("4242", "2")])
def test_a_fresh_process_plays_the_same_year(hash_seed: str, threads: str) -> None:
    environment = dict(os.environ, PYTHONHASHSEED=hash_seed, PYTHONPATH=str(ROOT))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = threads
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() == run(year(), operator(), seed=11).digest()


def test_runs_before_it_in_the_same_process_change_nothing() -> None:
    first = run(year(), operator(), seed=11).digest()
    run(world(POISSON), operator(), seed=12)
    run(year(), Restless(salt=9), seed=11)
    assert run(year(), operator(), seed=11).digest() == first


def test_sharing_a_source_and_fits_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = year()
    with pages_of(300):
        alone = [run(scenario, Restless(salt=s), seed=11).digest() for s in range(4)]
        source, fits = source_of(scenario, 11), Fits()
        for _ in range(2):
            for salt, digest in enumerate(alone):
                ledger = run(scenario, Restless(salt=salt), seed=11, source=source, fits=fits)
                assert ledger.digest() == digest
        monkeypatch.setattr(sim.source, "_KEPT_BYTES", 0)
        assert run(scenario, Restless(salt=2), seed=11).digest() == alone[2]


def test_shared_fits_are_used_and_are_shared_by_equal_trainings_alone() -> None:
    fits = Fits()
    scenario = year()
    other = replace(scenario, training=replace(scenario.training, holdout=0.5))
    for played in (scenario, other):
        run(played, Restless(salt=1), seed=11, fits=fits)
    known = len(fits._known)
    for played in (scenario, other):
        run(played, Restless(salt=1), seed=11, fits=fits)
    assert len(fits._known) == known > 2
    changed = replace(scenario, loss=Costs(false_positive=2.0))
    with_fits = run(changed, Restless(salt=1), seed=11, fits=fits)
    assert with_fits.digest() == run(changed, Restless(salt=1), seed=11).digest()


def test_keeping_outcomes_and_telling_progress_change_nothing() -> None:
    told: list[float] = []
    ledger = run(year(), operator(), seed=11, outcomes=True, progress=told.append)
    assert ledger.digest() == run(year(), operator(), seed=11).digest()


# -- law 7 -----------------------------------------------------------------------------------


def test_one_instance_serves_interleaved_seeds() -> None:
    """Two years of one strategy object, a decision of the one and a decision of the other."""
    strategy, scenario = operator(), year()
    alone = {seed: run(scenario, operator(), seed=seed).digest() for seed in (1, 2)}
    with one_thread():
        worlds = {s: World(scenario, seed=s, monitors=strategy.monitors) for s in alone}
        running = set(worlds)
        while running:
            for seed in sorted(running):
                view = worlds[seed].advance()
                if view is None:
                    running.discard(seed)
                else:
                    worlds[seed].act(strategy.decide(view))
    for seed, played in worlds.items():
        fingerprint = run(scenario, operator(), seed=seed).fingerprint
        assert played.ledger(label(strategy), fingerprint).digest() == alone[seed]


def test_another_strategy_can_be_asked_what_it_would_have_done() -> None:
    """Asking costs nothing: the year goes on as if nobody had asked."""
    strategy, adviser, scenario = operator(), Restless(salt=77), year()
    with one_thread():
        played = World(scenario, seed=5, monitors=strategy.monitors)
        while (view := played.advance()) is not None:
            list(adviser.decide(view))
            played.act(strategy.decide(view))
            list(adviser.decide(view))
    expected = run(scenario, operator(), seed=5)
    assert played.ledger(label(strategy), expected.fingerprint).digest() == expected.digest()


# -- law 9 -----------------------------------------------------------------------------------


def test_a_person_who_acts_by_hand_lives_the_year_of_a_strategy_that_decides_alike() -> None:
    """A person answers one action at a time, looks at the view as often as they like."""
    strategy, scenario = operator(), year()
    with one_thread():
        played = World(scenario, seed=7, monitors=strategy.monitors)
        while (view := played.advance()) is not None:
            assert view.ticks("1d").count.shape[1] == 4
            repr((view.history, view.versions, view.jobs, view.weekday, view.in_office))
            for action in list(strategy.decide(view)):
                played.do(action)
    expected = run(scenario, strategy, seed=7)
    assert not expected.stopped
    assert played.ledger(label(strategy), expected.fingerprint).digest() == expected.digest()


def test_an_action_that_is_refused_leaves_no_trace() -> None:
    """A person at a page tries the impossible and goes on."""
    scenario = year()
    ledgers = []
    for clumsy in (False, True):
        with one_thread():
            played = World(scenario, seed=7, monitors=operator().monitors)
            while (view := played.advance()) is not None:
                if clumsy:
                    for action in (
                        Promote("v99"),
                        Promote(view.route.champion + "x"),
                        Retrain(window=-3),
                        Retrain(window="soon"),
                    ):
                        with pytest.raises(ValueError, match="is "):
                            played.do(action)
                if view.reason == "heartbeat" and not view.jobs and len(view.versions) < 5:
                    played.do(Retrain(window=Everything(), why="time"))
                elif view.candidate:
                    played.do(Promote(view.candidate, why="ready"))
        ledgers.append(played.ledger("a person", {}))
    assert ledgers[0].digest() == ledgers[1].digest()
