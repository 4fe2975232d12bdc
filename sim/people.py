"""Who owns what, how fast they answer, and whose suspicion may be wrong."""

from __future__ import annotations

from dataclasses import dataclass

from sim.clock import positive_us, us
from sim.errors import one_of, refuse, within

OWNERS = ("data", "model", "platform", "product")
LAYERS = ("input", "output", "performance", "business", "review")
CAUSES = ("nothing", "feed", "labels", "training", "service", "rule", "world")
"""What somebody who looks into a matter may name."""
SOMEBODY = "somebody"
"""The name under which a suspicion stands among the alarms."""


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Somebody who comes to suspect, rightly or wrongly, that something is amiss.

    Once every working day they think of how the last *window* compares with the first month, by
    what users complete or else by the labels that have come. A fall by *notices* makes them raise
    the matter with chance one half; without any they raise it *false_per_year* times a year.
    """

    notices: float = 0.1
    false_per_year: float = 2.0
    window: str = "1w"

    def __post_init__(self) -> None:
        within("suspicion.false_per_year", self.false_per_year, 0, 260)
        positive_us(self.window, "suspicion.window")
        if not self.notices > 0:
            refuse("suspicion.notices", self.notices, "give a fall above 0, such as 0.1")

    def chance(self, fall: float) -> float:
        """Return how likely they are to raise it on a day when quality has fallen by *fall*."""
        silent = (1.0 - self.false_per_year / 260) * 0.5 ** (max(0.0, fall) / self.notices)
        return float(1.0 - silent)


@dataclass(frozen=True, kw_only=True)
class People:
    """How long the owners take to answer a page: medians, lognormally spread by *sigma*.

    With *office*, the time starts running in the next office hours. From *handoff* on the roles in
    *nobody* have nobody: a page waits for *passed_on* until *passed_to* takes it up. *suspicion*
    is somebody who may notice without any monitor. To look into a matter takes *looks*, and names
    a wrong cause with the chance *mistaken*; a label that is asked for comes after *labels*.
    """

    data: str = "4h"
    model: str = "4h"
    platform: str = "1h"
    product: str = "1d"
    sigma: float = 0.5
    office: bool = True
    nobody: tuple[str, ...] = ()
    handoff: str = "0"
    passed_on: str = "5d"
    passed_to: str = "platform"
    suspicion: Suspicion | None = None
    looks: str = "4h"
    mistaken: float = 0.1
    labels: str = "1d"

    def __post_init__(self) -> None:
        positive_us(self.labels, "people.labels")
        us(self.looks, "people.looks")
        within("people.mistaken", self.mistaken, 0, 1)
        for owner in OWNERS:
            us(getattr(self, owner), f"people.{owner}")
        within("people.sigma", self.sigma, 0, 5)
        us(self.handoff, "people.handoff")
        us(self.passed_on, "people.passed_on")
        one_of("people.passed_to", self.passed_to, OWNERS)
        for owner in self.nobody:
            one_of("people.nobody", owner, OWNERS)
        if self.passed_to in self.nobody:
            refuse("people.passed_to", self.passed_to, "that role has nobody either")

    def median_us(self, owner: str) -> int:
        """Return how long *owner* usually takes."""
        return us(getattr(self, owner))

    def takes_up(self, owner: str, now_us: int) -> str:
        """Return who takes up a page to *owner*: that role, or whom it is passed on to."""
        gone = owner in self.nobody and now_us >= us(self.handoff)
        return self.passed_to if gone else owner
