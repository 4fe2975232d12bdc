"""The way from launch to a mature practice, as a year that changes its policy."""

from __future__ import annotations

from dataclasses import replace

from strategies.phased import Phase, Phased
from strategies.policy import Policy
from strategies.presets.maturity import level_0, level_1, level_2
from strategies.responses import PageOwners


def journey(
    *, visibility: str = "0", manual: str = "13w", automated: str = "26w", mature: str = "52w"
) -> Phased:
    """Grow up in a year: first see, then do it by hand, then by schedule, then by trigger.

    Months 1–3 bring visibility: everything is watched and owners are called, nothing is rebuilt.
    Months 4–6 rebuild by hand, months 7–12 by the calendar with sign-offs; from then on a drop
    rebuilds.
    """
    watching = Policy(
        name="visibility",
        story="See first: metrics, logging, and somebody who is called.",
        monitors=level_2().monitors,
        responses=(PageOwners(),),
    )
    by_hand = replace(level_0(takes="7d"), monitors=watching.monitors, responses=(PageOwners(),))
    return Phased(
        phases=(
            Phase(begins=visibility, policy=watching),
            Phase(begins=manual, policy=by_hand),
            Phase(begins=automated, policy=level_1()),
            Phase(begins=mature, policy=level_2()),
        )
    )
