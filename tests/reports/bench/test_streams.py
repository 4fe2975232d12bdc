"""Streams change where they say, as they say, by luck that belongs to a run alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.bench.modelled import Modelled
from reports.bench.recorded import read
from reports.bench.streams import SHAPES, Changing

Floats = NDArray[np.float64]


def mean_of(stream: Changing, runs: int = 400) -> Floats:
    return np.asarray(np.mean([stream.draw(run)[0] for run in range(runs)], axis=0))


def test_an_abrupt_change_is_at_its_place() -> None:
    stream = Changing(name="s", n=400, burn_in=200, width=100)
    mean, error = mean_of(stream), np.sqrt(0.25 / (400 * 200))
    assert abs(mean[:200].mean() - 0.2) < 4.5 * error
    assert abs(mean[200:].mean() - 0.3) < 4.5 * error
    assert stream.draw(0)[1] == ((200, 200),)


@pytest.mark.parametrize("shape", ["gradual", "incremental"])
def test_slow_changes_rise_evenly_on_average(shape: str) -> None:
    stream = Changing(
        name="s", shape=shape, n=600, burn_in=100, width=400, before=0.1, after=0.9, stretch=20
    )
    mean = mean_of(stream)
    error = np.sqrt(0.25 / (400 * 20))  # whole stretches share their chance
    assert abs(mean[280:320].mean() - 0.5) < 4.5 * error
    assert mean[:100].mean() < 0.12
    assert mean[500:].mean() > 0.88
    assert stream.draw(0)[1] == ((100, 500),)


def test_gradual_is_old_or_new_and_incremental_is_between() -> None:
    settings = {"n": 600, "burn_in": 100, "width": 400, "stretch": 20}
    between = Changing(
        name="s", shape="incremental", kind="gaussian", before=0, after=1, spread=1e-6, **settings
    ).draw(1)[0]
    either = Changing(
        name="s", shape="gradual", kind="gaussian", before=0, after=1, spread=1e-6, **settings
    ).draw(1)[0]
    assert 0.45 < between[300] < 0.55
    assert np.minimum(abs(either), abs(either - 1)).max() < 1e-4
    assert np.diff(either[100:500].round()).any()


def test_a_recurring_change_comes_and_goes() -> None:
    stream = Changing(name="s", shape="recurring", n=1000, burn_in=200, width=1, every=200)
    assert stream.drifts == ((200, 200), (400, 400), (600, 600), (800, 800))
    mean = mean_of(stream).reshape(5, 200).mean(axis=1)
    assert np.abs(mean - [0.2, 0.3, 0.2, 0.3, 0.2]).max() < 4.5 * np.sqrt(0.25 / 80_000)


def test_shapes_share_their_luck_until_the_change() -> None:
    first = [Changing(name=shape, shape=shape).draw(7)[0][:5000] for shape in SHAPES]
    assert all((values == first[0]).all() for values in first)


def test_calibration_and_scoring_have_luck_of_their_own() -> None:
    stream = Changing(name="s", shape="stationary")
    assert (stream.calm(3, 10_000) != stream.draw(3)[0]).any()
    assert (stream.draw(3)[0] == stream.draw(3)[0]).all()
    agree = np.mean(stream.calm(3, 10_000) == stream.draw(3)[0])
    assert abs(agree - 0.68) < 4.5 * np.sqrt(0.68 * 0.32 / 10_000)


def test_the_errors_of_a_model_rise_when_its_world_turns() -> None:
    stream = Modelled(n=3000, burn_in=1500, trained_on=5000)
    rates = []
    for run in range(5):
        values, drifts = stream.draw(run)
        assert drifts == ((1500, 1500),)
        assert len(values) == 3000
        rates.append([values[:1500].mean(), values[1500:].mean()])
    before, after = np.mean(rates, axis=0)
    assert 0.19 < before < 0.24
    assert 0.27 < after < 0.34
    assert stream.calm(0, 2500).mean() < 0.25


def test_a_file_of_errors_is_read_with_its_drifts(tmp_path: Path) -> None:
    file = tmp_path / "errors.csv"
    rows = ["error,run,drift"]
    rows += [f"{i % 5 == 0:d},{run},{int(i == 60)}" for run in "ab" for i in range(100)]
    file.write_text("\n".join(rows))
    stream = read(str(file), late=3)
    assert (stream.name, stream.runs, stream.n, stream.late) == ("errors", 2, 100, 3)
    values, drifts = stream.draw(1)
    assert values.sum() == 20
    assert drifts == ((60, 60),)
    assert stream.normal.kind == "bernoulli"
    assert stream.normal.before == 0.2
    assert read(str(file), drifts=(10,)).draw(0)[1] == ((10, 10), (60, 60))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("error\n0\nx\n", "row 3: error is x: give a number"),
        ("error\n0\nnan\n", "row 3: error is nan"),
        ("a,b\n0,1\n", "has columns a, b: name one error"),
        ("error\n", "has no rows"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=said):
        read(str(file))


def test_a_drift_beyond_the_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("error\n0\n1\n")
    with pytest.raises(ValueError, match="--drifts is 7"):
        read(str(file), drifts=(7,))


def test_wrong_streams_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"stream s\.before is 0"):
        Changing(name="s", before=0.0)
    with pytest.raises(ValueError, match=r"stream s\.n is 100: too short"):
        Changing(name="s", n=100)
