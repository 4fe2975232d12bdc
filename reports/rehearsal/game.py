"""A year that people play: it stands at a moment, takes their actions, and goes on.

All that a game is can be told in a few lines: the scene, the seed, and the moves. A game that was
interrupted is played again from these, up to where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.actions import Action
from sim.errors import Mistake, Refused
from sim.facts import Fact, Lineage
from sim.run import fingerprint, label, one_thread
from sim.world import World
from strategies.play.played import Move, Place, Played
from strategies.play.sight import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.artifacts import Examples
    from sim.faults import Fault
    from sim.ledger import Ledger
    from sim.monitoring import Baseline
    from sim.run import Strategy
    from sim.scenario import Scenario
    from sim.view import View

MOST_MOVES = 10_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """A *fact* that people may read, as the log's entry *number*."""

    number: int
    fact: Fact


class Game:
    """One *scenario* under one seed, stood at one moment after the other by people."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        monitors: tuple[Any, ...],
        autopilot: Strategy | None = None,
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.monitors, self.autopilot = monitors, autopilot
        self.moves: list[Move] = []
        self.log: list[Line] = []
        self._begin()

    def _begin(self) -> None:
        self.log.clear()
        self.view: View | None = None
        self.stopped = ""
        with one_thread():
            self._world = World(
                self.scenario, seed=self.seed, monitors=self.monitors, readings=True
            )
        self._advance()

    # -- playing -----------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the year has ended."""
        return self.view is None

    @property
    def now_us(self) -> int:
        """The present moment of the year."""
        return self._world.horizon_us if self.view is None else self.view.now_us

    @property
    def horizon_us(self) -> int:
        """When the year ends."""
        return self._world.horizon_us

    def step(self) -> bool:
        """Go on to the next moment at which people are asked; say whether it is worth a stop.

        It is if something has happened since: an alarm, a version, an answer.
        """
        if self.view is None:
            return False
        self._advance()
        return self.view is not None and bool(self.view.news)

    def _advance(self) -> None:
        with one_thread():
            self.view = self._world.advance()
            if self.view is None:
                return
            self._place = Place.of(self.view)
            self._tell()
            if self.autopilot is not None:
                self._do(self.autopilot.decide(self.view))

    def _do(self, actions: Iterable[Action]) -> None:
        try:
            self._world.act(actions)
        finally:
            self._tell()

    def _tell(self) -> None:
        """Write into the log what was not told yet."""
        assert self.view is not None
        for fact in self.view.history[len(self.log) :]:
            self.log.append(Line(number=len(self.log), fact=fact))

    def act(self, action: Action, *, by: str = "") -> Move:
        """Do something now; what is impossible is `Refused` and leaves no trace."""
        if self.view is None:
            raise Refused("the year is over: nothing can be done any more")
        if len(self.moves) >= MOST_MOVES:
            raise Refused(f"there are {MOST_MOVES:,} moves already: let the year go on by itself")
        with one_thread():
            self._do([action])
        move = Move(place=self._place, action=action, by=by)
        self.moves.append(move)
        return move

    def explain(self, number: int, why: str) -> None:
        """Fill in the reason of move *number*, which the ledger will hold."""
        if not 0 <= number < len(self.moves):
            raise Refused(f"move is {number}: there are {len(self.moves)}, counted from 0")
        move = self.moves[number]
        self.moves[number] = replace(move, action=replace(move.action, why=why))  # type: ignore[call-arg]

    def records(self, last: int) -> Examples:
        """Return the *last* labelled records as storage holds them."""
        with one_thread():
            return self._world.records(last)

    def baseline(self) -> Baseline:
        """Return what the champion was trained on."""
        baseline = self._world.baseline
        if baseline is None:
            raise Refused("there is nothing to compare with: no monitor knows the training")
        return baseline

    # -- going back and changing the world ------------------------------------------------------

    def inject(self, fault: Fault) -> None:
        """Let a fault come to pass that nobody had planned; what has happened already stays.

        The year is played again, with the fault in it, up to the present: before its onset
        nothing differs.
        """
        if fault.at_us <= self.now_us:
            raise Refused(f"{fault.label} begins before the present moment: let it begin later")
        before = self.scenario
        told = self._happened()
        try:
            scenario = replace(before, faults=(*before.faults, fault))
        except Mistake as mistake:
            raise Refused(str(mistake)) from None
        self.scenario = scenario
        self.resume(self.moves, self._place)
        if self._happened() != told:
            self.scenario = before
            self.resume(self.moves, self._place)
            raise Refused(f"{fault.label} would change what has happened already")

    def _happened(self) -> list[tuple[int, str]]:
        """Return what has happened; digests aside, for they are of the whole script."""
        facts = (line.fact for line in self.log)
        return [(fact.at_us, said(fact)) for fact in facts if not isinstance(fact, Lineage)]

    def resume(
        self, moves: Sequence[Move], place: Place, each: Callable[[], None] = lambda: None
    ) -> None:
        """Play recorded moves again, and stand where the game stood; *each* follows every look."""
        waiting = list(moves)
        self.moves = []
        self._begin()
        while self.view is not None:
            while waiting and waiting[0].place == self._place:
                move = waiting.pop(0)
                self.act(move.action, by=move.by)
            each()
            if self._place == place:
                break
            self._advance()
        if waiting or (self.view is None and place.now_us < self.horizon_us):
            raise Mistake("the recorded game does not fit this scene: was the scene changed?")

    # -- the end ---------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where the game stands."""
        return self._place

    @property
    def played(self) -> Played:
        """The game as a strategy."""
        return Played(moves=tuple(self.moves), monitors=self.monitors, autopilot=self.autopilot)

    def finish(self) -> None:
        """Let the year go on to its end with nobody but the autopilot."""
        while not self.over:
            self._advance()

    def ledger(self) -> Ledger:
        """Return the transcript of the year that was played, with one row per request.

        It is an ordinary run of an ordinary strategy: the moves, with their reasons.
        """
        from sim.run import run

        if not self.over:
            raise Mistake("the year goes on: finish it first")
        return run(self.scenario, self.played, seed=self.seed, outcomes=True)

    def signature(self) -> str:
        """Return the digest of the year as it was lived, reasons as they were given then."""
        return self._world.ledger(label(self.played), fingerprint()).digest()
