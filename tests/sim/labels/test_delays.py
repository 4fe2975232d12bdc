"""Delays that are known from experience, or differ by segment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.chance import Luck
from sim.clock import us
from sim.concepts import Linear
from sim.digest import digest
from sim.errors import Mistake
from sim.labels import Constant, Empirical, Labels, PerSegment
from sim.scenario import Scenario
from sim.stream import Stream
from sim.traffic import Segments

KNOWN = ("1h", "2h", "2h", "3d")


def test_known_durations_come_as_often_as_they_are_named() -> None:
    drawn_us = np.asarray(Empirical(durations=KNOWN).draw_us(Luck(1), 0, 40_000))
    for duration, share in (("1h", 0.25), ("2h", 0.5), ("3d", 0.25)):
        hits = int((drawn_us == us(duration)).sum())
        assert abs(hits - 40_000 * share) < 4.5 * np.sqrt(40_000 * share * (1 - share))


@pytest.mark.parametrize(("share", "expected"), [(0.0, "1h"), (0.25, "1h"), (0.5, "2h"), (1, "3d")])
def test_quantiles_are_those_of_the_durations(share: float, expected: str) -> None:
    assert Empirical(durations=KNOWN).quantile_us(share) == us(expected)


def test_what_a_file_holds_counts_and_not_where_it_lies(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("delay\n1h\n2h\n\n2h\n3d\n")
    one, two = (Empirical(file=str(tmp_path / name)) for name in ("a.csv", "b.csv"))
    assert one == two == Empirical(durations=KNOWN)
    assert digest(one) == digest(two)
    assert "csv" not in repr(one)


def test_many_durations_are_told_in_short() -> None:
    assert repr(Empirical(durations=("1d",) * 2000)) == "Empirical(2,000 durations, median 1d)"


def test_each_segment_waits_in_its_own_way() -> None:
    segments = Segments(names=("web", "app", "shop"))
    delay = PerSegment(
        segments=("shop", "web"),
        delays=(Constant(delay="2d"), Empirical(durations=KNOWN)),
        rest=Constant(delay="5h"),
    )
    times = np.arange(3_000, dtype=np.int64) * 1_000_000
    segment = (np.arange(3_000) % 3).astype(np.int8)
    due = Labels(delay=delay).due(Luck(3), 0, times, times, segment, segments)
    waited = (due >> 3) - times
    assert (waited[segment == 2] == us("2d")).all()
    assert (waited[segment == 1] == us("5h")).all()
    assert set(waited[segment == 0].tolist()) == {us(duration) for duration in KNOWN}
    assert delay.quantile_us(0.9) == us("3d")


def scenario(delay: Any, segments: Segments | None = None) -> Scenario:
    stream = Stream(concept=Linear(columns=3), segments=segments)
    return Scenario(name="x", stream=stream, labels=Labels(delay=delay))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Empirical(), "labels.durations is ()"),
        (lambda: Empirical(durations=("1d", "soon")), "labels.durations is 'soon'"),
        (lambda: Empirical(durations=("1d", "-2d")), "labels.durations is '-2d'"),
        (lambda: Empirical(file="no such file"), "labels.file is 'no such file'"),
        (lambda: PerSegment(segments=("a",), delays=()), "labels.delays is ()"),
        (
            lambda: scenario(PerSegment(segments=("a",), delays=(Constant(),))),
            "labels.segments is ('a',)",
        ),
        (
            lambda: scenario(
                PerSegment(segments=("a",), delays=(Constant(),)), Segments(names=("b", "c"))
            ),
            "labels.segments is 'a'",
        ),
    ],
)
def test_impossible_delays_are_refused(make: Any, words: str) -> None:
    with pytest.raises(Mistake) as refusal:
        make()
    assert str(refusal.value).startswith(words)


def test_a_line_that_is_no_duration_is_named(tmp_path: Path) -> None:
    path = tmp_path / "delays.csv"
    path.write_text("1h\nsoon\n")
    with pytest.raises(Mistake, match="line 2"):
        Empirical(file=str(path))


def test_a_file_without_a_duration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "delays.csv"
    path.write_text("delay\n")
    with pytest.raises(Mistake, match="it holds no duration"):
        Empirical(file=str(path))
