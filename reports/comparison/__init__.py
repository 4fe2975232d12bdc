"""Comparison: paired by seed, with intervals, and no more sure than the evidence is."""

from reports.comparison.ablation import Ablation, Removal
from reports.comparison.comparison import Board, Cell, Comparison, compare
from reports.comparison.contrast import Contrast, contrast
from reports.comparison.curve import Curve, Place, Spot, Territory
from reports.comparison.expectation import Expectation, Tally, expectation
from reports.comparison.margin import Margin, margin
from reports.comparison.measure import Measure, measure
from reports.comparison.pareto import Point
from reports.comparison.probing import Cause, Probe, Sighting
from reports.comparison.stopping import Decided, Fixed, Rule, Stein, until
from reports.comparison.trade import BreakEven
from reports.comparison.year import Year

__all__ = [
    "Ablation", "Board", "BreakEven", "Cause", "Cell", "Comparison", "Contrast", "Curve",
    "Decided", "Expectation", "Fixed", "Margin", "Measure", "Place", "Point", "Probe", "Removal",
    "Rule", "Sighting", "Spot", "Stein", "Tally", "Territory", "Year", "compare", "contrast",
    "expectation", "margin", "measure", "until",
]  # fmt: skip
