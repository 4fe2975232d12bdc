"""What the page draws: figures tick by tick, each smoothed over a day, in four layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.clock import DAY_US, text
from sim.timeline import CHALLENGER, CHAMPION, ERROR, FALLBACK

if TYPE_CHECKING:
    from sim.ticks import Ticks
    from sim.view import View

Point = dict[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A line of a chart: its *name*, the *layer* in which it is drawn, and its *unit*.

    *limit* is where its monitor alarms, if it has one.
    """

    name: str
    layer: str
    unit: str = ""
    limit: float | None = None


@dataclass
class Charts:
    """The lines of one game; each `read` adds the ticks that are over since the last."""

    channels: list[Channel]
    tick_us: int
    monitors: tuple[Any, ...]
    points: list[Point] = field(default_factory=list)

    @classmethod
    def of(cls, view: View, tick_us: int, monitors: tuple[Any, ...]) -> Charts:
        """Return the lines that mean something in this world."""
        first = view.ticks(text(tick_us))
        channels = [
            Channel(name="requests", layer="input", unit="an hour"),
            *(
                Channel(name=m.name, layer=m.layer, unit="of its limit", limit=_limit(m))
                for m in monitors
                if m.clock in ("tick", "desk") and m.layer in ("input", "output")
            ),
            Channel(name="answered by fallback", layer="output", unit="%"),
            Channel(name="shadow disagrees", layer="output", unit="%"),
            Channel(name="loss by labels", layer="performance"),
            Channel(name="challenger's loss", layer="performance"),
            *(Channel(name=name, layer="performance") for name in first.signals),
        ]
        if "completed" in first.vitals:
            channels += [
                Channel(name="completed", layer="performance", unit="%"),
                Channel(name="complained", layer="business", unit="%"),
            ]
        if first.latency.size:
            channels.append(Channel(name="latency p99", layer="performance", unit="ms"))
        channels += [Channel(name=name, layer="business") for name in first.business]
        return cls(channels, tick_us, monitors)

    def read(self, view: View) -> list[Point]:
        """Return the points of ticks that are over and were not drawn yet."""
        over = view.now_us // self.tick_us
        if over <= len(self.points):
            return []
        point = self._point(view.ticks(text(DAY_US)), view)
        new = [point] * (over - len(self.points))
        self.points += new
        return new

    def _point(self, day: Ticks, view: View) -> Point:
        count = day.count.sum(axis=0)
        total = max(1, int(count.sum()))
        hours = len(day.count) * self.tick_us / 3.6e9
        point: dict[str, float] = {
            "requests": float(count.sum()) / max(hours, 1e-9),
            "answered by fallback": 100.0 * float(count[FALLBACK] + count[ERROR]) / total,
            "shadow disagrees": 100.0 * day.disagreement(),
            "loss by labels": day.error(CHAMPION),
            "challenger's loss": day.error(CHALLENGER),
        }
        point |= {name: day.signal(name) for name in day.signals}
        for name in ("completed", "complained"):
            if name in day.vitals:
                point[name] = 100.0 * float(day.vitals[name].sum()) / total
        if day.latency.size:
            point["latency p99"] = day.latency_ms(0.99)
        point |= {
            name: float(value.sum() if name == "revenue" else value.mean())
            for name, value in day.business.items()
            if len(value)
        }
        return {name: _known(value) for name, value in (dict(view.readings) | point).items()}


def _limit(monitor: Any) -> float | None:
    limit = getattr(monitor.detector, "limit", None)
    return float(limit) if isinstance(limit, int | float) else None


def _known(value: float) -> float | None:
    return round(value, 6) if isfinite(value) else None
