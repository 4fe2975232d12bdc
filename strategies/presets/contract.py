"""Watching what comes in, before it can do harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.actions import PageOwner
from strategies.monitors import Contract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class ContractGuard:
    """Check the agreed schema at every tick; page the data owner if it breaks.

    It pages when more than *limit* of a tick's records break the contract. Meanwhile the
    champion stays. Falling back would take the model from everybody for the sake of the
    sources that are broken, few of them at first, and a model that fills gaps with training
    means is about as good on a broken record as the fallback. Retraining would teach a new
    champion the broken feed, and it would be the wrong one from the day of the repair; the old
    one is right again from that day on.
    """

    limit: float = 0.01
    heartbeat: ClassVar[str] = "0"

    def __post_init__(self) -> None:
        Contract(limit=self.limit)

    @property
    def monitors(self) -> tuple[Contract, ...]:
        """The contract."""
        return (Contract(limit=self.limit),)

    def decide(self, view: View) -> Iterator[Action]:
        """Page the owner of a broken contract, once for each time it breaks."""
        for alarm in view.alarms:
            if alarm.owner not in view.pages:
                yield PageOwner(alarm.owner, why=alarm.text)
