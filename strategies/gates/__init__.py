"""What a version must show before it is let out; all of a policy's gates must admit it."""

from strategies.gates.better import BeatsChampion, BeatsNaive
from strategies.gates.custom import Custom
from strategies.gates.frozen import Frozen
from strategies.gates.gate import Gate
from strategies.gates.people import InARow, SignOff, SkippedFor
from strategies.gates.reproducible import OnlyAdjusted, Reproducible
from strategies.gates.segments import FairnessGap, SegmentFloor
from strategies.gates.sound import (
    Calibrated,
    KeepsContract,
    LineageComplete,
    PassesSuite,
    ReleaseReady,
    WithinBudget,
)

__all__ = [
    "BeatsChampion",
    "BeatsNaive",
    "Calibrated",
    "Custom",
    "FairnessGap",
    "Frozen",
    "Gate",
    "InARow",
    "KeepsContract",
    "LineageComplete",
    "OnlyAdjusted",
    "PassesSuite",
    "ReleaseReady",
    "Reproducible",
    "SegmentFloor",
    "SignOff",
    "SkippedFor",
    "WithinBudget",
]
