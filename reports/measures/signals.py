"""What else was measured of the answers: the stages of a pipeline, one number each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.metric import COUNTS
from sim.clock import WEEK_US

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger import Ledger

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """The mean of one signal over all answers of the year, and over those of the calm world.

    *lowest* and *highest* are the means of the weeks in which it was so; None where nothing was
    measured.
    """

    name: str
    calm: float | None
    lived: float | None
    lowest: float | None
    highest: float | None


def signals(run: Ledger, calm: Ledger) -> list[Signal]:
    """Return every signal, in the order in which the artifact names them."""
    return [_signal(name, run, calm) for name in run.timeline.signals if name not in COUNTS]


def _signal(name: str, run: Ledger, calm: Ledger) -> Signal:
    weeks = _weeks(run, name)
    return Signal(
        name=name,
        calm=_mean(calm, name),
        lived=_mean(run, name),
        lowest=float(weeks.min()) if len(weeks) else None,
        highest=float(weeks.max()) if len(weeks) else None,
    )


def _mean(ledger: Ledger, name: str) -> float | None:
    count, total = (part.sum() for part in ledger.timeline.of_signal(name))
    return float(total / count) if count else None


def _weeks(run: Ledger, name: str) -> Floats:
    """Return the mean of each week in which anything was measured."""
    timeline = run.timeline
    week = timeline.start_us // WEEK_US
    count, total = (
        np.bincount(week, weights=part.sum(axis=1)) for part in timeline.of_signal(name)
    )
    some = count > 0
    return np.asarray(total[some] / count[some])
