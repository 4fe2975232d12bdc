"""What theory says of a calendar under even decay: staleness against the price of building."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from sim.artifacts import Parametric
from sim.clock import DAY_US, rate, us
from sim.concepts import Moving
from sim.drift import ConceptDrift

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Staleness:
    """Building costs *price*; each day of age adds *decay* to a day's loss, on top of *floor*.

    The world moves in steps of *step* days (0: evenly). In *days*, a version that is rebuilt every
    T costs price / T + decay · (T − step) / 2 + floor a day.
    """

    price: float
    decay: float
    floor: float
    step: float
    days: float

    def total(self, period: float) -> float:
        """Return what the whole time costs, built every *period* days; the launch is free."""
        stale = self.decay * (period - self.step) / 2
        return self.days * (self.price / period + stale + self.floor) - self.price

    @property
    def best(self) -> float:
        """The best period in days: √(2 price / decay), in whole steps if the world moves so.

        >>> Staleness(price=8, decay=0.04, floor=0, step=1, days=60).best
        20.0
        """
        exact = sqrt(2 * self.price / self.decay)
        if not self.step:
            return exact
        down = max(1, int(exact / self.step))
        around = (down * self.step, (down + 1) * self.step)
        return min(around, key=self.total)


def staleness(scenario: Scenario, price: float, loss_price: float) -> Staleness | None:
    """Return the closed form of a *scenario*, if it has one; trainings cost *price*."""
    built, concept = scenario.artifact, scenario.stream.concept
    if not isinstance(built, Parametric) or built.shape != "linear" or scenario.faults:
        return None
    assert isinstance(concept, Moving)
    speed, step = concept.speed * DAY_US / us(concept.step), us(concept.step) / DAY_US
    horizon_us, drifts = us(scenario.horizon), scenario.stream.drifts
    if drifts:
        drift = drifts[0]
        if len(drifts) > 1 or speed or not isinstance(drift, ConceptDrift):
            return None
        if drift.shape != "incremental" or drift.at_us or us(drift.width) < horizon_us:
            return None
        assert isinstance(drift.to, Moving)
        speed, step = (drift.to.place - concept.place) * DAY_US / us(drift.width), 0.0
    a_day = float(rate(scenario.stream.traffic.rate)) * DAY_US * loss_price
    decay = abs(speed) * built.slope * a_day
    if not decay > 0 or not price > 0:
        return None
    late = (us(scenario.training.fixed) + us(scenario.service.deploy)) / DAY_US
    floor = a_day * (built.base + built.regress * built.regression) + decay * late
    return Staleness(price=price, decay=decay, floor=floor, step=step, days=horizon_us / DAY_US)
