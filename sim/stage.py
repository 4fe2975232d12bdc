"""What all parts of a world share: the agenda, the desk, the facts, the present moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sim.agenda import Agenda
from sim.clock import Phase, moment
from sim.faults import Fault
from sim.lineage import Chain
from sim.loops import Effects

if TYPE_CHECKING:
    from sim.chance import Luck
    from sim.facts import Fact
    from sim.flight import Flight
    from sim.scenario import Scenario
    from sim.view import Desk
    from sim.workshop import Build, Workshop

F = TypeVar("F", bound=Fault)


class Stage:
    """The stage of one run. What happens on it is written down, and told if it can be seen."""

    def __init__(
        self, scenario: Scenario, luck: Luck, flight: Flight, workshop: Workshop, desk: Desk
    ) -> None:
        self.scenario, self.luck = scenario, luck
        self.flight, self.workshop, self.desk = flight, workshop, desk
        self.agenda = Agenda()
        self.chain = Chain()
        self.builds: dict[str, Build] = {}
        self.jobs = 0
        """how many were asked for so far"""
        self.collected_us: dict[str, int] = {}
        """which faults have left the stored data, with their onset: it was collected again"""
        self.facts: list[Fact] = []
        self.news: list[Fact] = []
        self.moment = moment(0, Phase.WORLD)
        self.asked = ""

    @property
    def now_us(self) -> int:
        """The present."""
        return self.agenda.now_us

    def acting(self, kind: type[F]) -> list[F]:
        """Return the faults of one *kind* that act now."""
        repaired_us = self.flight.effects.repaired_us
        return [
            fault
            for fault in self.scenario.faults
            if isinstance(fault, kind) and fault.acts(self.now_us, repaired_us.get(fault.label))
        ]

    @property
    def stored(self) -> Effects:
        """What the operator's doing has changed in the stored data so far."""
        repaired_us, states = self.flight.effects
        return Effects(repaired_us | self.collected_us, dict(states))

    def settle(self) -> None:
        """Let everything that comes before the present moment be served and arrive."""
        self.flight.settle(self.moment)

    def write(self, fact: Fact) -> None:
        """Write a fact that the operator does not learn of."""
        self.facts.append(fact)

    def tell(self, fact: Fact) -> None:
        """Write a fact that the operator learns of."""
        self.facts.append(fact)
        self.desk.facts.append(fact)
        self.news.append(fact)

    def link(self, artifact: str, version: str, content: dict[str, Any], parent: str = "") -> str:
        """Tell that an artifact came about, as a link of the chain; return its digest."""
        link = self.chain.link(artifact, version, self.now_us, content, parent)
        self.tell(link)
        return link.digest

    def ask(self, reason: str) -> None:
        """Let the operator decide before anything else happens."""
        self.asked = reason
