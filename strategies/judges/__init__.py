"""Is the challenger as good as the champion? Rules that answer promote, roll back or not yet."""

from strategies.judges.arm import Arm, Means, Side, Tally, Where
from strategies.judges.confidence_sequence import ConfidenceSequence
from strategies.judges.evidence import Combined, Comparison, Evidence, Paired, combined, split
from strategies.judges.fixed_sample import FixedSample
from strategies.judges.mann_whitney import MannWhitney
from strategies.judges.sequential_ratio import SequentialRatio
from strategies.judges.threshold import Threshold
from strategies.judges.verdict import Verdict

__all__ = [
    "Arm",
    "Combined",
    "Comparison",
    "ConfidenceSequence",
    "Evidence",
    "FixedSample",
    "MannWhitney",
    "Means",
    "Paired",
    "SequentialRatio",
    "Side",
    "Tally",
    "Threshold",
    "Verdict",
    "Where",
    "combined",
    "split",
]
