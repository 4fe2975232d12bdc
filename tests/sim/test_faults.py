"""Faults: they spoil the columns that they name, for the share of sources that they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.actions import Action, PageOwner
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import Linear
from sim.errors import Mistake
from sim.facts import Answered, Ended, Onset
from sim.faults import Drop, Fault, NullBurst, Rename, UnitChange
from sim.labels import Labels
from sim.losses import ZeroOne
from sim.people import People
from sim.run import run
from sim.scenario import Scenario, Service
from sim.source import Page, Source
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View
from sim.wire import ABSENT, NULL, OK

LIMIT = 4.5
STREAM = Stream(concept=Linear(columns=4), traffic=Traffic(rate="200/h", arrivals="even"))
Rows = NDArray[np.bool_]


def source(*faults: Fault, seed: int = 5) -> Source:
    return Source(
        stream=STREAM, faults=faults, labels=Labels(), loss=ZeroOne(), seed=seed, tick_us=HOUR_US
    )


def pages(*faults: Fault, seed: int = 5, days: int = 20) -> list[Page]:
    feed = source(*faults, seed=seed)
    return [feed.page(n, {}) for n in range(feed.grid.page_at(days * DAY_US))]


def times(feed: list[Page]) -> NDArray[np.int64]:
    return np.concatenate([page.truth.times_us for page in feed])


def cells(feed: list[Page]) -> NDArray[np.float64]:
    return np.concatenate([page.wire.x for page in feed])


def state(feed: list[Page]) -> NDArray[np.uint8]:
    fine = [
        np.zeros(p.wire.x.shape, np.uint8) if p.wire.state is None else p.wire.state for p in feed
    ]
    return np.concatenate(fine)


def sources(feed: Source, page: Page) -> NDArray[np.int64]:
    return feed.luck.below(50, "source", len(page), page.number)


KINDS: list[tuple[Fault, int]] = [
    (Drop(at="5d", columns=("x1", "x3")), ABSENT),
    (Rename(at="5d", columns=("x1", "x3")), ABSENT),
    (NullBurst(at="5d", columns=("x1", "x3")), NULL),
]


@pytest.mark.parametrize(("fault", "left"), KINDS)
def test_a_fault_takes_the_cells_of_its_columns_from_its_onset_on(fault: Fault, left: int) -> None:
    feed, calm = pages(fault), pages()
    hit = times(feed) >= us("5d")
    for i in range(4):
        spoilt = hit if i in (1, 3) else np.zeros(len(hit), dtype=bool)
        assert (state(feed)[:, i] == np.where(spoilt, left, OK)).all()
        assert np.array_equal(np.isnan(cells(feed)[:, i]), spoilt)
        assert np.array_equal(cells(feed)[~spoilt, i], cells(calm)[~spoilt, i])


@pytest.mark.parametrize("fault", [f for f, _ in KINDS] + [UnitChange(at="5d", columns=("x0",))])
def test_a_fault_leaves_truth_labels_and_the_ideal_alone(fault: Fault) -> None:
    for spoilt, fine in zip(pages(fault), pages(), strict=True):
        for a, b in (
            (spoilt.truth.x, fine.truth.x),
            (spoilt.truth.y, fine.truth.y),
            (spoilt.label, fine.label),
            (spoilt.ideal, fine.ideal),
            (spoilt.due, fine.due),
            (spoilt.truth.ids, fine.truth.ids),
        ):
            assert np.array_equal(a, b)
        assert not spoilt.wire.x.flags.writeable


def test_renamed_cells_arrive_under_the_other_name() -> None:
    for page in pages(Rename(at="5d", columns=("x1", "x3"), suffix=" (new)")):
        hit = page.truth.times_us >= us("5d")
        assert [added.name for added in page.wire.added] == ["x1 (new)", "x3 (new)"] * bool(
            hit.any()
        )
        for column, added in zip((1, 3), page.wire.added, strict=False):
            assert np.array_equal(added.rows, hit)
            assert np.array_equal(added.values[hit], page.truth.x[hit, column])
            assert np.isnan(added.values[~hit]).all()


def test_another_unit_is_a_factor_and_an_offset() -> None:
    for page in pages(UnitChange(at="5d", columns=("x2",), factor=1.8, offset=32.0)):
        hit = page.truth.times_us >= us("5d")
        assert np.array_equal(page.wire.x[hit, 2], page.truth.x[hit, 2] * 1.8 + 32.0)
        assert np.array_equal(page.wire.x[~hit, 2], page.truth.x[~hit, 2])
        assert page.wire.state is None or not page.wire.state.any()


def test_faults_act_in_the_order_in_which_they_are_declared() -> None:
    unit = UnitChange(at="5d", columns=("x0",), factor=10.0)
    name, empty = Rename(at="5d", columns=("x0",)), NullBurst(at="5d", columns=("x1",))
    for first, second, factor in ((unit, name, 10.0), (name, unit, 1.0)):
        page = pages(first, empty, second)[-1]
        assert page.wire.added[0].values == pytest.approx(page.truth.x[:, 0] * factor)
        assert page.wire.state is not None
        assert (page.wire.state[:, :3] == [ABSENT, NULL, OK]).all()


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.5, 1.0])
def test_the_share_of_sources_that_is_hit_is_exact_and_they_stay_the_same(share: float) -> None:
    fault = Drop(at="0s", columns=("x0",), share=share)
    for seed in range(5):
        feed = source(fault, seed=seed)
        struck: set[int] = set()
        spared: set[int] = set()
        for number in range(5):
            page = feed.page(number, {})
            whence, hit = sources(feed, page), np.isnan(page.wire.x[:, 0])
            struck |= set(whence[hit].tolist())
            spared |= set(whence[~hit].tolist())
        assert len(struck) == round(50 * share)
        assert len(spared) == 50 - len(struck)


def test_sources_are_chosen_anew_for_each_fault_and_seed() -> None:
    chosen = set()
    for seed in range(10):
        for name in ("a", "b"):
            feed = source(Drop(at="0s", columns=("x0",), share=0.5, name=name), seed=seed)
            page = feed.page(0, {})
            chosen.add(frozenset(sources(feed, page)[np.isnan(page.wire.x[:, 0])].tolist()))
    assert len(chosen) == 20


def test_sources_change_over_one_by_one_and_none_goes_back() -> None:
    fault = Drop(at="5d", width="10d", columns=("x0",), share=0.8)
    feed = source(fault)
    onset: dict[int, int] = {}
    for page in pages(fault):
        whence, hit = sources(feed, page), np.isnan(page.wire.x[:, 0])
        for at_us, origin, gone in zip(page.truth.times_us, whence, hit, strict=True):
            if gone:
                onset.setdefault(int(origin), int(at_us))
            else:
                assert int(origin) not in onset
    assert len(onset) == 40
    starts = np.sort(list(onset.values()))
    expected = us("5d") + us("10d") * (np.arange(40) + 0.5) / 40
    assert (starts >= expected - 1).all()
    assert (starts - expected < HOUR_US * 5).all()


def test_until_ends_a_fault() -> None:
    feed = pages(NullBurst(at="5d", until="8d 3h", columns=("x0",)))
    hit = (times(feed) >= us("5d")) & (times(feed) < us("8d 3h"))
    assert np.array_equal(np.isnan(cells(feed)[:, 0]), hit)


@dataclass(frozen=True)
class Pages:
    """Calls *owner* on the day *at*."""

    owner: str = "data"
    at: str = "8d"
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        if view.reason == "heartbeat" and view.now_us == us(self.at):
            return [PageOwner(self.owner)]
        return []


@dataclass(frozen=True)
class Never:
    heartbeat: str = "0"

    def decide(self, view: View) -> list[Action]:
        return []


def world(*faults: Fault, **more: Any) -> Scenario:
    return Scenario(name="faulty", stream=STREAM, faults=faults, horizon="20d", **more)


def test_onset_and_end_are_in_the_ledger() -> None:
    fault = Drop(at="5d", until="9d", columns=("x0",), share=0.4, name="lost")
    ledger = run(world(fault), Never(), seed=1)
    (onset,), (ended,) = ledger.of(Onset), ledger.of(Ended)
    assert (onset.at_us, onset.ends_us, onset.name) == (us("5d"), us("9d"), "lost")
    assert (onset.incident, onset.columns, onset.severity) == ("drop", ("x0",), 0.4)
    assert (ended.at_us, ended.name, ended.why) == (us("9d"), "lost", "by itself")


def rejected(ledger: Any) -> NDArray[np.int64]:
    """Return how many records an hour broke a strict contract."""
    return np.asarray(ledger.timeline.count[:, 2])


def test_a_page_repairs_the_fault_from_the_next_epoch_on() -> None:
    fault = Drop(at="5d", columns=("x0",), fixed_by="data")
    people = People(data="90m", sigma=0.0, office=False)
    scenario = world(fault, people=people, service=Service(contract="strict"))
    ledger = run(scenario, Pages(), seed=1)
    (answered,), (ended,) = ledger.of(Answered), ledger.of(Ended)
    assert answered.at_us == us("8d 90m")
    assert ended.at_us == us("8d 2h")
    hit = np.zeros(480, dtype=bool)
    hit[5 * 24 : 8 * 24 + 2] = True
    assert np.array_equal(rejected(ledger), np.where(hit, 200, 0))
    assert ledger.requests["total"] == 20 * 24 * 200


def test_who_pages_the_wrong_owner_waits_for_nothing() -> None:
    fault = Drop(at="5d", columns=("x0",), fixed_by="data")
    scenario = world(fault, service=Service(contract="strict"))
    ledger = run(scenario, Pages(owner="model"), seed=1)
    assert ledger.of(Answered)[0].text.startswith("found nothing")
    assert not ledger.of(Ended)
    assert (rejected(ledger)[5 * 24 :] == 200).all()


def test_a_page_before_the_onset_repairs_nothing() -> None:
    fault = Drop(at="12d", columns=("x0",), fixed_by="data")
    scenario = world(fault, service=Service(contract="strict"))
    ledger = run(scenario, Pages(), seed=1)
    assert not ledger.of(Ended)
    assert (rejected(ledger)[12 * 24 :] == 200).all()


def test_people_answer_in_office_hours_counted_from_their_next_desk() -> None:
    fault = Drop(at="5d", columns=("x0",), fixed_by="data")
    scenario = world(fault, people=People(data="90m", sigma=0.0))
    ledger = run(scenario, Pages(at="12d"), seed=1)  # a Saturday, at midnight
    assert ledger.of(Answered)[0].at_us == us("2w 9h") + us("90m")


def test_how_long_an_owner_takes_does_not_depend_on_who_else_was_paged() -> None:
    @dataclass(frozen=True)
    class Both(Pages):
        def decide(self, view: View) -> list[Action]:
            pages = super().decide(view)
            return [PageOwner("model"), *pages] if pages else []

    alone = run(world(), Pages(), seed=1).of(Answered)
    both = [f for f in run(world(), Both(), seed=1).of(Answered) if f.owner == "data"]
    assert alone == both


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: world(Drop(at="1d", columns=("x9",))), "drop.columns is 'x9'"),
        (
            lambda: world(Drop(at="1d", columns=("x 0",), name="feed")),
            "feed.columns is 'x 0': did you",
        ),
        (lambda: Drop(at="1d", columns=()), "drop.columns is ()"),
        (lambda: Drop(at="1d", columns=("x0",), share=1.4), "drop.share is 1.4"),
        (lambda: Drop(at="1d", columns=("x0",), fixed_by="boss"), "drop.fixed_by is 'boss'"),
        (lambda: NullBurst(at="-1d", columns=("x0",)), "null burst.at is '-1d'"),
        (
            lambda: world(Drop(at="1d", columns=("x0",)), Drop(at="2d", columns=("x1",))),
            "drop.name is 'drop': 2 drifts or faults are called so",
        ),
    ],
)
def test_an_impossible_fault_is_refused(make: object, words: str) -> None:
    assert callable(make)
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(words)


def test_the_truth_is_what_it_was_though_the_wire_was_spoilt_in_place() -> None:
    def drawn(*faults: Fault) -> Source:
        traffic = Traffic(rate="60/h", arrivals="even", sources=4)
        return Source(
            stream=Stream(concept=Linear(columns=4), traffic=traffic),
            faults=faults,
            labels=Labels(),
            loss=ZeroOne(),
            seed=3,
            tick_us=us("1h"),
        )

    spoiling = (
        UnitChange(at="0s", columns=("x0",), factor=10.0, fixed_by="data"),
        NullBurst(at="0s", columns=("x1", "x0"), share=0.5, reach="service"),
        Drop(at="0s", columns=("x3",), reach="storage"),
    )
    feed, calm = drawn(*spoiling), drawn()
    for number in range(4):
        page, whole = feed.page(number, {}), calm.page(number, {})
        mended = feed.page(number, {"unit change": 0})
        assert np.array_equal(page.truth.x, whole.truth.x)
        assert mended.truth is page.truth  # drawn once, under either state of repair
        assert np.array_equal(mended.stored.x[:, :3], whole.truth.x[:, :3])
        assert np.array_equal(page.stored.x[:, 0], whole.truth.x[:, 0] * 10.0)
        assert np.array_equal(page.wire.x[:, 2:], whole.truth.x[:, 2:])
        assert np.isnan(page.wire.x[:, 1]).any()
        assert not any(a.flags.writeable for a in (page.wire.x, page.stored.x, page.truth.x))
