"""Faults of labels: outages, careless annotators, poisoned storage; corrections."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.actions import Action
from sim.clock import HOUR_US, NEVER, Phase, moment, us
from sim.concepts import Concept, Linear, LinearRegression
from sim.errors import Mistake
from sim.faults import AnnotatorNoise, Fault, LabelOutage, PoisonedLabels
from sim.labels import Constant, Delay, Labels, LogNormal
from sim.losses import Squared, ZeroOne
from sim.run import run
from sim.scenario import Scenario
from sim.source import Page, Source
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View

TRAFFIC = Traffic(rate="200/h", arrivals="even")


def source(*faults: Fault, labels: Labels | None = None, concept: Concept | None = None) -> Source:
    concept = concept or Linear(columns=3)
    return Source(
        stream=Stream(concept=concept, traffic=TRAFFIC),
        faults=faults,
        labels=labels or Labels(delay=Constant(delay="1d")),
        loss=ZeroOne() if concept.classes else Squared(),
        seed=4,
        tick_us=HOUR_US,
    )


def pages(*faults: Fault, **world: Any) -> list[Page]:
    feed = source(*faults, **world)
    return [feed.page(n, {}) for n in range(feed.grid.page_at(us("10d")))]


def near(hits: int, count: int, share: float) -> bool:
    return bool(abs(hits - count * share) < 4.5 * np.sqrt(count * share * (1 - share)) + 1e-9)


DELAYS: list[Delay] = [Constant(delay="1d"), LogNormal(median="1d", sigma=1.0)]


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("then", ["lost", "late"])
def test_labels_that_fall_due_in_an_outage_are_lost_or_come_at_its_end(
    delay: Delay, then: str
) -> None:
    labels = Labels(delay=delay)
    fault = LabelOutage(at="5d", until="7d", then=then)
    end = NEVER if then == "lost" else moment(us("7d"), Phase.LABELS)
    struck = 0
    for page, calm in zip(pages(fault, labels=labels), pages(labels=labels), strict=True):
        hit = (calm.due >> 3 >= us("5d")) & (calm.due >> 3 < us("7d"))
        assert np.array_equal(page.due, np.where(hit, end, calm.due))
        assert np.array_equal(page.label, calm.label)
        struck += int(hit.sum())
    assert struck > 5_000


def test_an_outage_can_concern_some_sources() -> None:
    due = np.concatenate([p.due for p in pages(LabelOutage(at="2d", share=0.4))])
    calm = np.concatenate([p.due for p in pages()])
    lost = due == NEVER
    assert not lost[calm >> 3 < us("2d")].any()
    assert 0.3 < lost[calm >> 3 >= us("2d")].mean() < 0.5


class Waits:
    """Does nothing."""

    heartbeat = "0"

    def decide(self, view: View) -> list[Action]:
        return []


@pytest.mark.parametrize("then", ["lost", "late"])
@pytest.mark.parametrize("share", [1.0, 0.4])
def test_the_fates_of_labels_in_an_outage_add_up(then: str, share: float) -> None:
    fault = LabelOutage(at="2d", until="4d", then=then, share=share)
    scenario = Scenario(
        name="x",
        stream=Stream(concept=Linear(columns=3), traffic=TRAFFIC),
        faults=(fault,),
        horizon="6d",
        labels=Labels(delay=Constant(delay="1d")),
    )
    ledger = run(scenario, Waits(), seed=2)
    total = 6 * 24 * 200
    assert sum(ledger.labels.values()) == ledger.requests["total"] == total
    assert ledger.labels["pending"] == 24 * 200
    if share == 1.0:
        assert ledger.labels["never"] == (2 * 24 * 200 if then == "lost" else 0)


@pytest.mark.parametrize("concept", [Linear(columns=3), LinearRegression(columns=3)])
def test_careless_annotators_err_while_they_are_at_it(concept: Concept) -> None:
    fault = AnnotatorNoise(at="5d", until="7d", noise=0.3)
    hits = count = 0
    for page in pages(fault, concept=concept):
        during = (page.due >> 3 >= us("5d")) & (page.due >> 3 < us("7d"))
        wrong = page.label != page.truth.y
        assert not wrong[~during].any()
        hits, count = hits + int(wrong.sum()), count + int(during.sum())
    assert near(hits, count, 0.3)


@pytest.mark.parametrize("concept", [Linear(columns=3), LinearRegression(columns=3)])
def test_poisoned_storage_says_something_else_than_monitors_saw(concept: Concept) -> None:
    fault = PoisonedLabels(at="5d", flipped=0.6)
    hits = count = 0
    for page in pages(fault, concept=concept):
        hit = page.truth.times_us >= us("5d")
        stored = page.archive.known(us("20d"))
        assert np.array_equal(page.label, page.truth.y)
        assert np.array_equal(stored[~hit], page.truth.y[~hit])
        hits, count = hits + int((stored != page.label).sum()), count + int(hit.sum())
    assert near(hits, count, 0.6)


def test_some_wrong_labels_are_corrected_later_and_storage_knows_the_latest() -> None:
    labels = Labels(delay=Constant(delay="1d"), noise=0.2, corrected=0.5, corrected_after="3d")
    wrong_ones = mended = 0
    for page in pages(labels=labels):
        wrong = page.label != page.truth.y
        for now in ("2d", "6d", "30d"):
            known = page.archive.known(us(now))
            changed = known != page.label
            assert not changed[~wrong].any()
            assert (known[changed] == page.truth.y[changed]).all()
            assert (page.truth.times_us[changed] + us("4d") <= us(now)).all()
        wrong_ones, mended = wrong_ones + int(wrong.sum()), mended + int(changed.sum())
    assert near(mended, wrong_ones, 0.5)


def test_what_is_known_at_the_launch_came_in_peace() -> None:
    page = source(AnnotatorNoise(at="0s", noise=1.0)).page(-1, {})
    assert (page.due[-1] >> 3) > 0
    assert np.array_equal(page.label, page.truth.y)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LabelOutage(at="1d", then="late"), "label outage.until is ''"),
        (lambda: LabelOutage(at="1d", then="never"), "label outage.then is 'never'"),
        (lambda: LabelOutage(at="1d", fixed_by="data"), "label outage.fixed_by is 'data'"),
        (lambda: AnnotatorNoise(at="1d", noise=2), "annotator noise.noise is 2"),
        (lambda: AnnotatorNoise(at="1d", columns=("x0",)), "annotator noise.columns"),
        (lambda: PoisonedLabels(at="1d", flipped=-1), "poisoned labels.flipped is -1"),
        (lambda: Labels(corrected=2), "labels.corrected is 2"),
    ],
)
def test_impossible_faults_of_labels_are_refused(make: Any, words: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(words)
