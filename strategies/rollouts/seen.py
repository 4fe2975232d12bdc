"""What a rollout has shown so far, as judges and stop rules ask for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.clock import us
from sim.findings import ERRORS, FALLBACKS
from strategies.judges.arm import Arm, Where
from strategies.judges.evidence import HEALTH, Evidence, Paired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.findings import Findings, Sums
    from sim.view import View

WORSE_IF_MORE = (ERRORS, FALLBACKS, "latency", "complained", "escalated")
"""Metrics of which more is worse."""


@dataclass(frozen=True)
class Seen:
    """What was seen of a *stage* from *since_us* to *until_us*; -1: as late as is known."""

    view: View
    since_us: int
    until_us: int = -1
    stage: int = 0
    purpose: str = HEALTH

    def found(self, metric: str) -> Findings | None:
        """Return the evidence on *metric*, None if it is not measured here."""
        if metric not in self.view.metrics:
            return None
        until_us, route = self.until_us, self.view.route
        if route.shadow and not route.challenger and until_us < 0:
            until_us = self.view.now_us  # one label judges both answers: late ones favour neither
        return self.view.evidence(metric, since_us=self.since_us, until_us=until_us)

    def challenger(self, metric: str) -> Sums | None:
        """Return how the version itself fared."""
        found = self.found(metric)
        return None if found is None else found.challenger

    def known(self, metric: str) -> int:
        """Return how many outcomes of the version are known."""
        found = self.found(metric)
        if found is None:
            return 0
        return (found.paired or found.challenger).requests

    def comparison(self, metric: str) -> Evidence | Paired | None:
        """Return both arms side by side, better where larger; None if one of them is missing."""
        found = self.found(metric)
        if found is None:
            return None
        sign = -1.0 if metric in WORSE_IF_MORE else 1.0
        until_us = max(found.since_us, found.until_us)
        segment = ", ".join(self.view.route.segments)
        where = Where(found.since_us, until_us, segment, self.stage)

        def arm(sums: Sums) -> Arm:
            return Arm(sums.times, np.asarray(sign * sums.total), where, sums.who)

        share = found.share
        if found.paired is not None:
            return Paired(arm(found.paired), found.source, share, self.purpose)
        if self.view.route.shadow and not self.view.route.challenger:
            return None
        return Evidence(
            arm(found.champion), arm(found.challenger), found.source, share, self.purpose
        )

    def parts(self, every: str) -> Iterator[Seen]:
        """Return its whole stretches of *every*, the newest first."""
        step_us = us(every)
        last_us = self.view.now_us if self.until_us < 0 else self.until_us
        for number in reversed(range((last_us - self.since_us) // step_us)):
            start_us = self.since_us + number * step_us
            yield replace(self, since_us=start_us, until_us=start_us + step_us)
