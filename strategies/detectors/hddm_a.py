"""HDDM_A: an error rate that has left its best by more than Hoeffding's bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from strategies.detectors.parameters import positive

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class HDDMA:
    """HDDM_A, equal to `river.drift.binary.HDDMA`, on errors or any numbers from 0 to 1.

    It alarms when the mean since the cut that looks best differs from the mean before it by
    Hoeffding's bound at *drift_confidence*, and warns at *warning_confidence*. It looks for
    a rise, with *two_sided_test* for a fall too.

    >>> detector = HDDMA().start()
    >>> detector.scan([0, 0, 0, 1] * 100 + [1] * 100)
    405

    I. Frías-Blanco and others, Online and non-parametric drift detection methods based on
    Hoeffding's bounds, IEEE TKDE 27, 2015.
    """

    drift_confidence: float = 0.001
    warning_confidence: float = 0.005
    two_sided_test: bool = False

    def __post_init__(self) -> None:
        positive("HDDMA.drift_confidence", self.drift_confidence, 1)
        positive("HDDMA.warning_confidence", self.warning_confidence, 1)

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import hddm_a
        from strategies.detectors.running import Running

        return Running(
            "HDDMA",
            hddm_a.scan,
            hddm_a.SLOTS,
            log(1.0 / self.drift_confidence),
            log(2.0 / self.drift_confidence),
            log(2.0 / self.warning_confidence),
            bool(self.two_sided_test),
            domain="only numbers from 0 to 1",
        )
