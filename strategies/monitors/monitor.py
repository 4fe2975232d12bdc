"""What every monitor of ours says: whose it is, when it looks, who sees it, what it asks for."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any

from sim.duty import LEVELS, Human
from sim.errors import one_of, refuse, whole
from sim.monitoring import window_ticks
from strategies.detectors.above import Above
from strategies.detectors.steps import Steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.monitoring import Baseline


@dataclass(frozen=True, kw_only=True, repr=False)
class Monitor:
    """The duty of a monitor: its *owner*, and how its alarms come about.

    It is *installed_at* some time (or 'after the first incident', '2w after the first incident')
    and needs *warm_up* before it looks; a tick or desk monitor looks *every* so often. Its alarms
    ask for a *level*, 'investigate' or 'roll back'. Those within *quiet* of each other are one,
    for a whole *group* of monitors if one is named. *seen_by* Human(every='7d') the alarm exists
    when that person looks; by None at once.
    """

    owner: str = "model"
    level: str = "investigate"
    every: str = "0"
    warm_up: str = "0"
    installed_at: str = "0"
    quiet: str = "0"
    group: str = ""
    seen_by: Human | None = None

    def __repr__(self) -> str:
        shown = [
            f"{f.name}={getattr(self, f.name)!r}"
            for f in fields(self)
            if f.default is MISSING or getattr(self, f.name) != f.default
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(frozen=True, kw_only=True, repr=False)
class Limited(Monitor):
    """A monitor of a value over *window* with a *limit*, and perhaps a second to *roll_back* at.

    Its value is judged on *minimum* records or more.
    """

    limit: float = 0.1
    roll_back: float | None = None
    minimum: int = 100
    window: int | str = "1d"

    def __post_init__(self) -> None:
        kind = type(self).__name__
        one_of(f"{kind}.level", self.level, LEVELS)
        whole(f"{kind}.minimum", self.minimum, 1)
        window_ticks(self.window, 1, f"{kind}.window")
        if self.limit != self.limit:
            refuse(f"{kind}.limit", self.limit, "give a number")
        _ = self.detector

    @property
    def side(self) -> str:
        """On which side of its limit trouble lies."""
        return "above"

    @property
    def detector(self) -> Any:
        """The limit, or both."""
        if self.roll_back is None and self.side == "above":
            return Above(limit=self.limit)
        return Steps(limit=self.limit, grave=self.roll_back, side=self.side)

    def grave(self, value: float) -> bool:
        """Say whether *value* is a reason to roll back."""
        if self.roll_back is None:
            return False
        return value > self.roll_back if self.side == "above" else value < self.roll_back

    @property
    def since(self) -> str:
        """How far back it looks, in words."""
        if isinstance(self.window, str):
            return f"over the last {self.window}"
        return "in this tick" if self.window == 1 else f"over the last {self.window} ticks"

    @property
    def owned(self) -> str:
        """Whose the alarm is, in words."""
        return f"for the {self.owner} owner"


@dataclass(frozen=True, kw_only=True, repr=False)
class Ratio(Limited):
    """A monitor of how much of something there is per record.

    What it counts has two columns, the sum and the number of records.
    """

    def judge(self, counts: NDArray[Any], baseline: Baseline) -> NDArray[Any]:
        """Return the ratio (shape n), NaN for too few records."""
        import numpy as np

        enough = counts[:, 1] >= self.minimum
        return np.where(enough, counts[:, 0] / np.maximum(counts[:, 1], 1), np.nan)

    def told(self, counts: NDArray[Any], what: str, records: str, *, share: bool = True) -> str:
        """Say how much of *what* there was, against which limit, on how many *records*."""
        from strategies.monitors.wording import amount

        value = float(counts[0] / max(counts[1], 1))
        return (
            f"{what} {amount(value, share=share)}, {self.side} the limit "
            f"{amount(self.limit, share=share)}, on {int(counts[1]):,} {records} {self.since}; "
            f"{self.owned}"
        )
