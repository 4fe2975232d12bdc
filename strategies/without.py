"""A strategy without one of its owners: whoever calls them calls nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.actions import PageOwner
from sim.errors import fits, one_of
from sim.people import OWNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.actions import Action
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Without:
    """Does what *policy* does, but never calls *owner*: nobody has that role.

    >>> from strategies import presets
    >>> Without(policy=presets.contract(), owner="data").owner
    'data'
    """

    policy: Any
    owner: str

    def __post_init__(self) -> None:
        fits("without.policy", self.policy, "decide", "Policy(name='mine')")
        one_of("without.owner", self.owner, OWNERS)

    @property
    def monitors(self) -> tuple[Any, ...]:
        """Those of the policy: they watch as before."""
        return tuple(getattr(self.policy, "monitors", ()))

    @property
    def heartbeat(self) -> str | None:
        """That of the policy."""
        return getattr(self.policy, "heartbeat", None)

    def decide(self, view: View) -> Iterator[Action]:
        """Leave out the calls to that owner."""
        for action in self.policy.decide(view):
            if not (isinstance(action, PageOwner) and action.owner == self.owner):
                yield action
