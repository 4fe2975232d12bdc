"""Finding out what is the matter before doing anything about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.actions import Acknowledge, Investigate, PageOwner, Quarantine, SetThreshold
from sim.clock import positive_us, us
from sim.errors import fits, one_of
from sim.facts import Found
from sim.people import LAYERS, OWNERS
from strategies.recall import is_repair, newest_finding, open_monitors
from strategies.triggers import OnDrift, Trigger
from strategies.verdict import noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View

OWNER = {"feed": "data", "labels": "data", "training": "model", "service": "platform"}
"""Who is called for which cause."""


@dataclass(frozen=True, kw_only=True)
class InvestigateFirst:
    """Lets *owner* look into a *layer* (none: everything) when *when* says yes; acts on the answer.

    A broken feed: its owner is called, and the columns named go into quarantine until an owner
    reports a repair, which ends the quarantine for all. Labels, trainings
    or the service: whoever owns them is called. Another rule or price: the threshold is set anew,
    if the champion has one. Nothing: the open alarms are acknowledged. A changed world is the
    trigger's business: `OnFinding` rebuilds. It takes working time, and the answer can be wrong;
    after an answer nobody looks again for *rest*.

    >>> InvestigateFirst().words[:71]
    'if an alarm is open, model looks into everything first and what they fi'
    """

    when: Trigger = field(default_factory=OnDrift)
    owner: str = "model"
    layer: str = ""
    rest: str = "2d"
    window: str = "7d"

    def __post_init__(self) -> None:
        fits("investigate_first.when", self.when, "fires", "Performance(worse_by=0.05)")
        one_of("investigate_first.owner", self.owner, OWNERS)
        if self.layer:
            one_of("investigate_first.layer", self.layer, LAYERS)
        positive_us(self.rest, "investigate_first.rest")
        positive_us(self.window, "investigate_first.window")

    @property
    def words(self) -> str:
        """When who looks, and what follows."""
        what = f"the {self.layer} layer" if self.layer else "everything"
        return (
            f"if {self.when.words}, {self.owner} looks into {what} first and what they find "
            "decides: a broken feed is quarantined until its owner has repaired it, for another "
            "price the threshold is set, if it is nothing the alarms are acknowledged"
        )

    def answers(self, view: View) -> Iterator[Action]:
        """Act on what was found, or see whether there is something to look into."""
        for fact in view.news:
            if isinstance(fact, Found):
                yield from self._acts(view, fact)
            elif is_repair(fact) and view.route.quarantined:
                yield Quarantine((), why=fact.text)
        verdict = self.when.fires(view)
        yield from noted(view, verdict)
        found = newest_finding(view)
        rested = found is None or view.now_us >= found.at_us + us(self.rest)
        if verdict.yes and rested and not view.inquiries and not view.jobs:
            yield Investigate(owner=self.owner, layer=self.layer, why=verdict.why)

    def _acts(self, view: View, found: Found) -> Iterator[Action]:
        if found.cause in OWNER and OWNER[found.cause] not in view.pages:
            yield PageOwner(OWNER[found.cause], why=found.text)
        if found.cause == "feed" and found.columns:
            apart = {*view.route.quarantined, *found.columns}
            columns = tuple(name for name in view.schema.names if name in apart)
            if columns != view.route.quarantined:
                yield Quarantine(columns, why=found.text)
        elif found.cause == "rule" and "threshold" in view.champion.adjusts and not view.jobs:
            yield SetThreshold(window=self.window, why=found.text)
        elif found.cause == "nothing":
            for monitor in open_monitors(view):
                yield Acknowledge(monitor, why=found.text)
