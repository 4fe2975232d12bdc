"""Many runs: shared streams, work cut to size, and whatever carries it out."""

from sim.sweeps.cluster import Cluster
from sim.sweeps.cutting import Cutter
from sim.sweeps.engines import Engine, Kept, Processes, Serial
from sim.sweeps.spreading import Spread, spread
from sim.sweeps.task import Answer, Piece, Task
from sim.sweeps.years import BestSchedule, Twins, Years, limited

__all__ = [
    "Answer",
    "BestSchedule",
    "Cluster",
    "Cutter",
    "Engine",
    "Kept",
    "Piece",
    "Processes",
    "Serial",
    "Spread",
    "Task",
    "Twins",
    "Years",
    "limited",
    "spread",
]
