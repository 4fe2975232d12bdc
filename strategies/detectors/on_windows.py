"""OnWindows: a batch detector on a stream, window by window."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import fits
from strategies.detectors.parameters import whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, kw_only=True)
class OnWindows:
    """Lets a batch detector with `fit` and `compare` work on a stream of numbers or rows.

    The first *reference* values are what it is fitted on; then every *window* values are
    compared, none twice. After an alarm it begins anew.

    >>> from strategies.detectors import KolmogorovSmirnov
    >>> detector = OnWindows(detector=KolmogorovSmirnov(), reference=300, window=100).start()
    >>> detector.scan([0.0, 1.0] * 250 + [1.0] * 500)
    599
    """

    detector: Any
    reference: int = 500
    window: int = 100

    def __post_init__(self) -> None:
        fits("OnWindows.detector", self.detector, "fit", "PSI()")
        whole("OnWindows.reference", self.reference, 2)
        whole("OnWindows.window", self.window, 2)

    def start(self) -> RunningOnWindows:
        """Return a fresh detector at work."""
        return RunningOnWindows(self)


def fitted(detector: Any, reference: ArrayLike) -> Any:
    """Return a batch detector, fitted; one whose `fit` returns nothing is copied and changed."""
    copy = deepcopy(detector)
    result = copy.fit(reference)
    return copy if result is None else result


class RunningOnWindows:
    """A batch detector at work on a stream; it keeps what has come of the window so far."""

    __slots__ = ("_alarmed", "_described", "_fitted", "_kept")

    def __init__(self, described: OnWindows) -> None:
        self._described = described
        self._fitted: Any = None
        self._kept: list[Any] = []
        self._alarmed = False

    def scan(self, values: ArrayLike) -> int:
        """Consume *values* (n, or n rows) up to and with the first alarm; -1 for none."""
        import numpy as np

        block = np.asarray(values, dtype=np.float64)
        if not np.isfinite(block).all():
            odd = block[~np.isfinite(block)][0]
            raise ValueError(f"OnWindows takes only finite numbers, got {odd}")
        place = 0
        while place < len(block):
            self._alarmed = False
            size = self._described.reference if self._fitted is None else self._described.window
            part = block[place : place + size - sum(map(len, self._kept))]
            self._kept.append(part.copy())
            place += len(part)
            if sum(map(len, self._kept)) < size:
                break
            whole, self._kept = np.concatenate(self._kept), []
            if self._fitted is None:
                self._fitted = fitted(self._described.detector, whole)
            elif self._fitted.compare(whole).drift:
                self._fitted, self._alarmed = None, True
                return place - 1
        return -1

    def update(self, x: ArrayLike) -> None:
        """Consume one value, or one row."""
        import numpy as np

        self.scan(np.asarray(x, dtype=np.float64)[None])

    @property
    def drift_detected(self) -> bool:
        """Whether the last value raised an alarm."""
        return self._alarmed

    def snapshot(self) -> Any:
        """Return all that is needed to come back to this state."""
        return deepcopy(self._fitted), list(self._kept), self._alarmed

    def restore(self, snapshot: Any) -> None:
        """Come back to the state of *snapshot*."""
        fitted, kept, self._alarmed = snapshot
        self._fitted, self._kept = deepcopy(fitted), list(kept)
