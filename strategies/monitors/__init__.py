"""What a team watches: each reads a signal, and a detector scans it."""

from strategies.monitors.contract import Contract
from strategies.monitors.errors import OnErrors
from strategies.monitors.glance import Glance
from strategies.monitors.shift import Shift
from strategies.monitors.stage_metric import StageMetric
from strategies.monitors.values import Values

__all__ = ["Contract", "Glance", "OnErrors", "Shift", "StageMetric", "Values"]
