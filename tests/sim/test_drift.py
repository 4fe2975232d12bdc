"""Drift: each kind moves what it names, in its shape, when it should, and nothing else."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import SEA, Concept, GaussianClasses, Linear, LinearRegression, Moving
from sim.drift import ConceptDrift, CovariateShift, Drift, PriorShift
from sim.errors import Mistake
from sim.faults import Fault
from sim.labels import Labels
from sim.losses import Squared, ZeroOne
from sim.source import Source
from sim.stream import Season, Stream
from sim.traffic import Traffic

LIMIT = 4.5
DAYS = 40
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RULES: list[Any] = [Linear, GaussianClasses]


class Year:
    """All that a stream drew from day 0 to day `DAYS`."""

    def __init__(self, stream: Stream, *, seed: int = 3, faults: tuple[Fault, ...] = ()) -> None:
        loss = ZeroOne() if stream.concept.classes else Squared()
        source = Source(
            stream=stream, faults=faults, labels=Labels(), loss=loss, seed=seed, tick_us=HOUR_US
        )
        last = source.grid.page_at(DAYS * DAY_US)
        pages = [source.page(number, {}) for number in range(last + 1)]
        self.times_us: Ints = np.concatenate([page.truth.times_us for page in pages])
        self.x: Floats = np.concatenate([page.truth.x for page in pages])
        self.y: Floats = np.concatenate([page.truth.y for page in pages])
        self.best: Floats = np.concatenate([page.truth.best for page in pages])
        self.ideal: Floats = np.concatenate([page.ideal for page in pages])
        keep = self.times_us < DAYS * DAY_US
        for name, array in vars(self).items():
            setattr(self, name, array[keep])

    def when(self, start: str, stop: str) -> NDArray[np.bool_]:
        return (self.times_us >= us(start)) & (self.times_us < us(stop))


def stream(concept: Concept, *drifts: Drift, per: str = "200/h") -> Stream:
    return Stream(concept=concept, traffic=Traffic(rate=per, arrivals="even"), drifts=drifts)


def differs(a: Floats, b: Floats) -> float:
    """Return how many standard errors apart two means are."""
    return float(abs(a.mean() - b.mean()) / sqrt(a.var() / len(a) + b.var() / len(b) + 1e-12))


def share_agrees(hits: NDArray[np.bool_], share: float) -> bool:
    error = sqrt(max(share * (1 - share), 1e-9) / len(hits))
    return bool(abs(hits.mean() - share) < LIMIT * error)


def new_rule(year: Year, old: Linear, new: Linear) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where the two rules differ, and where there the new one spoke."""
    a, b = old.score(year.x) > 0, new.score(year.x) > 0
    return a != b, (year.y > 0) == b


def test_before_the_onset_nothing_differs_from_the_calm_world() -> None:
    late: dict[str, Any] = {"at": "20d", "width": "5d", "shape": "gradual"}
    drifts = (
        CovariateShift(**late),
        PriorShift(**late, to=0.9),
        ConceptDrift(**late, to=Linear(rule="other")),
    )
    calm, year = Year(stream(Linear())), Year(stream(Linear(), *drifts))
    before = year.times_us < us("20d")
    assert np.array_equal(calm.ideal[before], year.ideal[before])
    for name in ("x", "y", "best"):
        assert np.array_equal(getattr(calm, name)[before], getattr(year, name)[before])
        assert not np.array_equal(getattr(calm, name), getattr(year, name))


def test_an_abrupt_drift_is_there_at_once() -> None:
    old, new = Linear(noise=0.0), Linear(rule="other", noise=0.0)
    year = Year(stream(old, ConceptDrift(at="20d", to=new)))
    assert np.array_equal(year.best, year.y)
    first = year.times_us >= us("20d")
    assert ((old.score(year.x) > 0) == (year.y > 0))[~first].all()
    assert ((new.score(year.x) > 0) == (year.y > 0))[first].all()


def test_a_gradual_drift_mixes_the_rules_record_by_record() -> None:
    old, new = Linear(noise=0.0), Linear(rule="other", noise=0.0)
    drift = ConceptDrift(at="10d", width="20d", shape="gradual", to=new)
    year = Year(stream(old, drift))
    told, by_new = new_rule(year, old, new)
    for day in range(0, DAYS, 2):
        rows = told & year.when(f"{day}d", f"{day + 2}d")
        assert share_agrees(by_new[rows], min(max((day + 1 - 10) / 20, 0.0), 1.0))
    assert np.array_equal(year.best, year.y)


def test_an_incremental_drift_moves_one_rule_from_here_to_there() -> None:
    old, new = Linear(noise=0.0), Linear(rule="other", noise=0.0)
    drift = ConceptDrift(at="10d", width="20d", shape="incremental", to=new)
    year = Year(stream(old, drift))
    part = np.clip((year.times_us - us("10d")) / us("20d"), 0, 1)
    between = (1 - part) * old.score(year.x) + part * new.score(year.x)
    assert np.array_equal(year.y, (between > 0).astype(float))


def test_a_sea_whose_threshold_moves_incrementally_has_each_threshold_between() -> None:
    drift = ConceptDrift(at="0d", width="40d", shape="incremental", to=SEA(threshold=9, noise=0))
    year = Year(stream(SEA(threshold=8, noise=0), drift))
    threshold = 8 + year.times_us / us("40d")
    clear = abs(year.x[:, 0] + year.x[:, 1] - threshold) > 1e-9
    assert np.array_equal(year.y[clear], (year.x[:, 0] + year.x[:, 1] > threshold)[clear] * 1.0)


def test_noise_can_drift_and_the_ideal_follows() -> None:
    drift = ConceptDrift(at="20d", to=Linear(noise=0.3))
    year = Year(stream(Linear(noise=0.1), drift))
    assert share_agrees(year.ideal[year.when("0d", "20d")] > 0, 0.1)
    assert share_agrees(year.ideal[year.when("20d", "40d")] > 0, 0.3)


def test_what_is_undone_is_undone() -> None:
    old = Linear(noise=0.1)
    drifts = (
        CovariateShift(at="10d", until="20d", shift=2.0),
        ConceptDrift(at="12d", until="20d", to=Linear(rule="other")),
        PriorShift(at="14d", until="20d", to=0.9),
    )
    calm, year = Year(stream(old)), Year(stream(old, *drifts))
    after = year.times_us >= us("20d")
    for name in ("x", "y", "best"):
        assert np.array_equal(getattr(calm, name)[after], getattr(year, name)[after])
    assert year.x[year.when("10d", "14d")].mean() == pytest.approx(2.0, abs=0.05)


def test_a_covariate_shift_moves_its_columns_and_no_others() -> None:
    drift = CovariateShift(at="20d", columns=("x1", "x3"), shift=1.5, scale=2.0)
    calm, year = Year(stream(Linear())), Year(stream(Linear(), drift))
    rows = year.when("20d", "40d")
    for i in range(10):
        expected = calm.x[rows, i] * 2.0 + 1.5 if i in (1, 3) else calm.x[rows, i]
        assert np.allclose(year.x[rows, i], expected)


def test_an_incremental_covariate_shift_moves_everybody_a_little() -> None:
    drift = CovariateShift(at="0d", width="40d", shape="incremental", shift=2.0)
    calm, year = Year(stream(Linear())), Year(stream(Linear(), drift))
    part = (year.times_us / us("40d"))[:, None]
    assert np.allclose(year.x, calm.x + 2.0 * part)


def test_a_gradual_covariate_shift_moves_some_in_full() -> None:
    drift = CovariateShift(at="0d", width="40d", shape="gradual", shift=2.0)
    calm, year = Year(stream(Linear())), Year(stream(Linear(), drift))
    moved = year.x - calm.x
    assert set(np.round(moved, 9).ravel().tolist()) == {0.0, 2.0}
    rows = year.when("10d", "12d")
    assert share_agrees(moved[rows, 0] > 1, 11 / 40)


def test_a_covariate_shift_leaves_how_y_follows_from_x() -> None:
    """Linear: the rule is the same line. Gaussian: so is the chance of class 1 given x."""
    line = Linear(noise=0.1)
    year = Year(stream(line, CovariateShift(at="20d", shift=0.8, scale=1.3)))
    rows = year.when("20d", "40d")
    assert share_agrees((year.y > 0)[rows] != (line.score(year.x) > 0)[rows], 0.1)

    gauss = GaussianClasses(columns=3, distance=1.5)
    year = Year(stream(gauss, CovariateShift(at="20d", columns=("x0",), shift=1.0, scale=0.7)))
    rows = year.when("20d", "40d")
    chance = 1 / (1 + np.exp(-2 * year.x[rows] @ gauss.step))
    for low in np.arange(0, 1, 0.1):
        within = (chance >= low) & (chance < low + 0.1)
        gap = year.y[rows][within] - chance[within]
        assert abs(gap.mean()) < LIMIT * gap.std() / sqrt(within.sum())
    fit = LogisticRegression(C=1e6).fit(year.x[rows], year.y[rows])
    assert fit.coef_[0] == pytest.approx(2 * gauss.step, abs=LIMIT * 0.02)
    assert np.array_equal(year.best[rows], (chance > 0.5).astype(float))


@pytest.mark.parametrize("shape", ["abrupt", "gradual", "incremental"])
@pytest.mark.parametrize("make", RULES)
def test_a_prior_shift_reaches_its_target_and_no_class_changes_its_looks(
    make: Any, shape: str
) -> None:
    concept: Concept = make(columns=3, noise=0.0)
    width = "0s" if shape == "abrupt" else "10d"
    drift = PriorShift(at="10d", width=width, shape=shape, to=0.8)
    calm, year = Year(stream(concept)), Year(stream(concept, drift))
    assert share_agrees(year.y[year.when("0d", "10d")] > 0, 0.5)
    assert share_agrees(year.y[year.when("20d", "40d")] > 0, 0.8)
    if shape != "abrupt":
        assert share_agrees(year.y[year.when("14d", "16d")] > 0, 0.65)
    for label in (0.0, 1.0):
        new = year.when("20d", "40d") & (year.y == label)
        for i in range(3):
            for power in (1, 2):
                assert differs(year.x[new, i] ** power, calm.x[calm.y == label, i] ** power) < LIMIT


def test_noise_comes_after_a_prior_and_dilutes_it() -> None:
    """The class whose share is set is the clean one; a tenth of the outcomes is flipped after."""
    year = Year(stream(Linear(noise=0.1), PriorShift(at="10d", to=0.8)))
    rows = year.when("10d", "40d")
    assert share_agrees(year.best[rows] > 0, 0.8)
    assert share_agrees(year.y[rows] > 0, 0.8 * 0.9 + 0.2 * 0.1)


def test_the_bayes_rule_of_gaussian_classes_knows_the_new_prior() -> None:
    from statistics import NormalDist

    phi, distance, prior = NormalDist().cdf, 1.5, 0.85
    concept = GaussianClasses(distance=distance)
    year = Year(stream(concept, PriorShift(at="10d", to=prior)))
    shift = np.log(prior / (1 - prior)) / distance
    expected = prior * phi(-distance / 2 - shift) + (1 - prior) * phi(-distance / 2 + shift)
    assert share_agrees(year.ideal[year.when("10d", "40d")] > 0, expected)


def test_all_three_kinds_act_at_once_and_each_as_if_alone() -> None:
    old, new = Linear(noise=0.0), Linear(rule="other", noise=0.0)
    drifts = (
        CovariateShift(at="10d", columns=("x0",), shift=0.5),
        PriorShift(at="10d", to=0.7),
        ConceptDrift(at="10d", to=new),
    )
    year = Year(stream(old, *drifts))
    rows = year.when("10d", "40d")
    assert np.array_equal(year.y[rows] > 0, new.score(year.x[rows]) > 0)
    assert share_agrees(year.y[rows] > 0, 0.7)


def test_a_later_rule_follows_an_earlier_one() -> None:
    rules = [Linear(rule=name, noise=0.0) for name in "abc"]
    drifts = (ConceptDrift(at="10d", name="1", to=rules[1]), ConceptDrift(at="20d", to=rules[2]))
    year = Year(stream(rules[0], *drifts))
    for rule, start, stop in zip(rules, (0, 10, 20), (10, 20, 40), strict=True):
        rows = year.when(f"{start}d", f"{stop}d")
        assert np.array_equal(year.y[rows] > 0, rule.score(year.x[rows]) > 0)


def test_a_season_swings_the_noise_and_is_no_incident() -> None:
    season = Season(amplitude=0.08, period="40d", peak="10d")
    base = stream(Linear(noise=0.1))
    year = Year(Stream(concept=base.concept, traffic=base.traffic, season=season))
    for day in (0, 10, 20, 30):
        rows = year.when(f"{day}d", f"{day + 1}d")
        mean = 0.1 + 0.08 * np.cos(2 * np.pi * (day + 0.5 - 10) / 40)
        assert share_agrees(year.ideal[rows] > 0, mean)
    assert share_agrees(year.ideal > 0, 0.1)
    assert Stream(concept=base.concept, season=season).calm().season == season


# -- severity ------------------------------------------------------------------------------------


def test_a_turned_line_is_as_severe_as_its_angle() -> None:
    for angle in (10.0, 45.0, 90.0, 180.0):
        drift = ConceptDrift(at="1d", to=Linear(angle=angle))
        found = stream(Linear(), drift).severity(drift)
        assert abs(found - angle / 180) < LIMIT * sqrt(0.25 / 4_000)


def test_the_severity_of_a_covariate_shift_counts_deviations() -> None:
    drift = CovariateShift(at="1d", shift=-1.5)
    assert stream(Linear(), drift).severity(drift) == pytest.approx(1.5, rel=0.03)
    uniform = stream(SEA(), drift).severity(drift)
    assert uniform == pytest.approx(1.5 / (10 / sqrt(12)), rel=0.03)
    wider = CovariateShift(at="1d", shift=0.0, scale=2.0, columns=("x0",))
    moved, stretched = 5 / (10 / sqrt(12)), 1.0
    assert stream(SEA(), wider).severity(wider) == pytest.approx(moved + stretched, rel=0.03)


@pytest.mark.parametrize("prior", [0.5, 0.2])
def test_the_severity_of_a_prior_shift_is_the_change_of_the_share(prior: float) -> None:
    drift = PriorShift(at="1d", to=0.9)
    found = stream(GaussianClasses(distance=1.0, prior=prior), drift).severity(drift)
    assert abs(found - (0.9 - prior)) < LIMIT * sqrt(0.25 / 4_000)


def test_the_severity_of_a_new_gaussian_rule_is_the_share_of_records_it_decides_anew() -> None:
    old, new = GaussianClasses(distance=4.0), GaussianClasses(distance=4.0, rule="other")
    drift = ConceptDrift(at="20d", to=new)
    year = Year(stream(old, drift))
    rows = year.when("20d", "40d")
    anew = ((year.x @ old.step > 0) != (year.best > 0))[rows].mean()
    assert stream(old, drift).severity(drift) == pytest.approx(anew, abs=0.05)


def test_the_severity_of_a_new_regression_is_the_mean_change_of_the_answer() -> None:
    drift = ConceptDrift(at="1d", to=LinearRegression(slope=3.0))
    found = stream(LinearRegression(slope=1.0), drift).severity(drift)
    assert found == pytest.approx(2 * sqrt(2 / np.pi), abs=LIMIT * 2 / sqrt(4_000))


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: ConceptDrift(at="1d", shape="sudden", to=Linear()), "concept.shape is 'sudden'"),
        (lambda: ConceptDrift(at="1d", width="2d", to=Linear()), "concept.width is '2d'"),
        (lambda: ConceptDrift(at="1d", shape="gradual", to=Linear()), "concept.width is '0s'"),
        (lambda: PriorShift(at="1d", to=1.2), "prior.to is 1.2"),
        (lambda: CovariateShift(at="soon"), "covariate.at is 'soon'"),
        (lambda: CovariateShift(at="3d", until="2d"), "covariate.until is '2d'"),
        (lambda: stream(Linear(), CovariateShift(at="1d", columns=("z",))), "covariate.columns"),
        (lambda: stream(Linear(), ConceptDrift(at="1d", to=SEA())), "concept.to"),
        (lambda: stream(Linear(), ConceptDrift(at="1d", to=Linear(columns=3))), "concept.to"),
        (lambda: stream(LinearRegression(), PriorShift(at="1d", to=0.2)), "prior.kind"),
        (lambda: stream(Moving(), PriorShift(at="1d", to=0.2)), "prior.kind"),
    ],
)
def test_an_impossible_drift_is_refused(make: object, field: str) -> None:
    assert callable(make)
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(field)
