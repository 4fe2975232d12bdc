"""The conformance check finds what it looks for, and finds nothing in what is sound."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from menelaus.change_detection import PageHinkley as MenelausPageHinkley
from river import drift

from strategies import detectors
from strategies.detectors import CUSUM, OnWindows, PageHinkley
from strategies.detectors.check import check_detector, jump

DEAF = {"ADWIN", "PageHinkley"}
"""they follow River through NaN, and hear nothing afterwards, as River's do"""


class Menelaus:
    """Any stream detector of menelaus, as docs/detectors.md wraps it in five lines."""

    def __init__(self, make: Any) -> None:
        self.inner = make()

    def update(self, x: float) -> None:
        self.inner.update(x)

    @property
    def drift_detected(self) -> bool:
        return bool(self.inner.drift_state == "drift")


def test_a_detector_of_menelaus_works_when_wrapped() -> None:
    wrapped = Menelaus(MenelausPageHinkley)
    found = []
    for i, x in enumerate(jump().tolist()):
        wrapped.update(x)
        found += [i] if wrapped.drift_detected else []
    assert any(3000 <= place < 3100 for place in found)


def made(name: str) -> Any:
    kind = getattr(detectors, name)
    if kind is detectors.Level:
        return kind(limit=0.5, window=100, side="above")
    if kind is OnWindows:
        return OnWindows(detector=detectors.PSI())
    return kind(seed=1) if "seed" in kind.__dataclass_fields__ else kind()


@pytest.mark.parametrize("name", detectors.__all__)
def test_ours_are_sound(name: str) -> None:
    found = check_detector(made(name))
    if name in DEAF:
        assert found
        assert all("in silence and never alarms again" in line for line in found)
    elif name == "Level":  # what stays beyond its limit is the same trouble
        assert len(found) == 1
        assert "remembers something after an alarm" in found[0]
    else:
        assert found == []


def test_rivers_page_hinkley_is_sound_but_for_nan() -> None:
    found = check_detector(drift.PageHinkley())
    assert len(found) == 1
    assert "NaN in silence" in found[0]


class Limit:
    """Alarms above a mean of the last twenty; the faults below are variations of it."""

    def __init__(self) -> None:
        self.recent: list[float] = []
        self.drift_detected = False

    def update(self, x: float) -> None:
        if self.drift_detected:
            self.recent, self.drift_detected = [], False
        if not 0 <= x <= 1:
            raise ValueError(f"Limit takes numbers from 0 to 1, got {x!r}")
        self.recent = [*self.recent[-19:], x]
        self.drift_detected = len(self.recent) == 20 and sum(self.recent) > 14


class ForgetsNothing(Limit):
    def update(self, x: float) -> None:
        self.seen = getattr(self, "seen", 0) + 1
        super().update(x)
        self.drift_detected = self.drift_detected and self.seen % 3 > 0


NUMBERS = count()


class LuckOfItsOwn(Limit):
    def update(self, x: float) -> None:
        super().update(x)
        self.drift_detected = self.drift_detected and next(NUMBERS) % 7 < 3


class Breaks(Limit):
    def update(self, x: float) -> None:
        if x > 1e100:
            raise OverflowError("too much")
        super().update(x)


class Vague(Limit):
    def update(self, x: float) -> None:
        if not 0 <= x <= 1:
            raise ValueError("bad input")
        super().update(x)


class CannotBeCopied(Limit):
    def __init__(self) -> None:
        super().__init__()
        self.lines: Iterator[int] = (i for i in range(3))


class Scans(Limit):
    """Its scan looks only at the first half of what it gets."""

    def start(self) -> Scans:
        return Scans()

    def scan(self, values: Any) -> int:
        for i, x in enumerate(values[: max(1, len(values) // 2)]):
            self.update(float(x))
            if self.drift_detected:
                return i
        return -1

    def snapshot(self) -> Any:
        return list(self.recent)

    def restore(self, snapshot: Any) -> None:
        self.recent = [*snapshot, 0.0]


def test_a_sound_one_of_a_users_is_sound() -> None:
    assert check_detector(Limit()) == []


@pytest.mark.parametrize(
    ("faulty", "said"),
    [
        (ForgetsNothing, "remembers something after an alarm"),
        (LuckOfItsOwn, "alarms at other places the second time"),
        (Breaks, "breaks down at 1e300: OverflowError: too much"),
        (Vague, "refuses NaN without naming it: bad input"),
        (Scans, "scan and update disagree"),
        (Scans, "when values come in blocks"),
    ],
)
def test_each_fault_is_said_in_words(faulty: type[Limit], said: str) -> None:
    found = check_detector(faulty())
    assert any(said in line for line in found), found


def test_one_that_cannot_be_copied_is_told() -> None:
    class Maker:
        def start(self) -> CannotBeCopied:
            return CannotBeCopied()

    found = check_detector(Maker())
    assert any("cannot be copied" in line for line in found), found
    assert any("cannot be pickled" in line for line in found), found


def test_what_is_no_detector_is_told() -> None:
    assert check_detector(CUSUM) == ["CUSUM is a class: give an instance, CUSUM()"]
    assert "is no detector" in check_detector(3)[0]


def test_a_detector_that_raises_on_errors_is_told() -> None:
    class Raises(Limit):
        def update(self, x: float) -> None:
            raise KeyError("mean")

    assert "raised KeyError on values of 0 and 1" in check_detector(Raises())[0]


def test_kernels_refuse_nothing_they_take() -> None:
    assert check_detector(PageHinkley(mode="up"))[0].startswith("PageHinkley takes NaN in silence")
