"""A user's own errors, with drift positions that are known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reports.bench.streams import Normal
from sim.errors import Mistake, refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reports.bench.streams import Drifts

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recorded:
    """Values of a file, a run for each value of its column *run* (one run if it has none).

    What is normal is what came before each run's first drift, all runs together.
    """

    name: str
    values: tuple[Floats, ...]
    drifts: tuple[Drifts, ...]
    late: int

    @property
    def n(self) -> int:
        """The length of the longest run."""
        return max(map(len, self.values))

    @property
    def runs(self) -> int | None:
        """How many there are."""
        return len(self.values)

    @property
    def normal(self) -> Normal:
        """The level before the first drift of each run and after it."""
        firsts = [d[0][0] if d else len(v) for v, d in zip(self.values, self.drifts, strict=True)]
        pairs = list(zip(self.values, firsts, strict=True))
        before = np.concatenate([values[:first] for values, first in pairs])
        after = np.concatenate([values[first:] for values, first in pairs])
        low = float(before.mean()) if len(before) else float("nan")
        high = float(after.mean()) if len(after) else low
        if all(np.isin(values, (0.0, 1.0)).all() for values in self.values):
            low = min(max(low, 0.001), 0.999) if low == low else 0.5
            high = min(max(high, 0.001), 0.999)
            return Normal(kind="bernoulli", before=round(low, 3), after=_other(high, low))
        spread = float(before.std()) or 1.0
        return Normal(
            kind="gaussian", before=round(low, 6), after=_other(high, low), spread=round(spread, 6)
        )

    @property
    def family(self) -> str:
        """What detectors are calibrated for: independent values at the level before drifts."""
        return self.normal.family

    def draw(self, run: int) -> tuple[Floats, Drifts]:
        """Return one run."""
        return self.values[run], self.drifts[run]

    def calm(self, run: int, n: int) -> Floats:
        """Return *n* independent values of the level before drifts."""
        return self.normal.calm(run, n)


def _other(level: float, than: float) -> float:
    """Return *level*, moved if it is the same: the oracle needs a change to look for."""
    return round(level, 6) if abs(level - than) > 1e-3 else round(than + 0.1 * (1 - than), 6)


def read(path: str, *, drifts: tuple[int, ...] = (), late: int = 0) -> Recorded:
    """Read a CSV with a column `error` (or a single column).

    Drifts are where a column `drift` is 1, or the places *drifts*, counted from 0, in every run;
    a column `run` says which rows belong together.
    """
    import pandas as pd

    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error).split("\n")[0]
        refuse("--streams", path, f"{why}; give a CSV with a column error")
    name = "error" if "error" in table else str(table.columns[0])
    if name != "error" and len(table.columns) > 1:
        raise Mistake(f"{path} has columns {', '.join(map(str, table.columns))}: name one error")
    numbers = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64)
    odd = np.flatnonzero(~np.isfinite(numbers))
    if len(odd):
        first = table[name].iloc[odd[0]]
        raise Mistake(f"{path}, row {odd[0] + 2}: {name} is {first}: give a number")
    if not len(numbers):
        raise Mistake(f"{path} has no rows: give at least some values")
    whose = table["run"].to_numpy() if "run" in table else np.zeros(len(table))
    marks = table["drift"].to_numpy() == 1 if "drift" in table else np.zeros(len(table), bool)
    parts, places = [], []
    for run in dict.fromkeys(whose.tolist()):
        rows = np.flatnonzero(whose == run)
        parts.append(numbers[rows])
        mine = sorted({*drifts, *np.flatnonzero(marks[rows]).tolist()})
        if mine and not 0 <= mine[0] <= mine[-1] < len(rows):
            of = f"run {run} of {path}" if "run" in table else path
            refuse("--drifts", mine[-1], f"{of} has only {len(rows)} values")
        places.append(tuple((place, place) for place in mine))
    return Recorded(Path(path).stem, tuple(parts), tuple(places), late)
