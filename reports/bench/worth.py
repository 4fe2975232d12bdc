"""What a detector is worth: the loss that one retraining policy saves by listening to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.bench.hearing import seeded
from sim.digest import digest
from sim.facts import Alarm
from sim.run import run as played
from sim.workshop import Fits
from strategies import presets

LENGTH = 20_000
WAIT_US = 2_000 * 86_400_000
"""two thousand labels of the new world come in before the training begins, and those under way"""


@dataclass(frozen=True, kw_only=True)
class Earning:
    """The job to let *ways* (label, detector) drive the same policy in one year of *stream*."""

    stream: Any
    ways: tuple[tuple[str, Any], ...]
    seed: int
    plugins: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its result is kept under."""
        ways = [[label, repr(detector)] for label, detector in self.ways]
        return f"worth-{digest([1, self.stream, LENGTH, ways, self.seed, list(self.plugins)])}"

    def __call__(self) -> dict[str, Any]:
        """Return by label how much less was lost than by never rebuilding, and the alarms."""
        scenario, fits = self.stream.scenario(LENGTH), Fits()
        never = played(scenario, presets.never(), seed=self.seed, fits=fits).timeline.loss.sum()
        found = {}
        wait = f"{self.stream.late * 86_400_000 + WAIT_US}us"
        for label, detector in self.ways:
            policy = presets.on_alarm(detector=seeded(detector, self.seed), wait=wait)
            ledger = played(scenario, policy, seed=self.seed, fits=fits)
            saved = float(never - ledger.timeline.loss.sum())
            found[label] = {"saved": saved, "alarms": len(ledger.of(Alarm))}
        return found
