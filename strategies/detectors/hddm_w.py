"""HDDM_W: a weighted error rate that has left its best by more than McDiarmid's bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from sim.errors import within
from strategies.detectors.parameters import positive

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class HDDMW:
    """HDDM_W, equal to `river.drift.binary.HDDMW`, on errors or any numbers from 0 to 1.

    Means are weighted exponentially, with *lambda_val* for the newest value. It alarms when
    the mean since the cut that looks best differs from the mean before it by McDiarmid's
    bound at *drift_confidence*, and warns at *warning_confidence*. It looks for a rise, with
    *two_sided_test* for a fall too.

    >>> detector = HDDMW().start()
    >>> detector.scan([0, 0, 0, 1] * 100 + [1] * 100)
    414

    I. Frías-Blanco and others, Online and non-parametric drift detection methods based on
    Hoeffding's bounds, IEEE TKDE 27, 2015.
    """

    drift_confidence: float = 0.001
    warning_confidence: float = 0.005
    lambda_val: float = 0.05
    two_sided_test: bool = False

    def __post_init__(self) -> None:
        positive("HDDMW.drift_confidence", self.drift_confidence, 1)
        positive("HDDMW.warning_confidence", self.warning_confidence, 1)
        within("HDDMW.lambda_val", self.lambda_val, 0, 1)

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import hddm_w
        from strategies.detectors.running import Running

        return Running(
            "HDDMW",
            hddm_w.scan,
            hddm_w.SLOTS,
            log(1 / self.drift_confidence),
            log(1 / self.warning_confidence),
            float(self.lambda_val),
            float((1 - self.lambda_val) ** 2),
            bool(self.two_sided_test),
            domain="only numbers from 0 to 1",
        )
