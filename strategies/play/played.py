"""A game as a strategy: what people did, and when, played again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.actions import Action
from strategies.play.orders import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.run import Strategy
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Place:
    """One look at a view: the moment, how much had happened by then, and what came last."""

    now_us: int
    known: int
    newest: str = ""

    @classmethod
    def of(cls, view: View) -> Place:
        """Return where a view stands in its year."""
        history = view.history
        newest = f"{history[-1].kind} at {history[-1].at_us}" if history else ""
        return cls(now_us=view.now_us, known=len(history), newest=newest)


@dataclass(frozen=True, kw_only=True)
class Move:
    """An *action* that somebody took (*by*) at a place."""

    place: Place
    action: Action
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Played:
    """Does what people did: their *moves*, after what their *autopilot* does, if they had one.

    In another world, as in its calm twin, moves are made as long as it looks the same; after that
    nobody moves any more.

    An operator in person is asked at every tick. The record holds no state: a view says by its
    moment and by how much has happened which moves are due.
    """

    moves: tuple[Move, ...] = ()
    monitors: tuple[Any, ...] = ()
    autopilot: Strategy | None = None
    heartbeat: str | None = None

    def __repr__(self) -> str:
        told = [] if self.autopilot is None else [f"autopilot={self.autopilot!r}"]
        told += [f"moves={len(self.moves)}"] if self.moves else []
        return f"Played({', '.join(told)})"

    def decide(self, view: View) -> Iterator[Action]:
        """Act as then."""
        place = Place.of(view)
        if self.autopilot is not None:
            yield from self.autopilot.decide(view)
        for move in self.moves:
            if move.place == place:
                yield move.action

    @property
    def script(self) -> list[str]:
        """The moves as orders, a line each."""
        return [spoken(move.action) for move in self.moves]
