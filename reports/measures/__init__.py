"""What a run comes to: pure functions of ledgers."""

from reports.measures.alarms import Judged, alarms
from reports.measures.apart import Apart, business_lags, harm_of_each, stage_costs
from reports.measures.calibration import Calibrated, Calibration, calibration
from reports.measures.incidents import Detection, Incident, incidents
from reports.measures.life import Life, lives, tolerance
from reports.measures.lived import Lived, lived
from reports.measures.loss import Loss, loss
from reports.measures.metric import Quality, metric
from reports.measures.money import Money, money
from reports.measures.own_goals import OwnGoal, OwnGoals, own_goals
from reports.measures.regret import Regret, regret
from reports.measures.signals import Signal, signals
from reports.measures.split import Split, split, split_by_segment, split_by_stage
from reports.measures.times import fallback_us

__all__ = [
    "Apart",
    "Calibrated",
    "Calibration",
    "Detection",
    "Incident",
    "Judged",
    "Life",
    "Lived",
    "Loss",
    "Money",
    "OwnGoal",
    "OwnGoals",
    "Quality",
    "Regret",
    "Signal",
    "Split",
    "alarms",
    "business_lags",
    "calibration",
    "fallback_us",
    "harm_of_each",
    "incidents",
    "lived",
    "lives",
    "loss",
    "metric",
    "money",
    "own_goals",
    "regret",
    "signals",
    "split",
    "split_by_segment",
    "split_by_stage",
    "stage_costs",
    "tolerance",
]
