"""A game as people share it: its clock, who sits at it, and what each of them may see."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reports.rehearsal.charts import Charts
from reports.rehearsal.looking import Look
from reports.rehearsal.skin import Skin
from sim.clock import DAY_US, text, us
from sim.errors import Refused, one_of, whole, within
from sim.facts import Alarm, Lineage
from sim.people import OWNERS
from strategies.play.orders import made, spoken
from strategies.play.sight import card, lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.rehearsal.game import Game
    from reports.rehearsal.record import Record
    from reports.rehearsal.scene import Scene
    from strategies.play.played import Move

EVERYBODY, FACILITATOR = "everybody", "facilitator"
ROLES = (EVERYBODY, *OWNERS)
SEES = {
    "data": ("input", "review"),
    "model": ("output", "performance"),
    "platform": ("output", "performance"),
    "product": ("business", "review"),
}
"""Which layers each role has on its screens; actions and the service are seen by all."""
SLOWEST, FASTEST, SLOWED = 1 / 24, 14.0, 1 / 12
"""Days a second: an hour, two weeks; and after an alarm, two hours."""
LONGEST = 200
MOST_PLAYERS = 32


@dataclass(kw_only=True)
class Player:
    """Somebody at the game: a *name*, a *role*, and how many moves they have been shown."""

    token: str
    name: str
    role: str
    shown: int = 0

    @property
    def facilitates(self) -> bool:
        """Whether they may see the truth."""
        return self.role == FACILITATOR

    def layers(self) -> tuple[str, ...]:
        """Return the layers on their screens."""
        every = ("input", "output", "performance", "business", "review")
        return SEES.get(self.role, every)


@dataclass(kw_only=True)
class Clock:
    """How fast the year goes by: *speed* in days a second, or not at all."""

    speed: float = 1.0
    paused: bool = True
    owed_us: float = 0.0

    def due_us(self, seconds: float) -> int:
        """Return how much of the year has gone by in so many *seconds*."""
        if self.paused:
            return 0
        self.owed_us += seconds * self.speed * DAY_US
        return int(self.owed_us)

    def spend(self, passed_us: int) -> None:
        """So much of it was played."""
        self.owed_us = max(0.0, self.owed_us - passed_us)


@dataclass
class Session:
    """One game of a *scene*, its *record*, and the people at it."""

    scene: Scene
    game: Game
    record: Record
    skin: Skin = field(default_factory=Skin)
    replay: bool = False
    clock: Clock = field(default_factory=Clock)
    players: dict[str, Player] = field(default_factory=dict)
    facilitator: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    looks: list[Look] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.game.view is not None
        self.tick_us = us(self.game.scenario.tick)
        self.charts = Charts.of(self.game.view, self.tick_us, self.game.monitors)
        self.charts.read(self.game.view)
        self._served: tuple[tuple[int, int], dict[str, Any]] | None = None

    def catch_up(self) -> None:
        """Play again what the record holds, and stand where the game stood."""
        kept = self.record
        self.looks = [Look.again(look, number) for number, look in enumerate(kept.looks)]
        if kept.place is not None:
            self.game.resume(list(kept.moves), kept.place, each=self._seen)

    # -- people ------------------------------------------------------------------------------

    def join(self, name: str, role: str, token: str = "") -> Player:
        """Seat somebody; the facilitator's seat needs the facilitator's *token*."""
        name = _words("name", name) or "somebody"
        if role == FACILITATOR:
            if not secrets.compare_digest(token, self.facilitator):
                raise Refused("the facilitator's seat needs the link that the terminal printed")
        else:
            one_of("role", role, ROLES)
        if len(self.players) >= MOST_PLAYERS:
            raise Refused(f"there are {MOST_PLAYERS} people at this game already")
        player = Player(token=secrets.token_urlsafe(16), name=name, role=role)
        self.players[player.token] = player
        return player

    # -- the clock ---------------------------------------------------------------------------

    def turn(self, seconds: float, *, most: int = 400) -> bool:
        """Let so many *seconds* of the clock go by; say whether anything happened worth a stop."""
        game, clock = self.game, self.clock
        until_us = game.now_us + clock.due_us(seconds)
        started_us, stop = game.now_us, False
        for _ in range(most):
            if game.over or game.now_us + self.tick_us > until_us:
                break
            stop = self._step()
            if stop:
                break
        clock.spend(game.now_us - started_us)
        if stop:
            clock.owed_us = 0.0
        return stop

    def _step(self) -> bool:
        """Go on to the next moment; after an alarm time slows down by itself."""
        game, first = self.game, len(self.game.log)
        game.step()
        self._seen()
        alarm = any(isinstance(line.fact, Alarm) for line in game.log[first:])
        if alarm:
            self.clock.speed = min(self.clock.speed, SLOWED)
        if game.over:
            self.clock.paused = True
        return alarm

    def _seen(self) -> None:
        """Draw what is new, and let people see what they were looking for."""
        if self.game.view is not None:
            self.charts.read(self.game.view)
        for look in self.looks:
            look.see(self.game)

    def set_clock(self, asked: Mapping[str, Any]) -> None:
        """Pause, go on, change the speed, or make one step."""
        if "paused" in asked:
            self.clock.paused = bool(asked["paused"]) or self.game.over
            self.clock.owed_us = 0.0
        if "speed" in asked:
            self.clock.speed = within("speed", asked["speed"], SLOWEST, FASTEST)
        if asked.get("step"):
            self.clock.paused = True
            for _ in range(500):  # a day at ticks of an hour, and what happens in between
                before_us = self.game.now_us
                if (
                    self.game.over
                    or self._step()
                    or self.game.now_us // DAY_US > before_us // DAY_US
                ):
                    break

    # -- acting ------------------------------------------------------------------------------

    def act(self, player: Player, asked: Mapping[str, Any]) -> str:
        """Do what *player* asks for; refuse it where somebody else has just acted unseen."""
        self._played_live()
        if player.facilitates:
            raise Refused("the facilitator watches: join in another seat to act")
        action = made({k: v for k, v in asked.items() if k != "seen"})
        _words("why", str(getattr(action, "why", "")))
        seen = whole("seen", asked.get("seen", len(self.game.moves)), 0)
        others = [move for move in self.game.moves[seen:] if move.by != player.name]
        if others:
            newest = others[-1]
            raise Refused(
                f"{newest.by} was first: {spoken(newest.action)}; look at what has changed, "
                "and ask again if it is still right"
            )
        move = self.game.act(action, by=player.name)
        self.record.moved(move)
        return spoken(action)

    def _played_live(self) -> None:
        """Refuse to change a game that is only played again."""
        if self.replay:
            raise Refused("this game was played before: it can be looked at, not changed")

    def explain(self, number: int, why: str) -> None:
        """Fill in the reason of a move."""
        self._played_live()
        why = _words("why", why)
        self.game.explain(number, why)
        self.record.reasoned(number, why)

    def look(self, player: Player, asked: Mapping[str, Any]) -> Look:
        """Begin to look deeper, which takes simulated time."""
        self._played_live()
        look = Look.begin(self.game, asked, by=player.name, number=len(self.looks))
        self.looks.append(look)
        self.record.looked({**look.asked, "by": player.name, "at_us": self.game.now_us})
        return look

    def hint(self) -> str:
        """Return the next hint, which costs points."""
        self._played_live()
        taken = self.record.hints
        if taken >= len(self.scene.hints):
            raise Refused("there are no more hints")
        self.record.hinted()
        return self.scene.hints[taken]

    def inject(self, player: Player, text_: str) -> str:
        """Let the facilitator bring in a fault, live."""
        from reports.rehearsal.injecting import fault

        self._played_live()
        if not player.facilitates:
            raise Refused("only the facilitator can bring something in")
        brought = fault(text_, self.game)
        self.game.inject(brought)
        self.record.inject(repr(brought))
        return f"{brought.label} begins at {text(brought.at_us)}"

    def finish(self) -> None:
        """Let the rest of the year go by."""
        while not self.game.over:
            self._step()

    def _made(self) -> list[Move]:
        """Return the moves of a replay that have been made by now."""
        return [m for m in self.record.moves if m.place.now_us <= self.game.now_us]

    # -- what is seen ------------------------------------------------------------------------

    def shown(self, player: Player, *, point: int = 0, line: int = 0) -> dict[str, Any]:
        """Return what *player* may see that is new: from a *point* and a log *line* on."""
        layers = player.layers()
        channels = [c for c in self.charts.channels if c.layer in layers]
        names = [channel.name for channel in channels]
        seen = {
            "now_us": self.game.now_us,
            "horizon_us": self.game.horizon_us,
            "tick_us": self.tick_us,
            "speed": self.clock.speed,
            "paused": self.clock.paused,
            "over": self.game.over,
            "point": len(self.charts.points),
            "line": len(self.game.log),
            "points": [[p.get(n) for n in names] for p in self.charts.points[point:]],
            "log": self._log(player, line),
            "looks": [look.told() for look in self.looks],
            "hints": [*self.scene.hints[: self.record.hints]],
            "hints_left": len(self.scene.hints) - self.record.hints,
            "moves": [
                {"at_us": m.place.now_us, "by": m.by, "words": spoken(m.action)}
                for m in (self._made() if self.replay else self.game.moves)
            ],
            "players": [{"name": p.name, "role": p.role} for p in self.players.values()],
        }
        if self.game.view is not None:
            seen["service"] = self._service()
        if player.facilitates:
            seen["truth"] = self._truth()
        return seen

    def channels(self, player: Player) -> list[dict[str, Any]]:
        """Return the lines that are drawn for *player*."""
        return [vars(c) for c in self.charts.channels if c.layer in player.layers()]

    def _log(self, player: Player, first: int) -> list[dict[str, Any]]:
        told = []
        for entry in self.game.log[first:]:
            fact = entry.fact
            if isinstance(fact, Alarm) and fact.layer not in player.layers():
                continue
            if fact.kind in ("Lineage", "Onset", "Ended"):
                continue
            told += [{"number": entry.number, **line} for line in lines([fact])]
        return told

    def _service(self) -> dict[str, Any]:
        """Return who answers, what is being built and who was called: all roles see these.

        It is put together anew only where time has passed or something has happened.
        """
        state = self.game.now_us, len(self.game.log)
        if self._served is None or self._served[0] != state:
            self._served = state, self._described()
        return self._served[1]

    def _described(self) -> dict[str, Any]:
        view = self.game.view
        assert view is not None
        people = self.game.scenario.people
        return {
            "weekday": view.weekday,
            "in_office": view.in_office,
            "route": vars(view.route),
            "changing": view.changing,
            "candidate": view.candidate,
            "previous": view.previous.name if view.previous else "",
            "versions": [
                {**card(version), "lineage": self._lineage(version.name)}
                for version in view.versions
            ],
            "trainings": [vars(job) for job in view.jobs],
            "spent": view.spent,
            "pages": view.pages,
            "owners": [
                {
                    "owner": owner,
                    "name": self.skin.owners.get(owner, owner),
                    "median": text(people.median_us(owner)),
                }
                for owner in OWNERS
            ],
            "columns": list(view.schema.names),
            "signals": list(view.signals),
            "segments": list(view.segments),
        }

    def _lineage(self, version: str) -> list[str]:
        """Return the chain of a version, a line a link."""
        known = (line.fact for line in self.game.log)
        return [
            f"{fact.stage} {fact.digest[:8]}, by the {fact.owner} owner"
            for fact in known
            if isinstance(fact, Lineage) and fact.version == version
        ]

    def _truth(self) -> list[dict[str, Any]]:
        """Return what is really going on: for the facilitator alone."""
        horizon_us = self.game.horizon_us
        return [
            {
                "name": come.name,
                "at_us": come.at_us,
                "full_us": come.full_us,
                "ends_us": come.ends_us,
            }
            for change in self.game.scenario.incidents
            for come in change.occurrences(horizon_us)
        ]

    def keep(self) -> None:
        """Write down where the game stands."""
        if not self.game.over and not self.replay:
            self.record.reached(self.game.place)


def _words(field: str, value: str) -> str:
    """Return a short text of a person's; refuse one that is none."""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Refused(f"{field} is too long: give at most {LONGEST} characters")
    return " ".join(value.split())
