"""What goes wrong by the script; the truth stays."""

from sim.faults.drop import Drop
from sim.faults.fault import Fault
from sim.faults.feed import Feed, FeedFault
from sim.faults.null_burst import NullBurst
from sim.faults.rename import Rename
from sim.faults.scene import Hit, Scene
from sim.faults.unit_change import UnitChange

__all__ = [
    "Drop",
    "Fault",
    "Feed",
    "FeedFault",
    "Hit",
    "NullBurst",
    "Rename",
    "Scene",
    "UnitChange",
]
