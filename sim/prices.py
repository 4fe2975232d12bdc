"""What things cost, in one currency."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sim.errors import within


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What things cost, in *currency*; whatever is not named is free.

    *loss* is the price of one unit of loss (one error, by 0/1 loss), *review* that of a label
    from the review queue, *page* of calling an owner, *incident_minute* of a minute in which an
    incident does harm, *shadow* of an answer that nobody is shown, *request* of an answer that
    somebody is. A training costs what training.cost says.
    """

    currency: str = ""
    loss: float = 0.0
    review: float = 0.0
    page: float = 0.0
    incident_minute: float = 0.0
    shadow: float = 0.0
    request: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name != "currency":
                within(f"prices.{field.name}", getattr(self, field.name), 0, 1e15)
