"""When to rebuild: each says yes, no or unknown, and why."""

from strategies.triggers.calendar import OnSchedule
from strategies.triggers.change import ChangeLands
from strategies.triggers.combined import AllOf, AnyOf, AtLeast
from strategies.triggers.cumulative import CumulativeLoss
from strategies.triggers.drift import OnDrift
from strategies.triggers.emergency import Emergency
from strategies.triggers.finding import OnFinding
from strategies.triggers.patient import Budget, Cooldown, Hysteresis, WarmUp
from strategies.triggers.performance import Performance
from strategies.triggers.quiet import Quiet
from strategies.triggers.trigger import Trigger
from strategies.triggers.volume import DataVolume

__all__ = [
    "AllOf",
    "AnyOf",
    "AtLeast",
    "Budget",
    "ChangeLands",
    "Cooldown",
    "CumulativeLoss",
    "DataVolume",
    "Emergency",
    "Hysteresis",
    "OnDrift",
    "OnFinding",
    "OnSchedule",
    "Performance",
    "Quiet",
    "Trigger",
    "WarmUp",
]
