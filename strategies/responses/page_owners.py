"""Calling those who own what has alarmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actions import PageOwner
from sim.errors import one_of
from sim.people import LAYERS, OWNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class PageOwners:
    """Calls the owner of each monitor that alarms, unless they are looking already.

    *monitors* or a *layer* say whose alarms count; *owner* is called instead of the monitor's.

    >>> PageOwners(layer="input").words
    'at every alarm of the input layer, call its owner'
    """

    monitors: tuple[str, ...] = ()
    layer: str = ""
    owner: str = ""

    def __post_init__(self) -> None:
        if self.layer:
            one_of("page_owners.layer", self.layer, LAYERS)
        if self.owner:
            one_of("page_owners.owner", self.owner, OWNERS)

    @property
    def words(self) -> str:
        """Whose alarms, and who is called."""
        whose = f" of {' or '.join(self.monitors)}" if self.monitors else ""
        layer = f" of the {self.layer} layer" if self.layer else ""
        return f"at every alarm{whose}{layer}, call {self.owner or 'its owner'}"

    def answers(self, view: View) -> Iterator[PageOwner]:
        """Page, once for each owner."""
        called = set(view.pages)
        for alarm in view.alarms:
            counts = not self.monitors or alarm.monitor in self.monitors
            owner = self.owner or alarm.owner
            if counts and self.layer in ("", alarm.layer) and owner not in called:
                called.add(owner)
                yield PageOwner(owner, why=alarm.text)
