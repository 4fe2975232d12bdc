"""What mends without a training: a threshold, a calibration, data collected again."""

from __future__ import annotations

import re
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import SGDClassifier
from sklearn.naive_bayes import GaussianNB

from sim.actions import (
    Acknowledge,
    Action,
    Investigate,
    PageOwner,
    Rebuild,
    Recalibrate,
    Refresh,
    Retrain,
    SetThreshold,
)
from sim.artifacts import Learned
from sim.clock import DAY_US, us
from sim.concepts import Linear, LinearRegression
from sim.drift import ConceptDrift, CovariateShift, PriorShift
from sim.facts import Built, Rebuilt, Refreshed, Routed, TrainingFailed
from sim.faults import (
    Drop,
    ForgottenSeed,
    Recollected,
    SplitShift,
    Upgrade,
)
from sim.labels import Constant, Labels
from sim.people import People
from sim.run import run
from sim.scenario import Training
from sim.stream import Stream
from sim.traffic import Traffic
from tests.sim.by_hand import DEAR, Plan, Script, excess, lineage, played, scenario

# -- thresholds and calibrations -----------------------------------------------------------------


def test_a_threshold_mends_in_minutes_what_another_price_has_spoilt() -> None:
    left = played({}, DEAR)
    mended = played({10: (SetThreshold(window="3d"),)}, DEAR)
    assert excess(mended, 11, 21) < 0.1 * excess(left, 11, 21)
    first, second = mended.of(Routed)
    assert (first.champion, second.champion) == ("v0", "v1")
    minutes = (second.at_us - 10 * DAY_US) / 60e6
    assert minutes == pytest.approx(10 + 2)  # adjusting, and a configuration of what is loaded


def test_a_retraining_that_knows_nothing_of_prices_does_not_mend_it() -> None:
    left, rebuilt = played({}, DEAR), played({10: (Retrain("5d"),)}, DEAR)
    assert excess(rebuilt, 14, 21) == pytest.approx(excess(left, 14, 21), rel=0.2)


def test_the_threshold_of_a_known_price_is_the_break_even_chance() -> None:
    known = played({10: (SetThreshold(value=0.1),)}, DEAR)
    assert excess(known, 11, 21) < 0.03
    assert lineage(known, "training run", "v1")["adjusted"] == "1 above a chance of 0.1"


def test_a_calibration_finds_by_how_much_the_odds_have_moved() -> None:
    moved = PriorShift(at="7d", to=0.7)
    ledger = played({14: (Recalibrate(window="6d"),)}, drifts=(moved,))
    said = lineage(ledger, "training run", "v1")["adjusted"]
    slope, constant = (float(n) for n in re.findall(r"= (\S+) × level \+ (\S+);", said)[0])
    # by theory the log odds of every record have moved by as much as those of the classes
    shift = log(0.7 / 0.3) - log(0.3 / 0.7)
    # the standard errors of slope and constant are about 1/√(n·w·var) with n·w·var = 14,000·0.1·4
    assert slope == pytest.approx(1.0, abs=4.5 / sqrt(5_600) + 0.1)  # 0.1: v0 is a fit as well
    assert constant == pytest.approx(shift, abs=4.5 * 2 / sqrt(1_400) + 0.1)
    assert excess(ledger, 15, 21) < 0.2 * excess(played({}, drifts=(moved,)), 15, 21)


def test_neither_mends_a_rule_that_has_turned() -> None:
    concept = Linear(columns=4)
    turned = ConceptDrift(at="7d", to=Linear(columns=4, angle=90.0))
    stream = Stream(concept=concept, traffic=Traffic(rate="100/h"), drifts=(turned,))
    left = excess(played({}, stream=stream), 15, 21)
    for action in (SetThreshold(window="6d"), Recalibrate(window="6d")):
        assert excess(played({14: (action,)}, stream=stream), 15, 21) > 0.9 * left
    rebuilt = played({14: (Retrain("6d"),)}, stream=stream)
    assert excess(rebuilt, 18, 21) < 0.2 * left


def test_both_are_versions_with_a_parent_and_a_lineage_of_their_own() -> None:
    ledger = played({8: (Recalibrate(window="5d"),), 10: (SetThreshold(window="5d"),)}, DEAR)
    _, calibrated, cut = ledger.of(Built)
    assert (calibrated.made, calibrated.parent) == ("calibration", "v0")
    assert (cut.made, cut.parent, cut.cost) == ("threshold", "v1", 0.0)
    assert len({b.digest for b in ledger.of(Built)}) == 3
    run_of = lineage(ledger, "training run", "v2")
    assert (run_of["parent"], run_of["made by"]) == ("v1", "threshold")
    assert "level = " in run_of["adjusted"]  # the calibration before it is kept
    assert lineage(ledger, "dataset snapshot", "v2")["window"] == "the last 5d"


def test_what_is_asked_of_scores_that_have_no_such_knob_is_refused() -> None:
    numbers = Stream(concept=LinearRegression(columns=3), traffic=Traffic(rate="50/h"))
    from sklearn.linear_model import LinearRegression as Line

    artifact = Learned(estimator=Line())
    refused = run(
        scenario(stream=numbers, artifact=artifact), Script(plan={9: (SetThreshold(),)}), seed=1
    )
    assert "v0 has no threshold that could be changed" in refused.stopped
    fine = played({9: (Recalibrate(),)}, stream=numbers, artifact=artifact)
    assert fine.of(Built)[-1].made == "calibration"
    hinge = Learned(estimator=SGDClassifier(random_state=0))
    refused = run(scenario(artifact=hinge), Script(plan={9: (SetThreshold(value=0.3),)}), seed=1)
    assert "v0 gives no chances; leave it out" in refused.stopped
    assert played({9: (SetThreshold(),)}, artifact=hinge).of(Built)[-1].made == "threshold"


def test_models_of_chances_are_calibrated_as_lines_are() -> None:
    """Naive Bayes knows these classes, so its scores need the same shift of their log odds."""
    moved = PriorShift(at="7d", to=0.7)
    bayes = Learned(estimator=GaussianNB())
    ledger = played({14: (Recalibrate(window="6d"),)}, drifts=(moved,), artifact=bayes)
    left = played({}, drifts=(moved,), artifact=bayes)
    assert excess(ledger, 15, 21) < 0.2 * excess(left, 15, 21)


def test_a_window_without_labels_adjusts_nothing_and_says_so() -> None:
    late = Labels(delay=Constant(delay="30d"))
    ledger = played({9: (Recalibrate(window="5d"),)}, labels=late)
    assert ledger.of(TrainingFailed)[0].why == "calibration: no labelled record in the window"


# -- the data ------------------------------------------------------------------------------------

BROKEN = Drop(at="2d", columns=("x0",), fixed_by="data")


def test_a_refresh_brings_in_what_was_mended_and_trainings_learn_it() -> None:
    ledger = played(
        {3: (Refresh(),), 6: (PageOwner("data"),), 8: (Refresh(),), 10: (Refresh(),)},
        BROKEN,
        people=People(office=False, sigma=0.0),
    )
    assert [fact.text for fact in ledger.of(Refreshed)] == [
        "no change",  # it is still broken
        "otherwise than before: x0",
        "no change",
    ]


def test_a_snapshot_after_a_refresh_holds_what_the_broken_records_should_have_held() -> None:
    plan: Plan = {6: (PageOwner("data"),), 12: (Retrain("10d"),)}
    people = People(office=False, sigma=0.0)
    fresh: Plan = {**plan, 8: (Refresh(),)}
    ledgers = [
        played(plan, BROKEN, people=people),
        played(fresh, BROKEN, people=people),
        played(plan, people=people),
    ]
    stale, mended, calm = (lineage(x, "training run", "v1") for x in ledgers)
    key = "better than the naive answer by"
    assert mended[key] == calm[key]  # the very records of a world in which nothing broke
    assert stale[key] != calm[key]


def test_data_is_collected_again_in_working_hours_and_takes_its_time() -> None:
    ledger = played({5: (Refresh(),)})  # a Saturday
    done = ledger.of(Refreshed)[0]
    assert done.at_us == 7 * DAY_US + us("9h") + us("8h")


# -- the same again ------------------------------------------------------------------------------

SHALLOW = Learned(estimator=SGDClassifier(max_iter=20, tol=None, random_state=0))
QUICK = Training(fixed="3h", cost=100.0)
UNSOUND = [
    (ForgottenSeed(at="1d"), "are answered otherwise"),
    (Upgrade(at="1d", defaults=(("alpha", 3.0),)), "are answered otherwise"),
    (Recollected(at="1d", column="x0", low=0.0), "collected again"),
    (SplitShift(at="1d", overlap=0.5), "it claims"),
]


def rebuilt(*faults: Any, **more: Any) -> Rebuilt:
    plan: Plan = {4: (Retrain("10d"),), 6: (Rebuild("v1"),)}
    given = {"artifact": SHALLOW, "training": QUICK, **more}
    return played(plan, *faults, lets_out=False, **given).of(Rebuilt)[0]


def test_a_sound_training_comes_out_the_same_again() -> None:
    again = rebuilt()
    assert (again.same, again.differs, again.cost) == (True, 0.0, 100.0)
    assert again.records > 1_000
    assert again.at_us == 6 * DAY_US + us("3h")


@pytest.mark.parametrize(("fault", "said"), UNSOUND, ids=[f.kind for f, _ in UNSOUND])
def test_what_throws_no_error_shows_when_it_is_built_again(fault: Any, said: str) -> None:
    again = rebuilt(fault)
    assert not again.same
    assert said in again.why


def test_what_is_broken_both_times_does_not_show() -> None:
    assert rebuilt(BROKEN).same
    assert rebuilt(drifts=(CovariateShift(at="2d", shift=2.0),)).same


def test_labels_that_came_since_do_not_count_when_it_is_built_again() -> None:
    assert rebuilt(labels=Labels(delay=Constant(delay="3d"), coverage=0.7)).same


def test_a_warm_start_is_built_again_from_where_it_began() -> None:
    plan: Plan = {4: (Retrain("10d", warm=True),), 9: (Rebuild("v1"),)}
    ledger = played(plan, artifact=SHALLOW, training=QUICK)
    assert ledger.of(Rebuilt)[0].same


def test_only_what_was_trained_can_be_built_again() -> None:
    script = Script(plan={5: (Rebuild("v0"),)})
    assert "only trained versions" in run(scenario(), script, seed=1).stopped


# -- the law of luck -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [SetThreshold(), Recalibrate(), Refresh(), Investigate(), Acknowledge("somebody")],
    ids=lambda action: action.verb,
)
def test_none_of_them_changes_what_comes_or_what_labels_say(action: Action) -> None:
    calm = played({}, DEAR)
    acted = played({9: (action,)}, DEAR, lets_out=False)
    for name in ("count", "ideal", "labels"):
        assert np.array_equal(getattr(calm.timeline, name), getattr(acted.timeline, name)), name
    assert calm.labels == acted.labels


def test_blocks_are_invisible_to_them() -> None:
    plan: Plan = {
        4: (Retrain("10d"),),
        9: (SetThreshold(), Investigate(), Refresh()),
        10: (Recalibrate(),),
        12: (Rebuild("v1"),),
    }
    digests = {
        run(scenario(DEAR, BROKEN), Script(plan=plan), seed=3, block=block).digest()
        for block in (None, 7, 500)
    }
    assert len(digests) == 1
