"""What users do with answers: accept them, complete their tasks, complain, ask for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import one_of
from sim.timeline import ARMS
from sim.users import VITALS
from strategies.monitors.monitor import Ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline, DeskSeen

    Floats = NDArray[np.float64]

LAYER = {
    "accepted": "review",
    "completed": "performance",
    "complained": "business",
    "escalated": "review",
}
GOOD = ("accepted", "completed")


@dataclass(frozen=True, kw_only=True, repr=False)
class UserShare(Ratio):
    """Holds the share of answers that were *of* 'accepted', 'completed', … against a *limit*.

    'accepted' and 'completed' alarm below it, 'complained' and 'escalated' above. An answer that
    is not accepted is overridden by the user, one that is escalated goes to a person: both are
    what a review sees. No label is needed. Without users there is nothing to judge.

    >>> UserShare(of="escalated", limit=0.05).layer, UserShare(of="completed", limit=0.8).side
    ('review', 'below')
    """

    of: str = "completed"
    limit: float = 0.8
    window: int | str = "1d"
    name: str = ""
    layer: str = ""
    owner: str = "product"
    clock: ClassVar[str] = "desk"

    def __post_init__(self) -> None:
        one_of("user_share.of", self.of, VITALS)
        object.__setattr__(self, "name", self.name or self.of)
        object.__setattr__(self, "layer", self.layer or LAYER[self.of])
        super().__post_init__()

    @property
    def side(self) -> str:
        """On which side of its limit trouble lies."""
        return "below" if self.of in GOOD else "above"

    def summarise(self, seen: DeskSeen) -> Floats:
        """Count per tick what users did and how many were answered."""
        count = seen.observed["count"].sum(axis=1)
        if self.of not in seen.told.vitals:
            return np.zeros((len(count), 2))
        place = seen.told.vitals.index(self.of) * len(ARMS)
        done = seen.observed["vital_sum"][:, place : place + len(ARMS)].sum(axis=1)
        return np.stack([done, count], axis=1)

    def explain(self, counts: Floats, baseline: Baseline) -> tuple[tuple[str, ...], str]:
        """Say how many."""
        return (), self.told(counts, f"the share {self.of} is", "answers")
