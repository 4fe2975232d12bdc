"""What trainings read is broken, what is served is not."""

from __future__ import annotations

from sim.concepts import Linear
from sim.faults import Swap
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def poisoned_snapshot(
    *,
    at: str = "5w",
    until: str = "14w",
    rate: str = "40/h",
    labels: str = "6h",
    coverage: float = 0.6,
    horizon: str = "20w",
) -> Scenario:
    """Two columns change places in storage: every model learned from it is wrong, none looks it.

    From *at* *until* the warehouse holds them swapped. What is reported as spam is known a median
    of *labels* later, for a share *coverage* of the mails.
    """
    concept = Linear(columns=8, rule="spam", noise=0.06)
    return Scenario(
        name="poisoned-snapshot",
        domain="abuse",
        story=(
            "The filter of a mail service is trained anew every week on what users reported.\n"
            "One Monday the inboxes fill up, and the report of that training says all is well."
        ),
        cause=(
            "A backfill wrote two columns of the warehouse in each other's place. The feed that is "
            "served was never touched; training and hold-out are broken alike."
        ),
        expect=(
            "Neither the contract nor the distribution of any column moves. Claims stay within 3 "
            "points; lived error more than doubles with the first release that learned it. Rolling "
            "back to the kept champion mends it within minutes of the alarm, a training does not."
        ),
        lesson=(
            "A hold-out from the same snapshot shares its faults. Keep the last champion loadable, "
            "and try a new one on live traffic before everybody meets it."
        ),
        seam="data",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.4, weekend=0.8, entities=80_000, sources=30),
        ),
        faults=(
            Swap(
                name="backfill",
                at=at,
                until=until,
                columns=concept.heaviest(2),
                reach="storage",
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=1.0), coverage=coverage),
        training=Training(fixed="90m", per_record="20ms", cost=15.0),
        horizon=horizon,
    )
