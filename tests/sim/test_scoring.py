"""F1 and PR-AUC from sums, against scikit-learn on the answers themselves."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from sim.losses import LogLoss
from sim.scoring import F1, SCORES, counted, f1, pr_auc


def drawn(seed: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    luck = np.random.default_rng(seed)
    y = (luck.random(20_000) < share).astype(float)
    score = 1 / (1 + np.exp(-(luck.normal(2.0 * y - 3.0, 1.2))))
    return score, y


@pytest.mark.parametrize("share", [0.5, 0.04])
def test_f1_is_that_of_the_answers(share: float) -> None:
    score, y = drawn(1, share)
    answer = (score > 0.5).astype(float)
    sums = counted(F1, score, answer, y)
    assert sums is not None
    assert f1(sums.sum(axis=0)) == pytest.approx(f1_score(y, answer), rel=1e-12)


@pytest.mark.parametrize("share", [0.5, 0.04])
@pytest.mark.parametrize("seed", range(5))
def test_average_precision_lies_within_its_bounds_and_near_them(seed: int, share: float) -> None:
    score, y = drawn(seed, share)
    sums = counted(SCORES, score, score, y)
    assert sums is not None
    value, low, high = pr_auc(sums.sum(axis=0))
    exact = average_precision_score(y, score)
    assert low <= exact <= high
    assert low <= value <= high
    assert value == pytest.approx(exact, abs=0.02)


def test_sums_of_parts_are_the_sums_of_the_whole() -> None:
    score, y = drawn(2, 0.2)
    whole = counted(SCORES, score, score, y)
    parts = [counted(SCORES, score[k::3], score[k::3], y[k::3]) for k in range(3)]
    assert whole is not None
    total = sum(p.sum(axis=0) for p in parts if p is not None)
    np.testing.assert_array_equal(whole.sum(axis=0), total)


def test_certain_scores_are_counted_at_the_ends() -> None:
    ends, y = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    sums = counted(SCORES, ends, ends, y)
    assert sums is not None
    assert pr_auc(sums.sum(axis=0))[0] == 1.0


def test_nothing_positive_has_no_score() -> None:
    assert np.isnan(pr_auc(np.zeros(len(SCORES)))[0])
    assert np.isnan(f1(np.zeros(3)))


def test_log_loss_is_the_negative_log_of_what_came_true() -> None:
    loss = LogLoss().of(np.array([0.25, 0.25, 1.0, 0.0]), np.array([1.0, 0.0, 1.0, 1.0]))
    np.testing.assert_allclose(loss, [-np.log(0.25), -np.log(0.75), 0.0, -np.log(1e-6)])
