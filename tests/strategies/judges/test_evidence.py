"""What may be compared with what, and how sure one is of it: entities, stages, shadows."""

from __future__ import annotations

from math import comb, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from sim.errors import Mistake
from strategies.judges import (
    Arm,
    ConfidenceSequence,
    Evidence,
    FixedSample,
    MannWhitney,
    Paired,
    SequentialRatio,
    Tally,
    Threshold,
    Where,
    combined,
    split,
)
from strategies.judges.verdict import INCONCLUSIVE, PROMOTE, ROLL_BACK

JUDGES: list[Any] = [
    Threshold(), FixedSample(), MannWhitney(), SequentialRatio(), ConfidenceSequence(),
]  # fmt: skip


def arm(rng: np.random.Generator, entities: int, rate: float = 0.8, **how: Any) -> Arm:
    count = rng.poisson(5, entities) + 1
    own = rng.beta(rate * 4, (1 - rate) * 4, entities)
    return Arm(count, rng.binomial(count, own).astype(np.float64), **how)


def counted(one: Arm) -> Tally:
    pairs = (one.count, one.count), (one.count, one.total), (one.total, one.total)
    squares = [float(x @ y) for x, y in pairs]
    total = float(one.total.sum())
    return Tally(one.entities, one.requests, total, (squares[0], squares[1], squares[2]), one.means)


def test_an_arm_of_counts_says_the_same_to_every_judge_as_one_of_entities() -> None:
    rng = np.random.default_rng(1)
    arms = arm(rng, 1_500), arm(rng, 1_200, 0.78)
    plain, tallied = Evidence(*arms), Evidence(counted(arms[0]), counted(arms[1]))
    for judge in JUDGES:
        one, other = judge.judge(plain), judge.judge(tallied)
        assert one.answer == other.answer
        assert one.difference == pytest.approx(other.difference, rel=1e-12)
        assert one.low == pytest.approx(other.low, rel=1e-9)


@pytest.mark.parametrize(
    "other",
    [Where(until_us=7), Where(since_us=1, until_us=8), Where(until_us=8, segment="new"),
     Where(until_us=8, stage=1)],
)  # fmt: skip
def test_arms_over_other_windows_segments_or_stages_are_refused(other: Where) -> None:
    rng = np.random.default_rng(2)
    with pytest.raises(Mistake, match="compare both over the same window and segment"):
        Evidence(arm(rng, 200, where=Where(until_us=8)), arm(rng, 200, where=other))


def test_a_verdict_says_whether_it_rests_on_labels_or_on_a_proxy_and_what_it_is_about() -> None:
    rng = np.random.default_rng(3)
    evidence = Evidence(arm(rng, 1_500), arm(rng, 1_500), source="proxy", purpose="effect")
    for judge in JUDGES:
        verdict = judge.judge(evidence)
        assert verdict.source == "proxy"
        assert verdict.purpose == "effect"
        assert "(proxy)" in verdict.why
    with pytest.raises(Mistake, match=r"evidence.source is 'guess'"):
        Evidence(arm(rng, 9), arm(rng, 9), source="guess")


def test_health_and_effect_or_labels_and_proxy_never_share_a_verdict() -> None:
    rng = np.random.default_rng(4)
    base = Evidence(arm(rng, 200), arm(rng, 200))
    for other in (
        Evidence(arm(rng, 200), arm(rng, 200), purpose="effect"),
        Evidence(arm(rng, 200), arm(rng, 200), source="proxy"),
    ):
        with pytest.raises(Mistake, match="never share a verdict"):
            combined([base, other])


def staged(rng: np.random.Generator, *, known: bool) -> list[Evidence]:
    """Two stages of equal versions, with the same entities; the second week is a bad one."""
    people, found = 2_000, []
    own = rng.beta(3.2, 0.8, people)
    place = rng.random(people)
    for share, mood in ((0.1, 1.0), (0.5, 0.8)):
        count = rng.poisson(3, people) + 1
        total = rng.binomial(count, own * mood).astype(np.float64)
        new, who = place < share, np.arange(people)
        arms = [Arm(count[at], total[at], who=who[at] if known else None) for at in (~new, new)]
        found.append(Evidence(arms[0], arms[1]))
    return found


def test_stages_combine_as_strata_and_not_as_one_heap() -> None:
    gaps, heaps, errors, wide = [], [], [], []
    for seed in range(400):
        stages = staged(np.random.default_rng(seed), known=True)
        found = combined(stages)
        gaps.append(found.difference)
        errors.append(found.error)
        wide.append(combined(staged(np.random.default_rng(seed), known=False)).error)
        ones, came = (
            [sum(getattr(getattr(s, side), what).sum() for s in stages) for side in
             ("challenger", "champion")] for what in ("total", "count")
        )  # fmt: skip
        heaps.append(ones[0] / came[0] - ones[1] / came[1])
    assert abs(np.mean(gaps)) < 4.5 * np.std(gaps) / sqrt(400)
    assert np.mean(heaps) < -0.02  # most of the challenger's requests came in the bad week
    ratio = np.mean(np.square(errors)) / np.var(gaps, ddof=1)
    assert abs(ratio - 1) < 4.5 * sqrt(2 / 399)
    assert np.mean(wide) > np.mean(errors)


def test_a_shadow_is_judged_by_paired_differences() -> None:
    gaps, paired, unpaired = [], [], []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        count = rng.poisson(4, 800) + 1
        own = rng.beta(1.6, 0.4, 800)
        both = rng.binomial(count, own)  # they mostly agree, and err alike
        lost = rng.binomial(both, 0.05)
        gained = rng.binomial(count - both, 0.2)
        evidence = Paired(Arm(count, (gained - lost).astype(np.float64)))
        gaps.append(evidence.difference)
        paired.append(evidence.error)
        arms = [Arm(count, x.astype(np.float64)) for x in (both, both - lost + gained)]
        unpaired.append(Evidence(arms[0], arms[1]).error)
    ratio = np.mean(np.square(paired)) / np.var(gaps, ddof=1)
    assert abs(ratio - 1) < 4.5 * sqrt(2 / 299)
    assert np.mean(unpaired) > 2 * np.mean(paired)
    assert SequentialRatio().judge(evidence).answer == PROMOTE
    with pytest.raises(Mistake, match=r"paired.purpose is 'effect'"):
        Paired(evidence.differences, purpose="effect")


def test_ranks_of_a_shadow_count_who_would_have_fared_better() -> None:
    values = np.array([1.0] * 300 + [-1.0] * 420 + [0.0] * 2_280)
    verdict = MannWhitney().judge(Paired(Arm(np.ones(3_000, dtype=np.int64), values)))
    exact = sum(comb(720, k) for k in range(301)) / 2**720
    assert verdict.difference == pytest.approx((300 - 420) / 3_000 / 2)
    z = verdict.difference / (verdict.high - verdict.difference) * 1.6449
    assert NormalDist().cdf(z) == pytest.approx(exact, rel=0.3)
    assert verdict.answer == ROLL_BACK


def test_ranks_of_several_stages_are_those_of_each_within_itself() -> None:
    gaps, errors = [], []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        stages, first = [], 0
        for share, mood in ((0.1, 0.8), (0.5, 0.5)):
            new, good = rng.random(1_500) < share, rng.random(1_500) < mood
            who = np.arange(first, first + 1_500)
            ones, first = np.ones(1_500, dtype=np.int64), first + 1_500
            arms = [Arm(ones[at], good[at].astype(np.float64), who=who[at]) for at in (~new, new)]
            stages.append(Evidence(arms[0], arms[1]))
        verdict = MannWhitney(entities=100).judge(combined(stages))
        gaps.append(verdict.difference)
        errors.append((verdict.high - verdict.difference) / 1.6449)
    assert abs(np.mean(gaps)) < 4.5 * np.std(gaps) / sqrt(300)
    ratio = np.mean(np.square(errors)) / np.var(gaps, ddof=1)
    assert abs(ratio - 1) < 4.5 * sqrt(2 / 299)


def test_alpha_is_split_over_stages_and_metrics() -> None:
    assert split(SequentialRatio(alpha=0.06), stages=3, metrics=2).alpha == pytest.approx(0.01)
    assert split(Threshold(), stages=3) == Threshold()
    with pytest.raises(Mistake, match=r"split.stages is 0"):
        split(SequentialRatio(), stages=0)


def test_who_rests_on_large_numbers_waits_for_a_hundred_entities_an_arm() -> None:
    rng = np.random.default_rng(5)
    few = Evidence(arm(rng, 5_000, 0.9), arm(rng, 99, 0.2))
    for judge in (SequentialRatio(), ConfidenceSequence(), FixedSample(), MannWhitney()):
        assert judge.judge(few).answer == INCONCLUSIVE
    with pytest.raises(Mistake, match=r"fixed_sample.entities is 99"):
        FixedSample(entities=99)
