"""New rules: what may no longer be done from some day on, and who has to agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.clock import us
from sim.errors import refuse
from sim.faults.fault import Fault
from sim.faults.feed import FeedFault
from sim.wire import ABSENT

if TYPE_CHECKING:
    from sim.faults.scene import Hit
    from sim.wire import Wire


@dataclass(frozen=True, kw_only=True)
class Ban(FeedFault):
    """The *columns* may no longer be used, nor any snapshot or version that holds them.

    It is announced *notice* before. From *at* on they no longer arrive, a snapshot holds them for
    no record, old ones included, and a version that was built with one of them may not answer:
    requests get the fallback until one answers that was not. `Quarantine` lets a team build such
    a version in time.
    """

    notice: str = "14d"
    kind: ClassVar[str] = "ban"

    def __post_init__(self) -> None:
        super().__post_init__()
        us(self.notice, f"{self.label}.notice")
        for field, plain in (("width", "0s"), ("reach", "both"), ("share", 1.0), ("segment", "")):
            if getattr(self, field) != plain:
                refuse(f"{self.label}.{field}", getattr(self, field), "a rule holds for everybody")

    @property
    def announced_us(self) -> int:
        """When people learn of it."""
        return max(0, self.at_us - us(self.notice))

    @property
    def announcement(self) -> str:
        """What they learn."""
        return f"from {self.at} on nobody may use {', '.join(self.columns)}"

    def strike(self, wire: Wire, hit: Hit, column: int) -> Wire:
        """Take the cells away."""
        wire.spoil(hit.rows, column, ABSENT)
        return wire


@dataclass(frozen=True, kw_only=True)
class SignOffRule(Fault):
    """From *at* on a new version needs a sign-off that *takes* so long, from office hours on."""

    takes: str = "5d"
    kind: ClassVar[str] = "sign-off rule"

    def __post_init__(self) -> None:
        super().__post_init__()
        us(self.takes, f"{self.label}.takes")

    @property
    def announced_us(self) -> int:
        """When people learn of it."""
        return self.at_us

    @property
    def announcement(self) -> str:
        """What they learn."""
        return f"a new version needs a sign-off now, which takes {self.takes}"
