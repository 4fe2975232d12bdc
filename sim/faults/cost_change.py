"""What a mistake costs becomes something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.errors import fits, refuse
from sim.faults.fault import Fault
from sim.losses import Costs


@dataclass(frozen=True, kw_only=True)
class CostChange(Fault):
    """From *at* on mistakes cost what *to* says, the best answer to a record may be another.

    It goes with a loss of two classes. Labels that arrive later still tell what an answer cost
    on the day on which it was given.
    """

    to: Costs
    kind: ClassVar[str] = "cost change"

    def __post_init__(self) -> None:
        super().__post_init__()
        fits(f"{self.label}.to", self.to, "cut", "Costs(false_negative=5.0)")
        plain = {"width": "0s", "share": 1.0, "segment": "", "fixed_by": "", "columns": ()}
        for field, value in plain.items():
            if getattr(self, field) != value:
                refuse(f"{self.label}.{field}", getattr(self, field), "it holds at once, for all")
