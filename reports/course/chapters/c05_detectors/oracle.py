"""Knows beforehand how often answers are wrong, before and after, but not when that changes."""

from strategies.detectors import LikelihoodCUSUM
from strategies.monitors import OnErrors
from strategies.policy import Policy

KNOWN = LikelihoodCUSUM(kind="bernoulli", before=0.11, after=0.2, limit=7.0)
Oracle = Policy(name="oracle", monitors=(OnErrors(detector=KNOWN),))
