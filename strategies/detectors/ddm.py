"""DDM: an error rate that has risen too far above its best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import within
from strategies.detectors.parameters import whole

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class DDM:
    """The drift detection method, equal to `river.drift.binary.DDM`, on errors: 0 or 1.

    It is silent for *warm_start* values, then warns when the error rate and its standard
    deviation exceed the best so far by *warning_threshold* standard deviations, and alarms
    at *drift_threshold*. If nothing but 0 came so far, the first 1 is an alarm.

    >>> detector = DDM().start()
    >>> detector.scan([0, 0, 0, 1] * 100 + [1] * 100)
    423

    J. Gama, P. Medas, G. Castillo and P. Rodrigues, Learning with drift detection, SBIA 2004.
    """

    warm_start: int = 30
    warning_threshold: float = 2.0
    drift_threshold: float = 3.0

    def __post_init__(self) -> None:
        whole("DDM.warm_start", self.warm_start, 0)
        within("DDM.warning_threshold", self.warning_threshold, 0, float("inf"))
        within("DDM.drift_threshold", self.drift_threshold, 0, float("inf"))

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import ddm
        from strategies.detectors.running import Running

        return Running(
            "DDM",
            ddm.scan,
            ddm.SLOTS,
            float(self.warm_start),
            float(self.warning_threshold),
            float(self.drift_threshold),
            domain="only 0 and 1",
        )
