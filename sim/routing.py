"""Who answers the requests of a page: the working parts behind a route, seat by seat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.timeline import CHALLENGER, CHAMPION

if TYPE_CHECKING:
    from sim.artifacts import Model

SEATS = CHAMPION_SEAT, CHALLENGER_SEAT, SHADOW_SEAT = CHAMPION, CHALLENGER, 2


@dataclass(frozen=True)
class Routing:
    """Who answers: the working parts behind a `Route`."""

    champion: Model
    challenger: Model | None = None
    share: float = 0.0
    shadow: Model | None = None
    fallback: bool = False
    release: int = 0
    reserve: float = 0.0
    """the fallback's own answer"""
    quarantined: tuple[str, ...] = ()
    crashes: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """on what share of requests the code of champion, challenger, shadow and kept one fails"""
    segments: tuple[int, ...] = ()
    """the numbers of the segments whose users alone can meet the challenger; empty: all"""
    caps: tuple[int, int] = (0, 0)
    """how many users and requests the challenger may meet; 0: any number"""
    kept: Model | None = None
    """the champion before this one, to which there is a way back"""

    def seated(self, seat: int) -> Model | None:
        """Return who sits in a *seat*."""
        return (self.champion, self.challenger, self.shadow)[seat]
