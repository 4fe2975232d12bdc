"""On which labelled records a training learns."""

from strategies.windows.recent import Expanding, LastRecords, LastSpan
from strategies.windows.since import SinceTheAlarm, SinceTheWarning
from strategies.windows.window import TrainingWindow

__all__ = [
    "Expanding",
    "LastRecords",
    "LastSpan",
    "SinceTheAlarm",
    "SinceTheWarning",
    "TrainingWindow",
]
