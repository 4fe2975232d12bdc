"""Sweeps: scenarios × strategies × seeds, on any engine, into a store."""

from reports.sweeps.cast import Cast, Part
from reports.sweeps.grid import over, texts
from reports.sweeps.sweep import Sweep, Swept, sweep

__all__ = ["Cast", "Part", "Sweep", "Swept", "over", "sweep", "texts"]
