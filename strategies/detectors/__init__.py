"""Drift detectors, compiled to scan arrays: River's, with its parameters and alarms, and charts."""

from strategies.detectors.adwin import ADWIN
from strategies.detectors.chi_square import ChiSquare
from strategies.detectors.cusum import CUSUM
from strategies.detectors.ddm import DDM
from strategies.detectors.dummies import AtRandom, Periodic, Silent
from strategies.detectors.eddm import EDDM
from strategies.detectors.ewma import EWMA
from strategies.detectors.hddm_a import HDDMA
from strategies.detectors.hddm_w import HDDMW
from strategies.detectors.kolmogorov_smirnov import KolmogorovSmirnov
from strategies.detectors.kswin import KSWIN
from strategies.detectors.level import Level
from strategies.detectors.likelihood_cusum import LikelihoodCUSUM
from strategies.detectors.mmd import MMD
from strategies.detectors.on_windows import OnWindows
from strategies.detectors.page_hinkley import PageHinkley
from strategies.detectors.psi import PSI
from strategies.detectors.shewhart import Shewhart
from strategies.detectors.shiryaev_roberts import ShiryaevRoberts
from strategies.detectors.two_sample import TwoSample

__all__ = [
    "ADWIN",
    "CUSUM",
    "DDM",
    "EDDM",
    "EWMA",
    "HDDMA",
    "HDDMW",
    "KSWIN",
    "MMD",
    "PSI",
    "AtRandom",
    "ChiSquare",
    "KolmogorovSmirnov",
    "Level",
    "LikelihoodCUSUM",
    "OnWindows",
    "PageHinkley",
    "Periodic",
    "Shewhart",
    "ShiryaevRoberts",
    "Silent",
    "TwoSample",
]
