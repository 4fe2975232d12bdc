"""A lookalike draws the columns and outcomes that it says."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chance import Luck
from sim.concepts import Feature, Lookalike, Moment
from sim.errors import Mistake

NUMBER = Feature(name="amount", effects=(0.5,), quantiles=(0.0, 1.0, 4.0))
KIND = Feature(name="kind", effects=(1.0, -1.0), shares=(0.3, 0.7))
RULE = Lookalike(features=(NUMBER, KIND), base=-1.0)


def drawn(rule: Lookalike, count: int = 40_000, cut: float = 0.5) -> tuple[np.ndarray, ...]:
    times_us = np.zeros(count, dtype=np.int64)
    found = rule.draw(Luck(1), Moment(0, times_us, [(rule, 1.0)], (), (), 0.0, cut))
    return found.x, found.y, found.best


def test_columns_have_the_quantiles_and_shares_that_are_given() -> None:
    x, _, _ = drawn(RULE)
    n = len(x)
    for value, share in ((0.5, 0.25), (1.0, 0.5), (2.5, 0.75)):
        z = ((x[:, 0] <= value).mean() - share) / np.sqrt(share * (1 - share) / n)
        assert abs(z) < 4.5
    assert abs(((x[:, 1] == 0).mean() - 0.3) / np.sqrt(0.21 / n)) < 4.5


def test_outcomes_follow_the_logistic_of_the_score() -> None:
    x, y, _ = drawn(RULE)
    for kind, effect in ((0, 1.0), (1, -1.0)):
        for low, high in ((0.0, 0.5), (3.0, 4.0)):
            rows = (x[:, 1] == kind) & (x[:, 0] >= low) & (x[:, 0] < high)
            chance = 1 / (1 + np.exp(-(0.5 * x[rows, 0] + effect - 1.0)))
            error = np.sqrt((chance * (1 - chance)).sum()) / rows.sum()
            assert abs((y[rows].mean() - chance.mean()) / error) < 4.5


@pytest.mark.parametrize("cut", [0.5, 0.2])
def test_the_best_answer_is_1_where_the_chance_exceeds_the_cut(cut: float) -> None:
    x, _, best = drawn(RULE, cut=cut)
    score = 0.5 * x[:, 0] + np.where(x[:, 1] == 0, 1.0, -1.0) - 1.0
    np.testing.assert_array_equal(best, (1 / (1 + np.exp(-score)) > cut).astype(float))


def test_with_a_spread_the_outcome_is_a_number() -> None:
    rule = Lookalike(features=(NUMBER, KIND), base=-1.0, spread=2.0)
    x, y, best = drawn(rule)
    assert rule.classes == 0
    assert abs((y - best).mean() / (2.0 / np.sqrt(len(y)))) < 4.5
    assert abs((y - best).std() / 2.0 - 1.0) < 4.5 / np.sqrt(2 * len(y))
    np.testing.assert_allclose(best, rule.score(x))


def test_a_category_that_is_not_listed_adds_nothing() -> None:
    codes = np.array([[0.0], [1.0], [2.0], [0.5]])
    rule = Lookalike(features=(KIND,), base=10.0)
    np.testing.assert_array_equal(rule.score(codes), [11.0, 9.0, 10.0, 11.0])


def test_a_page_holds_what_its_luck_stands_for() -> None:
    rule = Lookalike(features=(NUMBER, KIND))
    x, _, _ = drawn(rule)
    coins = Luck(1).page("features", 0).random(x.shape)
    np.testing.assert_allclose(x[:, 0], NUMBER.drawn(coins[:, 0]), rtol=1e-12)
    np.testing.assert_array_equal(x[:, 1], KIND.drawn(coins[:, 1]))


@pytest.mark.parametrize(
    "given",
    [
        {"effects": (1.0,)},
        {"effects": (1.0,), "quantiles": (2.0, 1.0)},
        {"effects": (1.0,), "shares": (0.5, 0.5)},
        {"effects": (1.0, 1.0), "shares": (0.5, 0.4)},
    ],
)
def test_what_is_no_column_is_refused(given: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(Mistake, match="feature a"):
        Feature(name="a", **given)
