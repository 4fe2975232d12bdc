"""A policy without each of its controls in turn: what breaks, and what each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.comparison.contrast import Contrast
    from reports.intervals import Figure
    from reports.plot import TrialPlot

EARNS, HARMS, NOTHING, OPEN = (
    "earns its keep", "does harm", "changes nothing here", "not settled",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What changes when one *control* is taken away: a monitor layer, a gate, a stage, an owner.

    Each of *changes* is the policy without it less the policy with it, by a measure: above 0, it
    was worth having. *worth* is the loss that it saves in a year, in *unit*; *price* what the
    control itself costs: money that goes to other things than loss, or else trainings
    (*price_unit*).
    """

    control: str
    kind: str
    changes: tuple[Contrast, ...]
    price: Figure
    worth: Figure
    unit: str
    price_unit: str

    @property
    def verdict(self) -> str:
        """Whether the control earns its keep, as far as that is sure."""
        if self.worth.low > 0:
            return EARNS
        if self.worth.high < 0:
            return HARMS
        if self.worth.low == self.worth.high == 0:
            return NOTHING
        return OPEN


@dataclass(frozen=True, kw_only=True)
class Ablation:
    """Leave one out: the effects do not add up. *removals* are in the order of the policy."""

    scenario: str
    strategy: str
    seeds: int
    measures: tuple[str, ...]
    removals: tuple[Removal, ...]
    whole: dict[str, Figure]
    currency: str = ""
    failures: tuple[str, ...] = ()

    @property
    def plot(self) -> TrialPlot:
        """Its picture: `found.plot.draw()`."""
        from reports.plot import TrialPlot

        return TrialPlot(self)
