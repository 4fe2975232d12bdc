"""Faults of trainings: they break, they flatter, and they leave a trace for whoever reads it."""

import json
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, SGDClassifier

from sim.artifacts import Learned
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.errors import Mistake
from sim.facts import Built, Lineage, TrainingBegun, TrainingFailed
from sim.faults import (
    Fault,
    ForgottenSeed,
    Recollected,
    SplitShift,
    TrainingTrouble,
    Upgrade,
)
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic
from strategies import presets
from tests.sim.laws.worlds import POISSON, pages_of, world

WEEKLY = presets.scheduled(every="7d", window="14d")
DAILY = presets.scheduled(every="1d", window="5d")


def year(*faults: Fault, estimator: Any = None, **rest: Any) -> Scenario:
    given: dict[str, Any] = {"training": Training(fixed="2h"), "horizon": "8w"} | rest
    return Scenario(
        name="trainings",
        stream=Stream(concept=Linear(columns=4, noise=0.05), traffic=Traffic(rate="30/h")),
        labels=Labels(delay=Constant(delay="6h")),
        artifact=Learned(estimator=estimator),
        faults=faults,
        **given,
    )


def content(ledger: Ledger, stage: str, version: str) -> dict[str, Any]:
    links = [x for x in ledger.of(Lineage) if x.stage == stage and x.version == version]
    found: dict[str, Any] = json.loads(links[-1].content)
    return found


def test_trainings_crash_and_take_longer_while_it_acts() -> None:
    trouble = TrainingTrouble(at="2w", until="6w", failure=0.5, times=3.0)
    ledger = run(year(trouble), DAILY, seed=1)
    begun = {job.job: job for job in ledger.of(TrainingBegun)}
    hit = {n for n, job in begun.items() if 14 <= job.at_us / 86.4e9 < 42}
    for number, job in begun.items():
        lasts_h = (job.ends_us - job.at_us) / 3.6e9
        assert lasts_h == (6.0 if number in hit else 2.0)
    failed = {job.job for job in ledger.of(TrainingFailed)}
    assert failed <= hit
    assert abs(len(failed) - 0.5 * len(hit)) < 4.5 * sqrt(0.25 * len(hit))


def test_an_upgrade_changes_a_default_and_says_so_in_the_lineage_alone() -> None:
    upgrade = Upgrade(at="3w", defaults=(("C", 1e-5),))
    mine = run(year(upgrade), WEEKLY, seed=1)
    calm = run(year(), WEEKLY, seed=1)
    claims = [[built.claim for built in ledger.of(Built)] for ledger in (mine, calm)]
    assert claims[0][:3] == claims[1][:3]
    assert claims[0][-1] > claims[1][-1] + 0.05  # the worse default is worse
    last = mine.of(Built)[-1].version
    assert any("not pinned" in str(v) for v in content(mine, "training run", last).values())
    first = content(mine, "training run", "v1")
    assert not any("not pinned" in str(v) for v in first.values())


def test_an_upgrade_is_what_fitting_with_that_parameter_gives() -> None:
    upgraded = run(year(Upgrade(at="0s", defaults=(("C", 0.01),))), WEEKLY, seed=2)
    given = run(year(estimator=LogisticRegression(C=0.01)), WEEKLY, seed=2)
    assert [b.claim for b in upgraded.of(Built)][1:] == [b.claim for b in given.of(Built)][1:]


def test_a_data_set_that_is_collected_again_lacks_some_records_old_ones_too() -> None:
    again = Recollected(at="4w", column="x0", high=0.0)
    mine, calm = (run(s, WEEKLY, seed=1) for s in (year(again), year()))
    rows = [[job.rows for job in ledger.of(TrainingBegun)] for ledger in (mine, calm)]
    assert rows[0][:3] == rows[1][:3]
    share = rows[0][4] / rows[1][4]
    assert abs(share - 0.5) < 4.5 * sqrt(0.25 / rows[1][4])


def test_without_a_seed_equal_snapshots_give_unequal_versions() -> None:
    estimator = SGDClassifier(max_iter=3, tol=None)
    plain = run(year(estimator=estimator), WEEKLY, seed=1)
    forgotten = run(year(ForgottenSeed(at="0s"), estimator=estimator), WEEKLY, seed=1)
    assert content(forgotten, "training run", "v2")["random state"] == "not recorded"
    pairs = zip(plain.of(Built)[1:], forgotten.of(Built)[1:], strict=True)
    assert any(one.claim != other.claim for one, other in pairs)
    again = run(year(ForgottenSeed(at="0s"), estimator=estimator), WEEKLY, seed=1)
    assert again.digest() == forgotten.digest()  # the year can be replayed all the same


def test_a_random_split_hides_a_drift_from_the_claim() -> None:
    drift = ConceptDrift(at="17d", to=Linear(columns=4, rule="other", noise=0.05))
    honest = year()
    honest = replace(honest, stream=replace(honest.stream, drifts=(drift,)))
    shifted = replace(honest, faults=(SplitShift(at="0s"),))
    wide = presets.scheduled(every="21d", window="25d")
    claims = [run(s, wide, seed=1).of(Built)[1].claim for s in (honest, shifted)]
    assert claims[1] < claims[0] - 0.05


def test_records_that_are_fitted_as_well_flatter_the_claim() -> None:
    from sklearn.neighbors import KNeighborsClassifier

    estimator = KNeighborsClassifier(n_neighbors=1)
    claims = []
    for overlap in (0.0, 1.0):
        faults = (SplitShift(at="0s", overlap=overlap),)
        ledger = run(year(*faults, estimator=estimator, horizon="3w"), WEEKLY, seed=1)
        claims.append(ledger.of(Built)[1].claim)
    assert claims[0] > 0.08
    assert claims[1] == 0.0


FAULTS = [
    TrainingTrouble(at="2h", failure=0.5, times=1.5),
    Upgrade(at="2h", defaults=(("C", 0.01),)),
    Recollected(at="2h", column="x0", low=-0.5),
    ForgottenSeed(at="2h"),
    SplitShift(at="2h", overlap=0.3),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_blocks_are_invisible_to_trainings(fault: Fault) -> None:
    scenario = world(POISSON, faults=(fault,))
    strategy = presets.scheduled(every="1h", window="4h")
    with pages_of(150):
        whole = run(scenario, strategy, seed=3).digest()
        assert run(scenario, strategy, seed=3, block=7).digest() == whole
        assert run(scenario.calm(), strategy, seed=3).digest() != whole


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_a_share_of_the_trainings_can_be_hit(fault: Fault) -> None:
    scenario = year(replace(fault, at="0s", share=0.0), horizon="4w")
    mine, calm = (run(s, WEEKLY, seed=3) for s in (scenario, scenario.calm()))
    assert np.array_equal(mine.timeline.loss, calm.timeline.loss)


def test_what_is_wrong_with_a_fault_is_said_in_one_line() -> None:
    with pytest.raises(Mistake, match=r"give pairs, as in \(\('C', 0.0001\),\)"):
        Upgrade(at="1d", defaults=())
    with pytest.raises(Mistake, match="it must lie below high"):
        Recollected(at="1d", column="x0", low=2.0, high=1.0)
    with pytest.raises(Mistake, match="before or after it"):
        ForgottenSeed(at="1d", width="2d")
    with pytest.raises(Mistake, match="known are"):
        year(Upgrade(at="50w", defaults=(("depth", 3),)))
