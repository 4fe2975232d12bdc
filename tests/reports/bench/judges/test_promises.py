"""What judges promise, measured in many worlds: who keeps it under peeking, and who does not."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import NamedTuple

import pytest

from reports.bench.judges.entrants import default
from reports.bench.judges.playing import ANSWERS, ONCE, PEEKING, WAYS, Playing
from reports.bench.judges.scores import EQUAL, WORSE
from reports.bench.judges.worlds import CANARY, GRADUAL, HALF, SMALL, Family
from strategies.judges.verdict import PROMOTE, ROLL_BACK

ALPHA = 0.05
ENTRANTS = tuple(default())
LABELS = [entrant.label for entrant in ENTRANTS]
SEQUENTIAL = ("sequential ratio", "confidence sequence")


class Rates(NamedTuple):
    """How often an answer was given in *worlds* worlds, by way, judge, effect and answer."""

    worlds: int
    counts: dict[tuple[str, str, float, str], int]

    def of(self, way: str, label: str, effect: float, answer: str) -> float:
        return self.counts.get((way, label, effect, answer), 0) / self.worlds

    @property
    def bound(self) -> float:
        """What a kept promise may come to: alpha + 3 standard errors."""
        return ALPHA + 3 * sqrt(ALPHA * (1 - ALPHA) / self.worlds)

    @property
    def floor(self) -> float:
        """What no kept promise comes to, but by a chance below one in a million."""
        return ALPHA + 5 * sqrt(ALPHA * (1 - ALPHA) / self.worlds)


def judged(family: Family, worlds: int, a_day: float) -> Rates:
    effects = (EQUAL, WORSE)
    job = Playing(family=family, entrants=ENTRANTS, effects=effects, a_day=a_day, start=0,
                  stop=worlds)  # fmt: skip
    counts: dict[tuple[str, str, float, str], int] = {}
    for way, number, effect, answer, _, times in job()["decided"]:
        key = WAYS[way], LABELS[number], effects[effect], ANSWERS[answer]
        counts[key] = counts.get(key, 0) + times
    return Rates(worlds, counts)


def kept(rates: Rates, label: str, way: str = PEEKING) -> bool:
    wrong = rates.of(way, label, EQUAL, ROLL_BACK), rates.of(way, label, WORSE, PROMOTE)
    return max(wrong) <= rates.bound


def test_at_every_look_sequential_judges_keep_their_promise_and_the_others_do_not() -> None:
    rates = judged(Family(rollout=HALF, requests=6_000), 200, 4.0)
    for label in SEQUENTIAL:
        assert kept(rates, label)
    for label in ("fixed sample", "Mann-Whitney"):
        assert rates.of(PEEKING, label, EQUAL, ROLL_BACK) > rates.floor
        assert rates.of(ONCE, label, EQUAL, ROLL_BACK) <= rates.bound
    assert rates.of(PEEKING, "bare threshold", EQUAL, ROLL_BACK) > rates.floor
    assert rates.of(PEEKING, "bare threshold", WORSE, PROMOTE) > rates.floor


def test_who_counts_requests_errs_where_people_come_back() -> None:
    rates = judged(Family(rollout=HALF, visits=20, likeness=0.2), 200, 1 / 14)
    assert rates.of(ONCE, "by request", EQUAL, ROLL_BACK) > rates.floor
    assert rates.of(ONCE, "fixed sample", EQUAL, ROLL_BACK) <= rates.bound


def test_a_hundred_people_never_come_to_a_small_share_of_few() -> None:
    rates = judged(Family(rollout=SMALL, visits=20), 30, 1.0)
    for label in LABELS:
        answered = rates.of(PEEKING, label, EQUAL, PROMOTE)
        answered += rates.of(PEEKING, label, WORSE, ROLL_BACK)
        assert answered == 0 if label != "by request" else answered > 0


WORLDS = [
    Family(rollout=rollout, visits=visits, likeness=likeness, late=late)
    for rollout in (HALF, CANARY, SMALL)
    for visits, likeness, late in ((1, 0.0, 0.0), (1, 0.0, 1.0), (20, 0.0, 0.0), (20, 0.05, 0.0),
                                   (20, 0.2, 0.0))
]  # fmt: skip


@pytest.mark.deep
@pytest.mark.parametrize("family", WORLDS, ids=lambda family: str(family.name))
def test_in_two_thousand_worlds_of_each_kind(family: Family) -> None:
    rates = judged(family, 2_000, 20.0)
    for label in SEQUENTIAL:
        assert kept(rates, label)
    people = family.requests / family.visits * family.rollout.stages[0].share
    if people < 500:
        return  # too few for anybody to look often
    for label in ("fixed sample", "bare threshold"):
        assert not kept(rates, label)
    if family.visits == 1:
        assert kept(rates, "fixed sample", ONCE)


@pytest.mark.deep
def test_a_promise_that_is_split_over_stages_holds_over_all_of_them() -> None:
    family = Family(rollout=GRADUAL, visits=20, likeness=0.2)
    for each in (family, replace(family, visits=1, likeness=0.0)):
        rates = judged(each, 2_000, 8.0)
        for label in SEQUENTIAL:
            assert rates.of(PEEKING, label, EQUAL, ROLL_BACK) <= rates.bound
