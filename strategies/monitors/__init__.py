"""What a team watches: each reads a signal, and a detector scans it."""

from sim.duty import Human
from strategies.monitors.answer_shift import AnswerShift
from strategies.monitors.business import Business
from strategies.monitors.calibration import Calibration
from strategies.monitors.clusters import Clusters
from strategies.monitors.contract import Contract
from strategies.monitors.cost_per_request import CostPerRequest
from strategies.monitors.disagreement import Disagreement
from strategies.monitors.error_level import ErrorLevel
from strategies.monitors.errors import OnErrors
from strategies.monitors.estimated_error import EstimatedError
from strategies.monitors.fallback_rate import FallbackRate
from strategies.monitors.freshness import Freshness
from strategies.monitors.glance import Glance
from strategies.monitors.latency import Latency
from strategies.monitors.no_answer_rate import NoAnswerRate
from strategies.monitors.null_rate import NullRate
from strategies.monitors.queue_length import QueueLength
from strategies.monitors.review_share import ReviewShare
from strategies.monitors.shift import Shift
from strategies.monitors.stage_metric import StageMetric
from strategies.monitors.unsure import Unsure
from strategies.monitors.user_share import UserShare
from strategies.monitors.values import Values
from strategies.monitors.volume import Volume

__all__ = [
    "AnswerShift",
    "Business",
    "Calibration",
    "Clusters",
    "Contract",
    "CostPerRequest",
    "Disagreement",
    "ErrorLevel",
    "EstimatedError",
    "FallbackRate",
    "Freshness",
    "Glance",
    "Human",
    "Latency",
    "NoAnswerRate",
    "NullRate",
    "OnErrors",
    "QueueLength",
    "ReviewShare",
    "Shift",
    "StageMetric",
    "Unsure",
    "UserShare",
    "Values",
    "Volume",
]
