"""Labels that hang on the answers: hidden where the decision let nothing happen, or reviewed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.artifacts import Online
from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, NEVER, Calendar, Phase, moment, us
from sim.concepts import Linear
from sim.errors import Mistake
from sim.facts import TrainingBegun
from sim.labels import Constant, Labels, LogNormal
from sim.run import run
from sim.scenario import Scenario
from sim.selection import ESCALATED, LOOKED, OVERRIDDEN, Dues, Given, Review, Selective, WorkingTime
from sim.setting import source_of
from sim.timeline import CHAMPION, CORRECTED, ERROR, REVIEWED
from strategies import presets
from tests.sim.laws.operators import Restless
from tests.sim.laws.worlds import POISSON, pages_of, world

SELECTIONS = [
    Selective(answers=(1,), share=0.1),
    Review(per_day=300, office=False),
    Review(per_day=900, picks="positives", share=0.7, longest=40, office=False),
    Review(per_day=500, picks="uncertain", margin=1.0, escalates=0.5, expert="5h"),
]
by_selection = pytest.mark.parametrize("selection", SELECTIONS, ids=repr)


def selected(selection: Any, delay: Any = None, **rest: Any) -> Scenario:
    scenario = world(POISSON, concept=Linear(columns=4, noise=0.1), **rest)
    return replace(
        scenario, labels=Labels(delay=delay or Constant(delay="20m"), selection=selection)
    )


def test_only_where_the_decision_let_it_happen_is_the_outcome_known() -> None:
    given = Given(
        3,
        np.arange(6) * 8,
        np.array([1.0, 0, 1, 0, 1, 0]),
        np.zeros(6),
        np.array([CHAMPION] * 4 + [ERROR] * 2, dtype=np.int8),
        np.ones(6),
    )
    shown = Selective(answers=(0,)).reveal(Luck(1), given, Calendar(), 0)
    assert shown.due.tolist() == [NEVER, 8, NEVER, 24, NEVER, NEVER]
    every = Selective(answers=(0,), share=1.0).reveal(Luck(1), given, Calendar(), 0)
    assert every.due.tolist() == [0, 8, 16, 24, NEVER, NEVER]


def test_a_model_never_learns_what_its_refusals_would_have_been() -> None:
    ledger = run(selected(Selective(answers=(0,))), presets.never(), seed=1)
    answers = run(selected(None), presets.never(), seed=1)
    assert ledger.labels["never"] > 0.3 * ledger.requests["total"]
    assert ledger.timeline.labels.sum() < answers.timeline.labels.sum()
    assert np.array_equal(ledger.timeline.loss, answers.timeline.loss)  # it hides, it alters not


def by_hand(ready: list[int], took: int, longest: int) -> list[int]:
    """Return when each is done, as a queue is told to a child; -1 for those sent away."""
    free, done = 0, []
    for at in ready:
        waiting = max(free, at) - at
        if waiting > longest * took:
            done.append(-1)
            continue
        free = max(free, at) + took
        done.append(free)
    return done


def test_reviewers_look_in_order_within_their_budget() -> None:
    rng = np.random.default_rng(4)
    due = np.sort(rng.integers(0, 2 * DAY_US, 400)) * 8 + int(Phase.LABELS)
    given = Given(0, due, np.ones(400), np.zeros(400), np.zeros(400, dtype=np.int8), np.ones(400))
    review = Review(per_day=100, longest=12, office=False)
    shown = review.reveal(Luck(1), given, Calendar(), 0)
    expected = by_hand((due >> 3).tolist(), DAY_US // 100, 12)
    told = [NEVER if at < 0 else moment(at, Phase.LABELS) for at in expected]
    assert shown.due.tolist() == told
    assert 0 < sum(at < 0 for at in expected) < 300
    halves = [
        given._replace(
            **{f: getattr(given, f)[part] for f in ("due", "answer", "score", "arm", "label")}
        )
        for part in (slice(0, 150), slice(150, 400))
    ]
    first = review.reveal(Luck(1), halves[0], Calendar(), 0)
    second = review.reveal(Luck(1), halves[1], Calendar(), first.state)
    assert np.array_equal(np.concatenate([first.due, second.due]), shown.due)


@pytest.mark.parametrize("starts_on", ["Monday", "Thursday", "Sunday"])
def test_working_time_passes_in_office_hours_alone(starts_on: str) -> None:
    calendar = Calendar(starts_on=starts_on)
    hours = WorkingTime(calendar, office=True)
    times = np.arange(-14 * 24, 14 * 24) * HOUR_US
    passed = np.diff(hours.worked(times))
    busy = np.array([calendar.in_office(int(t)) for t in times[:-1]])
    assert np.array_equal(passed, np.where(busy, HOUR_US, 0))
    worked = hours.worked(np.array([0]))[0] + np.arange(1, 400) * 7_919_000
    back = hours.worked(hours.when(worked))
    assert np.array_equal(back, worked)
    inside = [calendar.in_office(int(t) - 1) for t in hours.when(worked)]
    assert all(inside)


def test_labels_of_a_review_come_when_people_work() -> None:
    scenario = replace(selected(Review(per_day=400)), horizon="9d")
    ledger = run(scenario, presets.never(), seed=3)
    labels = ledger.timeline.labels.sum(axis=1)
    hour, day = np.arange(len(labels)) % 24, np.arange(len(labels)) // 24
    office = (hour >= 9) & (hour < 17) & (day % 7 < 5)
    assert labels[~office].sum() <= 10  # those that are done at five o'clock sharp
    assert np.all(labels[office][1:] <= 51)
    assert ledger.labels["arrived"] == labels.sum()


@by_selection
@pytest.mark.parametrize("block", [1, 13])
def test_blocks_are_invisible_where_answers_decide_on_labels(selection: Any, block: int) -> None:
    scenario, strategy = selected(selection), presets.on_alarm(wait="30m", heartbeat="1h")
    with pages_of(150):
        whole = run(scenario, strategy, seed=2)
        assert run(scenario, strategy, seed=2, block=block).digest() == whole.digest()
        restless = run(scenario, Restless(), seed=2)
        assert run(scenario, Restless(), seed=2, block=block).digest() == restless.digest()


@by_selection
def test_every_label_has_one_fate(selection: Any) -> None:
    with pages_of(150):
        ledger = run(selected(selection), Restless(salt=5), seed=2)
    assert sum(ledger.labels.values()) == ledger.requests["total"]
    assert ledger.timeline.labels.sum() == ledger.labels["arrived"]


@by_selection
def test_a_training_gets_the_labels_that_have_arrived_and_no_others(selection: Any) -> None:
    scenario = selected(selection)
    with pages_of(150):
        ledger = run(scenario, presets.scheduled(every="2h", window="7h"), seed=2)
        before = source_of(scenario, 2)
    begun = ledger.of(TrainingBegun)
    assert begun
    arrived = ledger.timeline.labels.sum(axis=1)
    for job in begun:
        ticks = job.at_us // HOUR_US
        assert job.at_us % HOUR_US == 0
        start_us = max(job.at_us - 7 * HOUR_US, -us(scenario.launch.window))
        launch = 0
        if start_us < 0:
            first = before.grid.page_at(start_us)
            pages = [before.page(n, {}) for n in range(first, 0)]
            launch = sum(int((p.truth.times_us >= start_us).sum()) for p in pages)
        assert job.rows == launch + arrived[:ticks].sum()


def test_what_is_packed_comes_out_again() -> None:
    rng = np.random.default_rng(1)
    base = np.sort(rng.integers(0, 10**6, 77))
    for due in (
        base,
        np.where(base % 3 == 0, NEVER, base),
        np.where(base % 2 == 0, NEVER, base + 5),
    ):
        assert np.array_equal(Dues.packed(due, base).unpacked(base), due)


def test_what_does_not_go_together_is_refused_in_one_line() -> None:
    from river.linear_model import LogisticRegression

    with pytest.raises(Mistake, match="ready after a Constant"):
        Labels(delay=LogNormal(), selection=Review())
    with pytest.raises(Mistake, match="it goes with a Learned artifact"):
        replace(selected(Selective()), artifact=Online(model=LogisticRegression()))
    with pytest.raises(Mistake, match="give something like Selective"):
        Labels(selection="approved")  # type: ignore[arg-type]
    assert selected(Selective()).closed_loop


def test_reviewers_override_what_they_find_otherwise_and_no_more() -> None:
    review = Review(per_day=2_000, office=False, escalates=0.3, expert="2h")
    ledger = run(replace(selected(review), horizon="10d"), presets.never(), seed=3)
    timeline = ledger.timeline
    looked, overridden, escalated = (timeline.of_review(n) for n in REVIEWED)
    assert np.array_equal(looked, timeline.labels.sum(axis=1))
    assert np.array_equal(overridden, timeline.label_loss.sum(axis=1))  # wrong answers, 0/1 loss
    count, share = int(overridden.sum()), escalated.sum() / overridden.sum()
    assert count > 400
    assert abs(share - 0.3) < 4.5 * np.sqrt(0.3 * 0.7 / count)
    assert np.all(escalated <= overridden)


def test_an_expert_takes_longer_and_only_of_what_is_handed_on() -> None:
    answer, label = np.tile([1.0, 0.0, 1.0], 100), np.tile([1.0, 1.0, 0.0], 100)
    arm = np.tile(np.array([CHAMPION, CHAMPION, ERROR], dtype=np.int8), 100)
    due = np.arange(1, 301) * 8 * HOUR_US + int(Phase.LABELS)
    given = Given(0, due, answer, np.zeros(300), arm, label)
    plain = Review(per_day=1_000, office=False)
    asked = replace(plain, escalates=1.0, expert="2d")
    alone, both = (one.reveal(Luck(1), given, Calendar(), 0) for one in (plain, asked))
    later = both.due - alone.due
    assert later.tolist() == [0, 2 * DAY_US * 8, 0] * 100  # no answer, nothing to override
    assert both.review is not None
    assert both.review.tolist() == [LOOKED, LOOKED + OVERRIDDEN + ESCALATED, LOOKED] * 100


def test_numbers_are_overridden_beyond_what_reviewers_tolerate() -> None:
    label = np.linspace(0, 10, 11)
    given = Given(
        0, np.zeros(11, dtype=np.int64), np.zeros(11), label, np.zeros(11, dtype=np.int8), label
    )
    shown = Review(differs=4.5, office=False).reveal(Luck(1), given, Calendar(), 0)
    assert shown.review is not None
    assert (shown.review & OVERRIDDEN > 0).tolist() == (label > 4.5).tolist()


@pytest.mark.parametrize("records", [30, 4_096])
@pytest.mark.parametrize("block", [None, 7])
def test_labels_put_right_are_counted_when_they_are(records: int, block: int | None) -> None:
    scenario = world(POISSON, concept=Linear(columns=4, noise=0.1))
    labels = Labels(
        delay=LogNormal(median="5h", sigma=1.0), noise=0.2, corrected=0.6, corrected_after="7h"
    )
    scenario = replace(scenario, labels=labels, horizon="3d")
    with pages_of(records):
        ledger = run(scenario, presets.never(), seed=4, block=block)
        source, end_us = source_of(scenario, 4), us(scenario.horizon)
        last = source.grid.page_at(end_us - 1)
        pages = [source.page(n, {}) for n in range(last + 1)]
    tick_us, expected = us(scenario.tick), np.zeros(len(ledger.timeline), dtype=np.int64)
    for page in pages:
        assert page.archive.corrected_us is not None
        for due, right_us in zip(page.due >> 3, page.archive.corrected_us, strict=True):
            if due < end_us and right_us < end_us:
                expected[right_us // tick_us] += 1
    assert expected.sum() > 50
    assert np.array_equal(ledger.timeline.of_review(CORRECTED), expected)
