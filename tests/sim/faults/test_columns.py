"""Faults of columns, each against a direct statement of what it should do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import SEA, Concept, Linear, LinearRegression, Stagger
from sim.errors import Mistake
from sim.faults import (
    AddedColumn,
    DefaultFill,
    Drop,
    Fault,
    FrozenFeed,
    Leak,
    NewCategory,
    NullBurst,
    Recode,
    Rename,
    Swap,
    TimeZoneShift,
    Truncation,
    TypeChange,
    UnitChange,
)
from sim.labels import Labels
from sim.losses import Squared, ZeroOne
from sim.scenario import Scenario
from sim.source import Page, Source
from sim.stream import Stream
from sim.traffic import Traffic
from sim.wire import ABSENT, MISTYPED, NULL, OK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TRAFFIC = Traffic(rate="200/h", arrivals="even")
LINEAR: Concept = Linear(columns=4)
COLORS: Concept = Stagger()


def source(*faults: Fault, concept: Concept = LINEAR, seed: int = 5) -> Source:
    stream = Stream(concept=concept, traffic=TRAFFIC)
    loss = ZeroOne() if concept.classes else Squared()
    return Source(
        stream=stream, faults=faults, labels=Labels(), loss=loss, seed=seed, tick_us=HOUR_US
    )


def pages(*faults: Fault, concept: Concept = LINEAR, days: int = 12) -> list[Page]:
    feed = source(*faults, concept=concept)
    return [feed.page(n, {}) for n in range(feed.grid.page_at(days * DAY_US))]


def states(page: Page, column: int) -> NDArray[np.uint8]:
    if page.wire.state is None:
        return np.zeros(len(page), dtype=np.uint8)
    return page.wire.state[:, column]


def test_a_changed_type_leaves_cells_that_nobody_can_use() -> None:
    for page in pages(TypeChange(at="5d", columns=("x1",))):
        hit = page.truth.times_us >= us("5d")
        assert np.array_equal(states(page, 1), np.where(hit, MISTYPED, OK))
        assert np.array_equal(np.isnan(page.wire.x[:, 1]), hit)


def test_an_added_column_comes_beside_the_agreed_ones() -> None:
    values = []
    for page in pages(AddedColumn(at="5d", columns=("a", "b"))):
        hit = page.truth.times_us >= us("5d")
        assert [added.name for added in page.wire.added] == ["a", "b"] * bool(hit.any())
        assert np.array_equal(page.wire.x, page.truth.x)
        for added in page.wire.added:
            assert np.array_equal(~np.isnan(added.values), hit)
            values.append(added.values[hit])
    drawn = np.concatenate(values)
    assert abs(drawn.mean()) < 4.5 / np.sqrt(len(drawn))
    assert len(np.unique(drawn)) == len(drawn)


def test_categories_are_recoded_by_the_order_that_is_given() -> None:
    name = COLORS.schema.names[0]
    fault = Recode(at="5d", columns=(name,), order=(2, 0, 1))
    for page in pages(fault, concept=COLORS):
        hit = page.truth.times_us >= us("5d")
        for old, new in enumerate((2, 0, 1)):
            rows = hit & (page.truth.x[:, 0] == old)
            assert (page.wire.x[rows, 0] == new).all()
        assert np.array_equal(page.wire.x[~hit], page.truth.x[~hit])


def test_without_an_order_every_code_moves_and_each_comes_once() -> None:
    name, orders = COLORS.schema.names[0], set()
    for seed in range(20):
        feed = source(Recode(at="0s", columns=(name,)), concept=COLORS, seed=seed)
        page = feed.page(0, {})
        pairs = set(zip(page.truth.x[:, 0].tolist(), page.wire.x[:, 0].tolist(), strict=True))
        assert len(pairs) == len(COLORS.schema.columns[0].categories)
        assert len({new for _, new in pairs}) == len(pairs)
        assert all(old != new for old, new in pairs)
        orders.add(frozenset(pairs))
        again = feed.page(7, {})
        assert set(zip(again.truth.x[:, 0], again.wire.x[:, 0], strict=True)) == pairs
    assert len(orders) > 1


def test_a_new_category_takes_the_place_of_an_old_one() -> None:
    name = COLORS.schema.names[1]
    count = len(COLORS.schema.columns[1].categories)
    for page in pages(NewCategory(at="5d", columns=(name,), code=1), concept=COLORS):
        hit = (page.truth.times_us >= us("5d")) & (page.truth.x[:, 1] == 1)
        assert np.array_equal(page.wire.x[:, 1], np.where(hit, count, page.truth.x[:, 1]))
        broken = page.wire.broken
        assert broken is not None
        assert np.array_equal(broken, hit)


def test_swapped_columns_move_round_with_all_that_is_wrong_with_them() -> None:
    faults = (
        NullBurst(at="5d", columns=("x2",), share=0.5),
        Swap(at="5d", columns=("x0", "x2", "x3")),
    )
    for page in pages(*faults):
        hit = page.truth.times_us >= us("5d")
        moved = page.truth.x[:, [2, 1, 3, 0]]
        empty = np.isnan(page.wire.x[:, 0])
        assert empty[~hit].sum() == 0
        expected = np.where(hit[:, None], moved, page.truth.x)
        expected[empty, 0] = np.nan
        assert np.array_equal(page.wire.x, expected, equal_nan=True)
        assert np.array_equal(states(page, 0), np.where(empty, NULL, OK))
        assert not states(page, 2).any()
    assert 0.3 < empty.mean() < 0.7


@pytest.mark.parametrize("value", [0.0, -999.0, None])
def test_a_default_stands_where_the_value_should(value: float | None) -> None:
    usual = float(source().page(-1, {}).truth.x[:, 2].mean()) if value is None else value
    faults = (
        NullBurst(at="4d", columns=("x2",)),
        DefaultFill(at="5d", columns=("x2",), value=value),
    )
    for page in pages(*faults):
        filled = page.truth.times_us >= us("5d")
        assert (page.wire.x[filled, 2] == usual).all()
        assert (states(page, 2)[filled] == OK).all()


def test_the_usual_category_is_the_commonest() -> None:
    name = COLORS.schema.names[0]
    before = source(concept=COLORS).page(-1, {}).truth.x[:, 0].astype(int)
    page = pages(DefaultFill(at="0s", columns=(name,)), concept=COLORS)[3]
    assert (page.wire.x[:, 0] == np.bincount(before).argmax()).all()


@pytest.mark.parametrize(("decimals", "unit"), [(0, 1.0), (1, 0.1), (-1, 10.0)])
def test_digits_are_cut_off_towards_zero(decimals: int, unit: float) -> None:
    for page in pages(Truncation(at="5d", columns=("x1",), decimals=decimals)):
        hit = page.truth.times_us >= us("5d")
        told, true = page.wire.x[hit, 1], page.truth.x[hit, 1]
        assert (np.abs(told) <= np.abs(true)).all()
        assert (np.abs(true - told) < unit).all()
        assert np.allclose(told / unit, np.round(told / unit), atol=1e-9)


@pytest.mark.parametrize("hours", [2.0, -3.0, 24.0])
def test_a_clock_in_another_zone_goes_round_its_day(hours: float) -> None:
    concept = SEA()  # its columns go from 0 to 10
    for page in pages(TimeZoneShift(at="5d", columns=("x1",), hours=hours), concept=concept):
        hit = page.truth.times_us >= us("5d")
        turns = (page.wire.x[hit, 1] - page.truth.x[hit, 1] - hours * 10 / 24) / 10
        assert np.allclose(turns, np.round(turns), atol=1e-9)
        assert ((page.wire.x[:, 1] >= 0) & (page.wire.x[:, 1] <= 10)).all()


def test_a_frozen_source_repeats_its_last_record() -> None:
    fault = FrozenFeed(at="5d", columns=("x0", "x3"), share=0.6)
    feed, calm = source(fault), source()
    everything = [calm.page(n, {}) for n in range(-3, 13)]
    times = np.concatenate([p.truth.times_us for p in everything])
    x = np.concatenate([p.truth.x for p in everything])
    whence = np.concatenate([_sources(calm, p) for p in everything])
    frozen: set[int] = set()
    for number in (12, 6, 8):
        page = feed.page(number, {})
        origins, hit = _sources(feed, page), page.truth.times_us >= us("5d")
        for source_ in range(50):
            rows = hit & (origins == source_)
            if not (page.wire.x[rows, 0] != page.truth.x[rows, 0]).any():
                assert np.array_equal(page.wire.x[rows], page.truth.x[rows])
                continue
            frozen.add(source_)
            last = np.flatnonzero((times < us("5d")) & (whence == source_))[-1]
            assert (page.wire.x[rows][:, [0, 3]] == x[last, [0, 3]]).all()
            assert np.array_equal(page.wire.x[rows, 1], page.truth.x[rows, 1])
    assert len(frozen) == 30


def test_sources_freeze_one_by_one_each_at_its_own_last_record() -> None:
    fault = FrozenFeed(at="3d", width="5d", columns=("x0",))
    feed = source(fault)
    run = [feed.page(n, {}) for n in range(feed.grid.page_at(us("11d")))]
    told = np.concatenate([p.wire.x[:, 0] for p in run])
    true = np.concatenate([p.truth.x[:, 0] for p in run])
    times = np.concatenate([p.truth.times_us for p in run])
    whence = np.concatenate([_sources(feed, p) for p in run])
    starts = []
    for source_ in range(50):
        rows = np.flatnonzero(whence == source_)
        first = int(np.flatnonzero(told[rows] != true[rows])[0])
        assert (told[rows[first:]] == true[rows[first - 1]]).all()
        starts.append(times[rows[first]])
    expected = us("3d") + us("5d") * (np.arange(50) + 0.5) / 50
    late = np.sort(starts) - expected
    assert (late >= 0).all()
    assert late.mean() < us("1h")


def test_a_feed_that_froze_empty_stays_empty() -> None:
    faults = (
        NullBurst(at="4d", until="6d", columns=("x0",)),
        FrozenFeed(at="5d", columns=("x0",)),
    )
    page = pages(*faults)[-1]
    assert page.truth.times_us[0] > us("6d")
    assert (states(page, 0) == NULL).all()


@pytest.mark.parametrize("strength", [3.0, -1.0])
def test_a_leak_writes_the_outcome_into_storage_alone(strength: float) -> None:
    for page in pages(Leak(at="5d", columns=("x1",), strength=strength)):
        hit = page.truth.times_us >= us("5d")
        told = page.truth.x[:, 1] + strength * (2 * page.truth.y - 1)
        assert np.array_equal(page.stored.x[:, 1], np.where(hit, told, page.truth.x[:, 1]))
        assert np.array_equal(page.wire.x, page.truth.x)


def test_a_leak_of_a_number_and_into_a_category() -> None:
    page = pages(Leak(at="0s", columns=("x1",)), concept=LinearRegression(columns=3))[2]
    assert np.array_equal(page.stored.x[:, 1], page.truth.x[:, 1] + 3.0 * page.truth.y)
    page = pages(Leak(at="0s", columns=(COLORS.schema.names[0],)), concept=COLORS)[2]
    assert np.array_equal(page.stored.x[:, 0], page.truth.y)


@pytest.mark.parametrize("reach", ["both", "service", "storage"])
def test_the_reach_says_who_sees_a_fault(reach: str) -> None:
    fault = UnitChange(at="5d", columns=("x0",), reach=reach)
    for page in pages(fault):
        hit = page.truth.times_us >= us("5d")
        spoilt = np.where(hit, page.truth.x[:, 0] * 1000.0, page.truth.x[:, 0])
        sound = page.truth.x[:, 0]
        assert np.array_equal(page.wire.x[:, 0], sound if reach == "storage" else spoilt)
        assert np.array_equal(page.stored.x[:, 0], sound if reach == "service" else spoilt)
        assert (page.stored is page.wire) == (reach == "both" or not hit.any())


def test_faults_of_different_reach_do_not_touch_each_other() -> None:
    faults = (
        UnitChange(at="0s", columns=("x0",), factor=2.0, reach="service", name="a"),
        UnitChange(at="0s", columns=("x0",), factor=3.0, reach="storage", name="b"),
        UnitChange(at="0s", columns=("x0",), factor=5.0, name="c"),
    )
    page = pages(*faults)[4]
    assert page.wire.x[:, 0] == pytest.approx(page.truth.x[:, 0] * 10)
    assert page.stored.x[:, 0] == pytest.approx(page.truth.x[:, 0] * 15)


LOST = (Drop(at="5d", columns=("x0",)), Rename(at="5d", columns=("x0",)))


@pytest.mark.parametrize("first", LOST)
@pytest.mark.parametrize(
    "then",
    [
        NullBurst(at="5d", columns=("x0",)),
        TypeChange(at="5d", columns=("x0",)),
        DefaultFill(at="5d", columns=("x0",)),
        FrozenFeed(at="5d", columns=("x0",)),
        UnitChange(at="5d", columns=("x0",)),
    ],
)
def test_a_column_that_does_not_arrive_cannot_be_spoilt_further(first: Fault, then: Fault) -> None:
    page = pages(first, then)[-1]
    assert (states(page, 0) == ABSENT).all()
    assert np.isnan(page.wire.x[:, 0]).all()


def test_an_empty_cell_has_no_type_and_an_unreadable_one_can_be_emptied() -> None:
    empty, typed = NullBurst(at="5d", columns=("x0",)), TypeChange(at="5d", columns=("x0",))
    assert (states(pages(empty, typed)[-1], 0) == NULL).all()
    assert (states(pages(typed, empty)[-1], 0) == NULL).all()


def scenario(fault: Fault, concept: Concept = LINEAR) -> Scenario:
    return Scenario(name="x", stream=Stream(concept=concept, traffic=TRAFFIC), faults=(fault,))


REFUSED: list[tuple[Any, str]] = [
    (lambda: scenario(AddedColumn(at="1d", columns=("x0",))), "added column.columns is 'x0'"),
    (lambda: scenario(Recode(at="1d", columns=("x0",))), "re-coded categories.columns is 'x0'"),
    (lambda: Recode(at="1d", columns=("x0",), order=(0, 2)), "re-coded categories.order is (0, 2)"),
    (
        lambda: scenario(Recode(at="1d", columns=(COLORS.schema.names[0],), order=(1, 0)), COLORS),
        "re-coded categories.order is (1, 0): give the new code of each of the 3",
    ),
    (lambda: scenario(NewCategory(at="1d", columns=("x0",))), "new category.columns is 'x0'"),
    (
        lambda: scenario(NewCategory(at="1d", columns=(COLORS.schema.names[0],), code=9), COLORS),
        "new category.code is 9",
    ),
    (lambda: Swap(at="1d", columns=("x0",)), "swapped columns.columns is ('x0',)"),
    (lambda: Truncation(at="1d", columns=("x0",), decimals=40), "precision truncation.decimals"),
    (lambda: scenario(TimeZoneShift(at="1d", columns=("x0",))), "time-zone shift.columns is 'x0'"),
    (
        lambda: scenario(UnitChange(at="1d", columns=(COLORS.schema.names[0],)), COLORS),
        f"unit change.columns is '{COLORS.schema.names[0]}': it holds categories",
    ),
    (
        lambda: scenario(Truncation(at="1d", columns=(COLORS.schema.names[0],)), COLORS),
        f"precision truncation.columns is '{COLORS.schema.names[0]}': it holds categories",
    ),
    (
        lambda: scenario(DefaultFill(at="1d", columns=COLORS.schema.names[:1], value=0.5), COLORS),
        "default fill.value is 0.5",
    ),
    (lambda: TimeZoneShift(at="1d", columns=("x0",), hours=99), "time-zone shift.hours is 99"),
    (lambda: Drop(at="1d", columns=("x0",), reach="all"), "drop.reach is 'all'"),
]


@pytest.mark.parametrize(("make", "words"), REFUSED)
def test_what_cannot_happen_to_a_column_is_refused(make: Any, words: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(words)


def _sources(feed: Source, page: Page) -> NDArray[np.int64]:
    return feed.luck.below(50, "source", len(page), page.number)
