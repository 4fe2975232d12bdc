"""What goes wrong by the script; the truth stays."""

from sim.faults.added_column import AddedColumn
from sim.faults.annotator_noise import AnnotatorNoise
from sim.faults.building import (
    BuildFault,
    CodeCrash,
    ForgottenSeed,
    Recollected,
    Split,
    SplitShift,
    TrainingTrouble,
    Upgrade,
)
from sim.faults.cost_change import CostChange
from sim.faults.default_fill import DefaultFill
from sim.faults.drop import Drop
from sim.faults.duplicates import Duplicates
from sim.faults.fault import Fault
from sim.faults.feed import Feed, FeedFault
from sim.faults.frozen_feed import FrozenFeed
from sim.faults.label_fault import ArchiveFault, LabelFault, Told
from sim.faults.label_outage import LabelOutage
from sim.faults.late_rows import LateRows
from sim.faults.leak import Leak
from sim.faults.new_category import NewCategory
from sim.faults.null_burst import NullBurst
from sim.faults.out_of_order import OutOfOrder
from sim.faults.poisoned_labels import PoisonedLabels
from sim.faults.recode import Recode
from sim.faults.rename import Rename
from sim.faults.ruling import Ban, SignOffRule
from sim.faults.scene import Hit, Past, Scene
from sim.faults.serving import Outage, Surge
from sim.faults.swap import Swap
from sim.faults.time_zone_shift import TimeZoneShift
from sim.faults.truncation import Truncation
from sim.faults.type_change import TypeChange
from sim.faults.unit_change import UnitChange

__all__ = [
    "AddedColumn",
    "AnnotatorNoise",
    "ArchiveFault",
    "Ban",
    "BuildFault",
    "CodeCrash",
    "CostChange",
    "DefaultFill",
    "Drop",
    "Duplicates",
    "Fault",
    "Feed",
    "FeedFault",
    "ForgottenSeed",
    "FrozenFeed",
    "Hit",
    "LabelFault",
    "LabelOutage",
    "LateRows",
    "Leak",
    "NewCategory",
    "NullBurst",
    "OutOfOrder",
    "Outage",
    "Past",
    "PoisonedLabels",
    "Recode",
    "Recollected",
    "Rename",
    "Scene",
    "SignOffRule",
    "Split",
    "SplitShift",
    "Surge",
    "Swap",
    "TimeZoneShift",
    "Told",
    "TrainingTrouble",
    "Truncation",
    "TypeChange",
    "UnitChange",
    "Upgrade",
]
