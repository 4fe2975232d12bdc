"""Mean run lengths of the charts: exact, and by simulation with any detector.

A run length counts values: an alarm on the first value is a run of 1. The exact ones hold for
values that are independent, and normal with the chart's own standard deviation or 0 and 1.
"""

from reports.run_lengths.bernoulli import OnLattice, bernoulli_run_length
from reports.run_lengths.gaussian import limit_for, mean_run_length
from reports.run_lengths.simulation import Simulated, simulate, simulate_steady

__all__ = [
    "OnLattice",
    "Simulated",
    "bernoulli_run_length",
    "limit_for",
    "mean_run_length",
    "simulate",
    "simulate_steady",
]
