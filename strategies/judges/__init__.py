"""Is the challenger as good as the champion? Rules that answer promote, roll back or not yet."""

from strategies.judges.confidence_sequence import ConfidenceSequence
from strategies.judges.evidence import Arm, Evidence, Verdict
from strategies.judges.fixed_sample import FixedSample
from strategies.judges.mann_whitney import MannWhitney
from strategies.judges.sequential_ratio import SequentialRatio
from strategies.judges.threshold import Threshold

__all__ = [
    "Arm",
    "ConfidenceSequence",
    "Evidence",
    "FixedSample",
    "MannWhitney",
    "SequentialRatio",
    "Threshold",
    "Verdict",
]
