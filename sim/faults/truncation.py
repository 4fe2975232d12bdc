"""Numbers that arrive with fewer digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim import cells
from sim.errors import refuse
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class Truncation(FeedFault):
    """The columns arrive cut off after *decimals* digits; a negative number cuts tens and more."""

    decimals: int = 0
    takes: ClassVar[str] = "number"
    kind: ClassVar[str] = "precision truncation"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.decimals, int) or not -12 <= self.decimals <= 12:
            refuse(f"{self.label}.decimals", self.decimals, "give a whole number from -12 to 12")

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Cut off what lies behind, towards zero."""
        cells.cut_off(*wire.place(column), hit.rows, 10.0**self.decimals)
        return wire
