"""A scene: a year to be played by people, and what they are told of it beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from scenarios.replay.story import text_exactly
from sim.chance import Luck
from sim.clock import WEEK_US, us
from sim.drift import Span
from sim.errors import whole
from sim.losses import ZeroOne
from sim.prices import Prices
from sim.users import Users

if TYPE_CHECKING:
    from sim.scenario import Scenario

HINT_PRICE = 5.0
"""So many points of a hundred a hint costs."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A rehearsal: *world* names the story that comes to pass, which nobody is told.

    It takes about so many *minutes*, is made for so many *players* and asks for *skill* 1 to 3.
    The *briefing* gives nothing away; each of the *hints* helps a little further, for a price in
    points. All that happens comes up to so many weeks *later* than in the story. *prices* say
    what things cost where the story doesn't.
    """

    name: str
    title: str
    briefing: str
    world: str
    minutes: int
    players: str = "1–4"
    skill: int = 1
    hints: tuple[str, ...] = ()
    later: int = 3
    prices: Prices = field(default_factory=lambda: Prices(loss=1.0, page=20.0))

    def __post_init__(self) -> None:
        whole("scene.minutes", self.minutes, 1, 600)
        whole("scene.skill", self.skill, 1, 3)

    def scenario(self, seed: int) -> Scenario:
        """Return the year to be played: *seed* says by how many weeks it all comes later.

        There are users and prices in it, so that there is a business to watch and a score.
        """
        from reports.names import scenario

        found: Scenario = scenario(self.world, seed).value
        if not any(price for price in vars(found.prices).values() if not isinstance(price, str)):
            found = replace(found, prices=self.prices)
        if found.users is None and isinstance(found.judged_by, ZeroOne):
            found = replace(found, users=Users())
        weeks = int(Luck(seed).uniform("rehearsal", len(self.name)) * (self.later + 1))
        return later(found, weeks * WEEK_US)


def later(scenario: Scenario, by_us: int) -> Scenario:
    """Return the same story with all that goes wrong *by_us* later, and an end as much later."""
    stream = scenario.stream
    return replace(
        scenario,
        horizon=text_exactly(us(scenario.horizon) + by_us),
        faults=tuple(_later(fault, by_us) for fault in scenario.faults),
        stream=replace(stream, drifts=tuple(_later(drift, by_us) for drift in stream.drifts)),
    )


def _later(change: Any, by_us: int) -> Any:
    if not isinstance(change, Span):
        return change
    until = text_exactly(us(change.until) + by_us) if change.until else ""
    return replace(change, at=text_exactly(us(change.at) + by_us), until=until)
