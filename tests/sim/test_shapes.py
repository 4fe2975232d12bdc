"""Shapes: how a change comes and goes, on any page alone, and what the ledger says of it."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.chance import Luck
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import Linear, Stagger
from sim.drift import CategoryShift, ConceptDrift, CovariateShift, Drift
from sim.errors import Mistake
from sim.facts import Ended, Onset
from sim.labels import Labels
from sim.losses import ZeroOne
from sim.run import run
from sim.scenario import Launch, Scenario
from sim.source import Source
from sim.stream import Stream
from sim.traffic import Traffic
from strategies import presets

LIMIT = 4.5
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def gone(drift: Drift, times_us: Ints, page: int = 0, *, always: bool = False) -> Floats:
    """Return the progress of each record, as an array."""
    progress = drift.progress(times_us, Luck(1), page, always=always)
    return np.broadcast_to(np.asarray(progress, dtype=np.float64), (len(times_us),))


def hours(start: int, stop: int) -> Ints:
    """Return six times an hour."""
    return np.arange(start * 6, stop * 6, dtype=np.int64) * (HOUR_US // 6)


def truths(stream: Stream, days: int = 60) -> tuple[Ints, Floats]:
    """Return times and features of the first *days*."""
    source = Source(
        stream=stream, faults=(), labels=Labels(), loss=ZeroOne(), seed=3, tick_us=HOUR_US
    )
    pages = range(source.grid.page_at(days * DAY_US))
    found = [source.page(number, {}).truth for number in pages]
    return np.concatenate([t.times_us for t in found]), np.concatenate([t.x for t in found])


def stream(concept: Any, *drifts: Drift, rhythms: tuple[Drift, ...] = ()) -> Stream:
    return Stream(concept=concept, traffic=Traffic(rate="100/h"), drifts=drifts, rhythms=rhythms)


ALL_SHAPES: list[dict[str, str]] = [
    {"shape": "abrupt"},
    {"shape": "abrupt", "until": "9d"},
    {"shape": "gradual", "width": "5d"},
    {"shape": "incremental", "width": "5d", "until": "12d"},
    {"shape": "blip", "lasts": "30h"},
    {"shape": "recurring", "every": "3d", "lasts": "1d"},
    {"shape": "recurring", "every": "5d", "lasts": "2d", "width": "1d", "until": "14d"},
    {"shape": "seasonal", "every": "7d"},
    {"shape": "seasonal", "every": "40d", "until": "16d"},
]
every_shape = pytest.mark.parametrize("shape", ALL_SHAPES, ids=lambda s: " ".join(s.values()))


def test_a_blip_undoes_itself() -> None:
    drift = CovariateShift(at="4d", shape="blip", lasts="30h")
    times_us = hours(0, 300)
    assert np.array_equal(gone(drift, times_us), (times_us >= us("4d")) & (times_us < us("126h")))


def test_a_recurring_drift_comes_and_goes_until_it_stops() -> None:
    drift = CovariateShift(at="2d", shape="recurring", every="5d", lasts="36h", until="13d")
    day = hours(0, 800) / DAY_US
    expected = np.zeros(len(day))
    for start, stop in ((2, 3.5), (7, 8.5), (12, 13)):
        expected[(day >= start) & (day < stop)] = 1
    assert np.array_equal(gone(drift, hours(0, 800)), expected)


def test_a_recurring_drift_with_a_width_comes_as_a_mixture_each_time() -> None:
    drift = CovariateShift(at="1d", shape="recurring", every="4d", lasts="3d", width="2d")
    times_us = np.arange(0, 40 * DAY_US, us("20s"), dtype=np.int64)
    taken = gone(drift, times_us)
    assert set(np.unique(taken)) == {0.0, 1.0}
    into = (times_us / DAY_US - 1) % 4
    for low in np.arange(0, 4, 0.25):
        rows = (into >= low) & (into < low + 0.25) & (times_us >= DAY_US)
        share = min((low + 0.125) / 2, 1.0) if low < 3 else 0.0
        error = sqrt(max(share * (1 - share), 1e-12) / rows.sum())
        assert abs(taken[rows].mean() - share) <= LIMIT * error


def test_a_season_is_a_smooth_wave_from_its_onset() -> None:
    drift = CovariateShift(at="3d", shape="seasonal", every="10d")
    day = hours(0, 1_000) / DAY_US
    wave = np.where(day < 3, 0.0, np.sin(np.pi * (day - 3) / 10) ** 2)
    assert gone(drift, hours(0, 1_000)) == pytest.approx(wave, abs=1e-12)
    assert gone(drift, np.array([us("8d")])) == pytest.approx([1.0])


@every_shape
def test_progress_is_the_same_however_time_is_cut(shape: dict[str, str]) -> None:
    drift: Drift = CovariateShift(at="4d", **shape)  # type: ignore[arg-type]
    times_us = hours(0, 600)
    whole = np.asarray(drift.gone(times_us))
    for size in (1, 7, 50):
        parts = [times_us[i : i + size] for i in range(0, len(times_us), size)]
        cut = [np.broadcast_to(np.asarray(drift.gone(part)), part.shape) for part in parts]
        assert np.array_equal(np.concatenate(cut), np.broadcast_to(whole, times_us.shape))


@every_shape
def test_a_page_of_it_drawn_alone_is_the_same_page(shape: dict[str, str]) -> None:
    drifts: Any = (
        CovariateShift(name="columns", at="2d", **shape),  # type: ignore[arg-type]
        ConceptDrift(name="rule", at="4d", to=Linear(rule="b"), **shape),
    )

    def source() -> Source:
        return Source(
            stream=stream(Linear(), *drifts),
            faults=(),
            labels=Labels(),
            loss=ZeroOne(),
            seed=5,
            tick_us=HOUR_US,
        )

    row = source()
    for number in range(12):
        page, alone = row.page(number, {}).truth, source().page(number, {}).truth
        assert np.array_equal(page.x, alone.x)
        assert np.array_equal(page.y, alone.y)
        assert np.array_equal(page.best, alone.best)


@every_shape
def test_the_ledger_tells_each_onset_and_end_as_it_happens(shape: dict[str, str]) -> None:
    """What is written is what the data do: between an end and the next onset nothing acts."""
    drift = CovariateShift(at="4d", columns=("x1",), **shape)  # type: ignore[arg-type]
    scenario = Scenario(
        name="told", stream=stream(Linear(), drift), horizon="3w", launch=Launch(window="3d")
    )
    facts = run(scenario, presets.never(), seed=1).facts
    onsets = [fact for fact in facts if isinstance(fact, Onset)]
    ends = {fact.name: fact.at_us for fact in facts if isinstance(fact, Ended)}
    assert len({onset.name for onset in onsets}) == len(onsets) > 0
    times_us = hours(0, 21 * 24)
    acts = np.asarray(drift.gone(times_us)) > 0
    told = np.zeros(len(times_us), dtype=bool)
    for onset in onsets:
        assert onset.columns == ("x1",)
        assert onset.severity == pytest.approx(1.0, rel=0.05)
        assert ends.get(onset.name) == (
            onset.ends_us if onset.ends_us is not None and onset.ends_us < us("3w") else None
        )
        told |= (times_us >= onset.at_us) & (times_us < ends.get(onset.name, us("3w")))
        height = np.asarray(drift.gone(np.array([onset.full_us - 1, onset.full_us])))
        if onset.ends_us is None or onset.full_us < onset.ends_us:
            assert np.broadcast_to(height, (2,))[1] == pytest.approx(1.0)
    differ = acts != told
    assert differ.mean() < 0.01  # a wave is 0 at its start and a width begins at 0
    assert not (acts & ~told).any()


def test_shapes_compose() -> None:
    """A season, a recurring shift and a blip on one column add up."""
    drifts = (
        CovariateShift(name="a", at="0", shape="seasonal", every="20d", shift=2.0),
        CovariateShift(name="b", at="5d", shape="recurring", every="10d", lasts="3d", shift=5.0),
        CovariateShift(name="c", at="6d", shape="blip", lasts="2d", shift=-7.0),
    )
    times_us, x = truths(stream(Linear(), *drifts))
    _, calm = truths(stream(Linear()))
    shift = sum(d.shift * np.asarray(d.gone(times_us)) for d in drifts)
    assert np.allclose(x, calm + np.asarray(shift)[:, None])


# -- rhythms -------------------------------------------------------------------------------------


def test_a_rhythm_is_ordinary_life() -> None:
    """It was there before the launch, the calm world has it, and it is no incident."""
    rhythm = CovariateShift(name="winter", at="3d", shape="seasonal", every="10d", shift=4.0)
    world = stream(Linear(), CovariateShift(at="8d"), rhythms=(rhythm,))
    assert world.calm().rhythms == (rhythm,)
    early = -hours(1, 300)[::-1]
    wave = np.sin(np.pi * (early / DAY_US - 3) / 10) ** 2
    assert gone(rhythm, early, always=True) == pytest.approx(wave, abs=1e-12)
    times_us, x = truths(world.calm(), days=30)
    wave = np.sin(np.pi * (times_us / DAY_US - 3) / 10) ** 2
    rest = x - 4.0 * wave[:, None]
    assert abs(rest.mean()) < LIMIT / sqrt(rest.size)
    scenario = Scenario(name="r", stream=world, horizon="2w", launch=Launch(window="3d"))
    facts = run(scenario, presets.never(), seed=1).facts
    assert [fact.name for fact in facts if isinstance(fact, Onset)] == ["covariate"]


def test_a_rhythm_comes_round() -> None:
    with pytest.raises(Mistake, match=r"covariate\.shape is 'abrupt': a rhythm is"):
        stream(Linear(), rhythms=(CovariateShift(at="3d"),))
    weekly = CovariateShift(at="3d", shape="recurring", every="7d", lasts="2d")
    with pytest.raises(Mistake, match="name of its own"):
        stream(Linear(), CovariateShift(at="3d"), rhythms=(weekly,))


# -- categories ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [{}, {"shape": "gradual", "width": "30d"}])
def test_a_category_shift_brings_its_mix(shape: dict[str, str]) -> None:
    mix = (0.1, 0.2, 0.3, 0.4)
    drift = CategoryShift(at="20d", columns=("color",), mix=mix, **shape)
    times_us, x = truths(stream(Stagger(), drift), days=80)
    _, calm = truths(stream(Stagger()), days=80)
    before, after = times_us < us("20d"), times_us >= us("50d")
    assert np.array_equal(x[before], calm[before])
    assert np.array_equal(x[:, [0, 2]], calm[:, [0, 2]])
    middle = (times_us >= us("34d")) & (times_us < us("36d"))
    part = 0.5 if shape else 1.0
    for code, share in enumerate(mix):
        for rows, weight in ((after, 1.0), (middle, part)):
            expected = weight * share + (1 - weight) * (code < 3) / 3
            error = sqrt(expected * (1 - expected) / rows.sum())
            assert abs((x[rows, 1] == code).mean() - expected) < LIMIT * error


def test_how_y_follows_from_the_categories_stays() -> None:
    drift = CategoryShift(at="10d", columns=("size", "color"), mix=(0.7, 0.1, 0.1, 0.1))
    world = stream(Stagger(function=1, noise=0.0), drift)
    source = Source(
        stream=world, faults=(), labels=Labels(), loss=ZeroOne(), seed=3, tick_us=HOUR_US
    )
    truth = source.page(source.grid.page_at(us("20d")), {}).truth
    assert np.array_equal(truth.y, Stagger(function=1).best(truth.x))
    assert truth.x.max() == 3


def test_the_severity_of_a_category_shift_is_the_share_that_lies_elsewhere() -> None:
    drift = CategoryShift(at="1d", columns=("size",), mix=(0.0, 0.5, 0.25, 0.25))
    found = stream(Stagger(), drift).severity(drift)
    expected = (1 / 3 + 1 / 6 + 1 / 12 + 1 / 4) / 2
    assert found == pytest.approx(expected, abs=0.02)


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "line"),
    [
        ({"shape": "blip"}, "covariate.lasts is '': shape blip needs one"),
        (
            {"shape": "blip", "lasts": "1d", "until": "9d"},
            "covariate.until is '9d': shape blip has none: give at and lasts",
        ),
        ({"shape": "blip", "lasts": "1d", "width": "1h"}, "covariate.width is '1h'"),
        ({"shape": "recurring", "every": "5d"}, "covariate.lasts is ''"),
        ({"shape": "recurring", "lasts": "5d"}, "covariate.every is ''"),
        ({"shape": "recurring", "every": "5d", "lasts": "5d"}, "covariate.lasts is '5d'"),
        (
            {"shape": "recurring", "every": "5d", "lasts": "2d", "width": "3d"},
            "covariate.width is '3d': it must fit into 2d",
        ),
        ({"shape": "seasonal"}, "covariate.every is ''"),
        ({"shape": "seasonal", "every": "5d", "lasts": "1d"}, "covariate.lasts is '1d'"),
        ({"shape": "seasonal", "every": "5d", "width": "1d"}, "covariate.width is '1d'"),
        ({"shape": "abrupt", "every": "5d"}, "covariate.every is '5d'"),
        ({"shape": "gradual", "width": "5d", "lasts": "9d"}, "covariate.lasts is '9d'"),
        ({"shape": "incremental"}, "covariate.width is '0s'"),
        ({"shape": "recuring"}, "covariate.shape is 'recuring': did you mean 'recurring'?"),
        ({"shape": "blip", "lasts": "soon"}, "covariate.lasts is 'soon'"),
    ],
)
def test_a_shape_takes_position_and_length_one_way_only(shape: dict[str, str], line: str) -> None:
    with pytest.raises(Mistake) as refusal:
        CovariateShift(at="4d", **shape)  # type: ignore[arg-type]
    assert str(refusal.value).startswith(line)


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: CategoryShift(at="1d", columns=(), mix=(1.0,)), "category mix.columns is ()"),
        (
            lambda: CategoryShift(at="1d", columns=("size",), mix=(0.5, 0.4)),
            "category mix.mix is (0.5, 0.4): shares add up to 1",
        ),
        (
            lambda: stream(Linear(), CategoryShift(at="1d", columns=("x0",), mix=(1.0,))),
            "category mix.columns is 'x0': it holds numbers",
        ),
        (
            lambda: stream(Stagger(), CategoryShift(at="1d", columns=("colour",), mix=(1.0,))),
            "category mix.columns is 'colour': did you mean 'color'?",
        ),
        (
            lambda: stream(Stagger(), CovariateShift(at="1d", columns=("size",))),
            "covariate.columns is 'size': a category cannot be shifted",
        ),
        (lambda: stream(Stagger(), CovariateShift(at="1d")), "covariate.columns is ()"),
    ],
)
def test_categories_and_numbers_are_told_apart(make: Any, line: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(line)
