"""Whatever goes wrong in a world, apart from drifts of the stream itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.drift import Span
from sim.errors import one_of, refuse, within
from sim.people import OWNERS

if TYPE_CHECKING:
    from sim.schema import Schema


@dataclass(frozen=True, kw_only=True)
class Fault(Span):
    """Something that goes wrong with a *share* of what it concerns.

    With *columns* it is about these. *fixed_by* names the owner who repairs it once paged; then
    the world depends on what the operator does (a closed loop).
    """

    columns: tuple[str, ...] = ()
    share: float = 1.0
    fixed_by: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        within(f"{self.label}.share", self.share, 0, 1)
        if not isinstance(self.columns, tuple):
            refuse(f"{self.label}.columns", self.columns, "name the columns, as in ('x0', 'x1')")
        if self.fixed_by:
            one_of(f"{self.label}.fixed_by", self.fixed_by, OWNERS)

    def check(self, schema: Schema) -> None:
        """Refuse columns that *schema* doesn't have."""
        for name in self.columns:
            schema.index(name, f"{self.label}.columns")

    @property
    def severity(self) -> float:
        """How strong it is: the share of what it concerns that is hit."""
        return self.share

    def acts(self, now_us: int, repaired_us: int | None) -> bool:
        """Say whether it acts at *now_us*."""
        ends_us = self.ends_us(repaired_us)
        return self.at_us <= now_us and (ends_us is None or now_us < ends_us)

    def ends_us(self, repaired_us: int | None) -> int | None:
        """Return when it ends: by itself, or because it was repaired at *repaired_us*."""
        until_us = self.until_us
        if until_us is None or repaired_us is None:
            return repaired_us if until_us is None else until_us
        return min(until_us, repaired_us)
