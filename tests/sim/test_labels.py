"""Labels come when they should, as often as they should, and say what they should."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, NEVER, Phase, moment, moment_us, us
from sim.errors import Mistake
from sim.labels import Constant, Labels, LogNormal

STEADY = settings(deadline=None, derandomize=True)
LIMIT = 4.5
TIMES = np.arange(40_000, dtype=np.int64) * 1_000_000


def due(labels: Labels, *, seed: int = 1, page: int = 0) -> NDArray[np.int64]:
    return labels.due(Luck(seed), page, TIMES, TIMES)


def within_binomial(hits: int, count: int, share: float) -> bool:
    return bool(abs(hits - count * share) < LIMIT * np.sqrt(count * share * (1 - share)) + 1e-9)


@given(st.integers(1, 400))
@STEADY
def test_a_constant_delay_is_the_same_for_all(hours: int) -> None:
    arrival = due(Labels(delay=Constant(delay=f"{hours}h")))
    expected = [moment(int(t) + hours * HOUR_US, Phase.LABELS) for t in TIMES[:50]]
    assert arrival[:50].tolist() == expected
    assert Constant(delay=f"{hours}h").quantile_us(0.95) == hours * HOUR_US


def test_a_label_without_delay_follows_its_request_at_once() -> None:
    arrival = due(Labels(delay=Constant(delay="0s")))
    assert (arrival > TIMES * 8 + Phase.REQUESTS).all()
    assert (moment_us(1) + arrival // 8 == TIMES).all()


def test_a_label_known_before_the_batch_comes_right_after_the_answer() -> None:
    served_us = (TIMES // DAY_US + 1) * DAY_US
    arrival = Labels(delay=Constant(delay="2h")).due(Luck(1), 0, TIMES, served_us)
    early = TIMES + us("2h") <= served_us
    assert early.any()
    assert np.array_equal(arrival[early], served_us[early] * 8 + Phase.LATE)
    late = served_us + us("2h") - (served_us - TIMES)
    assert np.array_equal(arrival[~early], late[~early] * 8 + Phase.LABELS)


@pytest.mark.parametrize("seed", range(5))
def test_lognormal_delays_have_the_quantiles_that_are_named(seed: int) -> None:
    delay = LogNormal(median="1d", sigma=0.8)
    drawn_us = delay.draw_us(Luck(seed), 0, 40_000)
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        quantile_us = delay.quantile_us(share)
        assert quantile_us == pytest.approx(
            DAY_US * np.exp(0.8 * NormalDist().inv_cdf(share)), abs=1
        )
        assert within_binomial(int((drawn_us <= quantile_us).sum()), len(drawn_us), share)


def test_no_delay_exceeds_a_century() -> None:
    drawn_us = LogNormal(median="10y", sigma=10.0).draw_us(Luck(1), 0, 10_000)
    assert drawn_us.min() >= 0
    assert drawn_us.max() == us("100y")


def test_even_an_endless_delay_is_legal() -> None:
    labels = Labels(delay=Constant(delay="1000y"))
    assert (due(labels) > moment(us("100y"), Phase.WORLD)).all()


@pytest.mark.parametrize("delay", ["1001y", "40000y", "300000y"])
def test_an_absurd_delay_is_refused(delay: str) -> None:
    with pytest.raises(Mistake, match=f"labels.delay is '{delay}'"):
        Constant(delay=delay)


@pytest.mark.parametrize("coverage", [0.0, 0.1, 0.65, 1.0])
def test_the_covered_share_of_labels_comes(coverage: float) -> None:
    came = due(Labels(coverage=coverage)) != NEVER
    assert within_binomial(int(came.sum()), len(came), coverage)


def test_labels_that_come_at_all_stay_when_coverage_grows() -> None:
    few = due(Labels(coverage=0.3, delay=LogNormal())) != NEVER
    more = due(Labels(coverage=0.6, delay=LogNormal())) != NEVER
    assert not (few & ~more).any()


def test_coverage_does_not_change_when_a_label_comes() -> None:
    all_of_them = due(Labels(delay=LogNormal()))
    some = due(Labels(coverage=0.4, delay=LogNormal()))
    assert np.array_equal(some[some != NEVER], all_of_them[some != NEVER])


@pytest.mark.parametrize("noise", [0.0, 0.07, 0.5, 1.0])
@pytest.mark.parametrize("classes", [2, 5])
def test_the_noisy_share_of_labels_is_wrong(noise: float, classes: int) -> None:
    y = (np.arange(40_000) % classes).astype(np.float64)
    seen = Labels(noise=noise).seen(Luck(3), 0, y, classes)
    assert within_binomial(int((seen != y).sum()), len(y), noise)
    assert set(seen.tolist()) <= set(map(float, range(classes)))
    wrong = (seen[seen != y] - y[seen != y]) % classes
    for step in range(1, classes):
        assert within_binomial(int((wrong == step).sum()), len(wrong), 1 / (classes - 1))


def test_noise_in_a_number_exchanges_it_for_anothers() -> None:
    y = np.random.default_rng(0).normal(size=20_000)
    seen = Labels(noise=0.2).seen(Luck(3), 0, y, 0)
    assert within_binomial(int((seen != y).sum()), len(y), 0.2)
    assert np.isin(seen, y).all()


def test_without_noise_labels_say_the_truth_itself() -> None:
    y = np.zeros(5)
    assert Labels().seen(Luck(1), 0, y, 2) is y


def test_delay_coverage_and_noise_are_independent() -> None:
    luck = Luck(9)
    came = due(Labels(coverage=0.5), seed=9) != NEVER
    wrong = Labels(noise=0.5).seen(luck, 0, np.zeros(len(TIMES)), 2) > 0
    slow = LogNormal().draw_us(luck, 0, len(TIMES)) > DAY_US
    for a, b in ((came, wrong), (came, slow), (wrong, slow)):
        assert abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(len(TIMES)) < LIMIT


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Constant(delay="-3d"), "labels.delay is '-3d'"),
        (lambda: LogNormal(median="soon"), "labels.median is 'soon'"),
        (lambda: LogNormal(sigma=-1.0), "labels.sigma is -1"),
        (lambda: Labels(coverage=1.2), r"labels.coverage is 1\.2"),
        (lambda: Labels(noise=float("nan")), "labels.noise is nan"),
    ],
)
def test_impossible_labels_are_refused(make: object, field: str) -> None:
    assert callable(make)
    with pytest.raises(Mistake, match=field):
        make()
