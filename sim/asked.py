"""Labels that the team has asked people for: they come sooner, or come at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.clock import Phase, moment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance import Luck

    Ints = NDArray[np.int64]


class Asked(NamedTuple):
    """A *share* of the requests served in a span gets its label *takes_us* after it was served."""

    from_us: int
    until_us: int
    share: float
    takes_us: int

    def picks(self, luck: Luck, page: int, served_us: Ints) -> NDArray[np.bool_]:
        """Return which records of a page are labelled (shape n).

        Which they are hangs on the record alone: who asks for more gets the same and others.
        """
        within = (served_us >= self.from_us) & (served_us < self.until_us)
        if not within.any():
            return within
        return within & (luck.random("labels asked for", len(served_us), page) < self.share)


def sooner(due: Ints, asked: list[Asked], luck: Luck, page: int, served_us: Ints) -> Ints:
    """Return when labels come (moments, shape n); what comes sooner anyway stays as it is."""
    for one in asked:
        picked = one.picks(luck, page, served_us)
        if picked.any():
            then = moment(0, Phase.LABELS) + (served_us + one.takes_us) * 8
            due = np.where(picked, np.minimum(due, then), due)
    return due
