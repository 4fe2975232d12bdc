"""EDDM: a distance between errors that has shrunk too far below its best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import refuse, within
from strategies.detectors.parameters import whole

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class EDDM:
    """The early drift detection method, equal to `river.drift.binary.EDDM`, on errors: 0 or 1.

    It is silent for *warm_start* values and *warm_start* errors, then warns when the mean
    distance between errors, plus two standard deviations, falls below *alpha* times its
    greatest so far, and alarms below *beta* times.

    >>> detector = EDDM().start()
    >>> detector.scan(([0] * 8 + [1, 1]) * 50 + [0, 1] * 100)
    515

    M. Baena-García and others, Early drift detection method, IWKDDS 2006.
    """

    warm_start: int = 30
    alpha: float = 0.95
    beta: float = 0.9

    def __post_init__(self) -> None:
        whole("EDDM.warm_start", self.warm_start, 0)
        within("EDDM.alpha", self.alpha, 0, 1)
        within("EDDM.beta", self.beta, 0, 1)
        if self.alpha < self.beta:
            refuse("EDDM.alpha", self.alpha, f"it is below beta, {self.beta!r}: give beta or more")

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import eddm
        from strategies.detectors.running import Running

        return Running(
            "EDDM",
            eddm.scan,
            eddm.SLOTS,
            float(self.warm_start),
            float(self.alpha),
            float(self.beta),
            0.5,
            domain="only 0 and 1",
        )
