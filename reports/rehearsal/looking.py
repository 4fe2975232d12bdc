"""Looking deeper, by segment, by column, at raw records: it takes time, as in life."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.clock import us
from sim.errors import Refused, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.rehearsal.game import Game

TAKES = {"segments": "30m", "stages": "30m", "columns": "2h", "records": "1h"}
"""How much of the year each kind of look takes."""
SPAN = "7d"
SHOWN = 12
COMPARED = 2_000


@dataclass(kw_only=True)
class Look:
    """Somebody looks at *what*, which is there to be read from *ready_us* on."""

    number: int
    what: str
    by: str
    ready_us: int
    asked: dict[str, Any]
    table: list[list[str]] = field(default_factory=list)

    @classmethod
    def begin(cls, game: Game, asked: Mapping[str, Any], *, by: str, number: int) -> Look:
        """Begin to look."""
        if game.view is None:
            raise Refused("the year is over: the debrief shows everything")
        what = one_of("look", str(asked.get("what", "")), TAKES)
        if what == "segments" and not game.view.segments:
            raise Refused("look is 'segments': users are not told apart in this service")
        if what == "stages" and not game.view.signals:
            raise Refused("look is 'stages': this service has one stage alone")
        if what in ("columns", "records") and not game.view.schema.names:
            raise Refused(f"look is {what!r}: there are no columns here")
        ready_us = game.now_us + us(TAKES[what])
        return cls(number=number, what=what, by=by, ready_us=ready_us, asked={"what": what})

    @classmethod
    def again(cls, kept: Mapping[str, Any], number: int) -> Look:
        """Return a look that a record tells of."""
        ready_us = kept["at_us"] + us(TAKES[kept["what"]])
        asked = {"what": kept["what"]}
        return cls(number=number, what=kept["what"], by=kept["by"], ready_us=ready_us, asked=asked)

    def see(self, game: Game) -> None:
        """Read what there is, once the time is over."""
        if self.table or game.view is None or game.now_us < self.ready_us:
            return
        self.table = {
            "segments": _segments,
            "stages": _stages,
            "columns": _columns,
            "records": _records,
        }[self.what](game)

    def told(self) -> dict[str, Any]:
        """Return it as data."""
        return {
            "number": self.number,
            "what": self.what,
            "by": self.by,
            "ready_us": self.ready_us,
            "table": self.table,
        }


def _segments(game: Game) -> list[list[str]]:
    assert game.view is not None
    rows = [["segment", "requests", "labels", "loss", "the week before"]]
    now, both = game.view.ticks(SPAN), game.view.ticks("14d")
    before = both.until(int(now.start_us[0]) if len(now.start_us) else 0)
    for name, ticks in now.segments.items():
        counts = [f"{int(ticks.count.sum()):,}", f"{int(ticks.labels.sum()):,}"]
        rows.append([name, *counts, _share(ticks.error()), _share(before.segments[name].error())])
    return rows


def _stages(game: Game) -> list[list[str]]:
    assert game.view is not None
    rows = [["measure", "last week", "the week before"]]
    now, both = game.view.ticks(SPAN), game.view.ticks("14d")
    before = both.until(int(now.start_us[0]) if len(now.start_us) else 0)
    return rows + [[n, _share(now.signal(n)), _share(before.signal(n))] for n in now.signals]


def _columns(game: Game) -> list[list[str]]:
    """Return each column of the newest labelled records beside what the champion was trained on."""
    seen, trained = game.records(COMPARED), game.baseline()
    rows = [["column", "missing", "median", "in training", "outside the training range"]]
    for place, name in enumerate(seen.names):
        values = seen.x[:, place]
        known = values[~np.isnan(values)]
        usual = float(np.median(trained.edges[place]))
        outside = (known < trained.low[place]) | (known > trained.high[place])
        rows.append(
            [
                name,
                f"{1 - len(known) / max(1, len(values)):.0%}",
                f"{np.median(known):.3g}" if len(known) else "–",
                f"{usual:.3g}",
                f"{outside.mean():.0%}" if len(known) else "–",
            ]
        )
    return rows


def _records(game: Game) -> list[list[str]]:
    """Return the newest labelled records as storage holds them."""
    seen = game.records(SHOWN)
    rows = [[*seen.names, "outcome"]]
    for x, y in zip(seen.x, seen.y, strict=True):
        rows.append([*("–" if np.isnan(value) else f"{value:.4g}" for value in x), f"{y:g}"])
    return rows


def _share(value: float) -> str:
    return "–" if value != value else f"{value:.3f}"
