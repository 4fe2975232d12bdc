"""Level: a moving mean against a limit, as a team agrees on one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import one_of
from strategies.detectors.parameters import finite, whole

if TYPE_CHECKING:
    from strategies.detectors.running import Running


@dataclass(frozen=True, kw_only=True)
class Level:
    """A threshold on a moving mean: it alarms when the mean crosses *limit*.

    The mean is that of the last *window* values. *side* says whether it is trouble to be 'below'
    or 'above'. Fewer values than the window raise no alarm; a mean that stays beyond the limit is
    the same trouble and raises no second.

    >>> detector = Level(limit=0.5, window=4).start()
    >>> detector.scan([1.0] * 10 + [0.0] * 10), detector.scan([0.0] * 3 + [1.0] * 9 + [0.0] * 9)
    (12, 14)
    """

    limit: float
    window: int = 1_000
    side: str = "below"

    def __post_init__(self) -> None:
        finite("Level.limit", self.limit)
        whole("Level.window", self.window, 1)
        one_of("Level.side", self.side, ("below", "above"))

    def start(self) -> Running:
        """Return a fresh detector at work."""
        from strategies.detectors.kernels import level
        from strategies.detectors.running import Running

        return Running(
            "Level",
            level.scan,
            level.slots(self.window),
            float(self.limit),
            self.window,
            self.side == "below",
            domain="only finite numbers",
        )
