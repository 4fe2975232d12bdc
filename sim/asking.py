"""The team asks people to label some of what is answered from now on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.artifacts import Online
from sim.asked import Asked
from sim.clock import Phase, positive_us, us
from sim.errors import Refused, refuse
from sim.facts import Labelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.actions import AskForLabels
    from sim.stage import Stage


class Asking:
    """Lets people label a share of the requests for a while, and tells what that came to.

    *changed* is called when labels come otherwise than they were expected.
    """

    def __init__(self, stage: Stage, changed: Callable[[bool], None]) -> None:
        self._stage, self._changed = stage, changed

    def ask(self, action: AskForLabels) -> None:
        """Begin now; what was served before stays as it is."""
        stage, share = self._stage, action.share
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if not number or not 0.0 < share <= 1.0:
            refuse("ask for labels.share", share, "give a share above 0 and up to 1")
        lasts_us = positive_us(action.last, "ask for labels.last")
        if isinstance(stage.scenario.artifact, Online):
            raise Refused("ask for labels: a model that learns from every label has no others")
        # Not on the very last instant, so that it is told before the year is over.
        until_us = min(stage.now_us + lasts_us, us(stage.scenario.horizon) - 1)
        takes_us = us(stage.scenario.people.labels)
        asked = Asked(stage.now_us, until_us, float(share), takes_us)
        stage.settle()
        stage.flight.post.ask(asked)
        self._changed(False)
        stage.agenda.at(until_us, Phase.JOBS, partial(self._over, asked))

    def _over(self, asked: Asked) -> None:
        """All that was asked for has been served: tell how many, and what it costs."""
        stage = self._stage
        stage.settle()
        records = stage.flight.post.picked(asked, stage.flight.row)
        cost = records * stage.scenario.prices.review
        stage.desk.spent += cost
        stage.tell(Labelled(at_us=stage.now_us, records=records, cost=cost))
