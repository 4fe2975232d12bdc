"""On which labelled records a training learns."""

from strategies.windows.recent import Expanding, LastRecords, LastSpan, read
from strategies.windows.shaped import ExponentiallyWeighted, Stratified
from strategies.windows.since import SinceTheAlarm, SinceTheWarning
from strategies.windows.window import TrainingWindow

__all__ = [
    "Expanding",
    "ExponentiallyWeighted",
    "LastRecords",
    "LastSpan",
    "SinceTheAlarm",
    "SinceTheWarning",
    "Stratified",
    "TrainingWindow",
    "read",
]
