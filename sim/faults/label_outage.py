"""A time during which no labels come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.clock import NEVER, Phase, moment
from sim.errors import one_of, refuse
from sim.faults.label_fault import LabelFault, Told

if TYPE_CHECKING:
    from sim.faults.scene import Hit


@dataclass(frozen=True, kw_only=True)
class LabelOutage(LabelFault):
    """Labels that fall due during it are *then* 'lost', or come when it ends: 'late'."""

    then: str = "lost"
    kind: ClassVar[str] = "label outage"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(f"{self.label}.then", self.then, ("lost", "late"))
        if self.then == "late" and not self.until:
            refuse(f"{self.label}.until", self.until, "say when the labels come after all")

    @property
    def in_order(self) -> bool:
        """Not where some come in time and some at the end."""
        whole = self.share == 1.0 and not self.width_us and not self.segment
        return self.then == "lost" or whole

    @property
    def all_come(self) -> bool:
        """Only if they come at its end."""
        return self.then == "late"

    def tell(self, told: Told, hit: Hit) -> Told:
        """Put the labels off."""
        end = NEVER
        if self.then == "late" and self.until_us is not None:
            end = moment(self.until_us, Phase.LABELS)
        put_off = hit.rows & (told.due < NEVER)
        return told._replace(due=np.where(put_off, end, told.due))
