"""Drift detectors: River's parameters and River's alarms, compiled to scan arrays."""

from strategies.detectors.adwin import ADWIN
from strategies.detectors.ddm import DDM
from strategies.detectors.page_hinkley import PageHinkley

__all__ = ["ADWIN", "DDM", "PageHinkley"]
