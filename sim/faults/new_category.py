"""Categories that nobody agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim import cells
from sim.errors import refuse, whole
from sim.faults.feed import FeedFault

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.schema import Schema
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class NewCategory(FeedFault):
    """What used to be category *code* of the columns comes as one that nobody agreed on."""

    code: int = 0
    takes: ClassVar[str] = "category"
    kind: ClassVar[str] = "new category"

    def __post_init__(self) -> None:
        super().__post_init__()
        whole(f"{self.label}.code", self.code, 0)

    def check(self, schema: Schema) -> None:
        """Refuse columns that are no categories or don't have *code*."""
        super().check(schema)
        for name in self.columns:
            column = schema.columns[schema.names.index(name)]
            if self.code >= len(column.categories):
                codes = f"the codes of {name} are 0 to {len(column.categories) - 1}"
                refuse(f"{self.label}.code", self.code, codes)

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Let the first code beyond the agreed ones arrive."""
        beyond = len(wire.schema.columns[column].categories)
        cells.exchange(*wire.place(column), hit.rows, float(self.code), float(beyond))
        return wire
