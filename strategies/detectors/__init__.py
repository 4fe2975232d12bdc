"""Drift detectors: River's parameters and River's alarms, compiled to scan arrays."""

from strategies.detectors.adwin import ADWIN
from strategies.detectors.ddm import DDM
from strategies.detectors.eddm import EDDM
from strategies.detectors.hddm_a import HDDMA
from strategies.detectors.hddm_w import HDDMW
from strategies.detectors.page_hinkley import PageHinkley

__all__ = ["ADWIN", "DDM", "EDDM", "HDDMA", "HDDMW", "PageHinkley"]
