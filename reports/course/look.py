"""What the chapters' examples and figures look at: one year, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.clock import DAY_US, us

if TYPE_CHECKING:
    from sim.ledger import Ledger


def play(world: str, strategy: str | Any, seed: int) -> Ledger:
    """Play a year; *world* and *strategy* are texts as for `driftyard run`."""
    from reports import names
    from sim.run import run

    operator = names.strategy(strategy).value if isinstance(strategy, str) else strategy
    return run(names.scenario(world, seed).value, operator, seed=seed)


def right(year: Ledger, *, every: str = "7d") -> list[int]:
    """Return the share of right answers in each stretch of a year, in percent.

    >>> year = play("calm-year(horizon='4w', rate='5/h')", "never", 1)
    >>> len(right(year))
    4
    """
    timeline = year.timeline
    width = max(1, us(every) // timeline.tick_us)
    whole = len(timeline) // width * width
    count = timeline.count.sum(axis=1)[:whole].reshape(-1, width).sum(axis=1)
    loss = timeline.loss.sum(axis=1)[:whole].reshape(-1, width).sum(axis=1)
    return [
        round(100 * (1 - lost / asked)) if asked else 0
        for asked, lost in zip(count.tolist(), loss.tolist(), strict=True)
    ]


def middles(year: Ledger, *, every: str = "7d") -> list[float]:
    """Return the middle of each of these stretches, in days since the launch."""
    days = us(every) / DAY_US
    return [days * (place + 0.5) for place in range(len(right(year, every=every)))]
