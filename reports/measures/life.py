"""The life of an incident: when it began to harm, when the service was well again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.measures.pairing import pair
from sim.clock import DAY_US
from sim.facts import Ended, Onset

if TYPE_CHECKING:
    from reports.measures.pairing import Paired
    from sim.facts import Alarm
    from sim.ledger import Ledger

ZERO_ONE_TOLERANCE = 0.02
TOLERATED_SHARE = 0.05
GRACE_US = DAY_US
ON_ARRIVAL = ("annotator noise", "label outage")
"""Kinds of incidents that strike labels as they arrive, not records as they are served."""


@dataclass(frozen=True)
class Life:
    """One incident from its *onset* to the end of what it did.

    *ended_us* is when its change was undone, None if it never was. *harm_us* is None if it did
    no harm, *recovered_us* if the service was not well again before the end; *closes_us* is
    None if it was still open there. *censored*: the run ended before it was over, or too soon
    to see harm.
    """

    onset: Onset
    ended_us: int | None
    harm_us: int | None
    recovered_us: int | None
    closes_us: int | None
    censored: bool

    def open_at(self, time_us: int) -> bool:
        """Say whether it was going on for a request served at *time_us*."""
        return self.onset.at_us <= time_us and (self.closes_us is None or time_us < self.closes_us)

    def evidence_us(self, alarm: Alarm) -> int:
        """Return when the evidence of an alarm about it came into being.

        That is when the newest value was served; a fault of labels strikes what arrives, whenever
        that was served, so there it is the moment before the alarm.
        """
        return alarm.at_us - 1 if self.onset.incident in ON_ARRIVAL else alarm.evidence_us

    def overlaps(self, other: Life) -> bool:
        """Say whether both were going on at some moment."""
        first, second = sorted((self, other), key=lambda life: life.onset.at_us)
        return first.open_at(second.onset.at_us)


def tolerance(run: Ledger, calm: Ledger) -> float:
    """Return how much mean excess loss counts as harm."""
    given = run.scenario["tolerance"]
    if given is not None:
        return float(given)
    if str(run.scenario["loss"]).startswith("ZeroOne"):
        return ZERO_ONE_TOLERANCE
    requests = int(calm.timeline.count.sum())
    return TOLERATED_SHARE * float(calm.timeline.loss.sum()) / max(requests, 1)


def lives(run: Ledger, calm: Ledger) -> list[Life]:
    """Return the life of every incident, oldest first.

    What is measured by them takes them as *known*, so that they need working out once only.
    """
    if not run.of(Onset):
        return []
    paired, harmful = pair(run, calm), tolerance(run, calm)
    grace_us = int(run.scenario["label_delay_us"]) + GRACE_US
    ended_us = {end.name: end.at_us for end in run.of(Ended)}
    onsets = sorted(run.of(Onset), key=lambda onset: onset.at_us)
    return [_life(onset, ended_us.get(onset.name), paired, harmful, grace_us) for onset in onsets]


def _life(
    onset: Onset, ended_us: int | None, paired: Paired, harmful: float, grace_us: int
) -> Life:
    first = -(-onset.at_us // paired.tick_us)
    ends, whole = paired.windows()
    means = paired.means(ends)
    usable = whole.copy()
    late = first < paired.ticks and not whole[first]
    if late:
        usable[first] = True  # too near the end for a whole window: all that is left is judged
    harm = _first(usable & (means > harmful), first)
    settled_us = onset.full_us if ended_us is None else min(onset.full_us, ended_us)
    if harm is None:
        too_late = late or first >= paired.ticks
        return Life(onset, ended_us, None, None, settled_us + grace_us, too_late)
    complete = min(-(-settled_us // paired.tick_us), paired.ticks)
    unwell = np.flatnonzero((whole & (means > harmful))[harm:complete])
    grew = harm + int(unwell[-1]) if len(unwell) else harm  # no dip while it grows is a recovery
    well = _first(whole & (means <= harmful), grew + 1)
    harm_us = harm * paired.tick_us
    if well is None:
        return Life(onset, ended_us, harm_us, None, None, True)
    recovered_us = _turned(paired, well, int(ends[well]), harmful) * paired.tick_us
    closes_us = max(recovered_us, settled_us)  # a change that goes on is not over
    return Life(onset, ended_us, harm_us, recovered_us, closes_us, False)


def _turned(paired: Paired, start: int, stop: int, harmful: float) -> int:
    """Return where in the first well window the harm ended: the peak of excess over tolerance.

    A window looks ahead, so it may be well on the whole while it still begins with harm. Were
    that the recovery, it would come before the repair, and before the alarm that led to it.
    """
    excess = paired.excess[start : stop + 1] - paired.excess[start]
    allowed = harmful * (paired.requests[start : stop + 1] - paired.requests[start])
    return start + int(np.argmax(excess - allowed))


def _first(flags: np.ndarray[tuple[int], np.dtype[np.bool_]], start: int) -> int | None:
    """Return the first place from *start* on where *flags* is set."""
    places = np.flatnonzero(flags[start:])
    return start + int(places[0]) if len(places) else None
