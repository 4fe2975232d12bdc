"""When the truth about a record becomes known to the team, if ever, and how exactly."""

from sim.labels.constant import Constant
from sim.labels.delay import Delay
from sim.labels.empirical import Empirical
from sim.labels.labels import Labels
from sim.labels.lognormal import LogNormal
from sim.labels.per_segment import PerSegment

__all__ = ["Constant", "Delay", "Empirical", "Labels", "LogNormal", "PerSegment"]
