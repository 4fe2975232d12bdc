"""What is kept of a game on disk, so that a killed server goes on and nothing is given away.

The record is a file of lines, each written before its answer is sent. What the scene is stands in
it sealed: readable by the program, and by nobody by accident.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import Mistake, refuse
from strategies.play.orders import order, spoken
from strategies.play.played import Move, Place

FILE = "game.jsonl"
LAYOUT = 1


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a game began with; *policy* is the text of the autopilot, '' for none."""

    scene: str
    seed: int
    mystery: bool = False
    policy: str = ""

    def sealed(self) -> str:
        """Return it as text that nobody reads by accident."""
        return base64.b85encode(zlib.compress(json.dumps(asdict(self)).encode())).decode()

    @classmethod
    def unsealed(cls, text: str) -> Opening:
        """Return what `sealed` wrote."""
        return cls(**json.loads(zlib.decompress(base64.b85decode(text))))


@dataclass(kw_only=True)
class Record:
    """The record of one game in *folder*."""

    folder: Path
    opening: Opening
    moves: list[Move] = field(default_factory=list)
    injected: list[str] = field(default_factory=list)
    hints: int = 0
    looks: list[dict[str, Any]] = field(default_factory=list)
    place: Place | None = None

    @classmethod
    def begin(cls, folder: Path, opening: Opening) -> Record:
        """Begin a record; the folder must not hold one."""
        record = cls(folder=folder, opening=opening)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / FILE).exists():
            refuse("game", str(folder), "a game lies there already; go on with --resume")
        record._write({"layout": LAYOUT, "sealed": opening.sealed()})
        return record

    @classmethod
    def read(cls, folder: Path) -> Record:
        """Read a record; a last line that was cut off by a kill is left out."""
        path = folder / FILE
        if not path.is_file():
            refuse("game", str(folder), "no game lies there; give a folder that a game was kept in")
        lines = _whole_lines(path)
        if not lines or lines[0].get("layout") != LAYOUT:
            raise Mistake(f"{path} is no game of this version of driftyard: begin a new one")
        record = cls(folder=folder, opening=Opening.unsealed(lines[0]["sealed"]))
        for line in lines[1:]:
            record._take(line)
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        return record

    def _take(self, line: dict[str, Any]) -> None:
        match line["kind"]:
            case "move":
                self.moves.append(_move(line))
                self.place = self.moves[-1].place
            case "reason":
                move = self.moves[line["move"]]
                said = f"{spoken(move.action).partition(' because ')[0]} because {line['why']}"
                self.moves[line["move"]] = Move(place=move.place, action=order(said), by=move.by)
            case "inject":
                self.injected.append(line["fault"])
            case "hint":
                self.hints += 1
            case "look":
                self.looks.append(line["look"])
            case "place":
                self.place = Place(**line["place"])

    def moved(self, move: Move) -> None:
        """Keep a move."""
        self.moves.append(move)
        self.place = move.place
        where = {"place": asdict(move.place), "by": move.by}
        self._write({"kind": "move", "order": spoken(move.action), **where})

    def reasoned(self, number: int, why: str) -> None:
        """Keep the reason of a move that was given later."""
        self._write({"kind": "reason", "move": number, "why": why})

    def inject(self, fault: str) -> None:
        """Keep that a fault was injected."""
        self.injected.append(fault)
        self._write({"kind": "inject", "fault": fault})

    def hinted(self) -> None:
        """Keep that a hint was taken."""
        self.hints += 1
        self._write({"kind": "hint"})

    def looked(self, look: dict[str, Any]) -> None:
        """Keep that somebody looks deeper."""
        self.looks.append(look)
        self._write({"kind": "look", "look": look})

    def reached(self, place: Place) -> None:
        """Keep where the game stands."""
        if place != self.place:
            self.place = place
            self._write({"kind": "place", "place": asdict(place)})

    def _write(self, line: dict[str, Any]) -> None:
        with (self.folder / FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _move(line: dict[str, Any]) -> Move:
    return Move(place=Place(**line["place"]), action=order(line["order"]), by=line["by"])


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            break
    return lines
