"""A small history with known properties: numbers, categories, gaps, late labels, a new category."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scenarios.replay import Asked, Terms, Told, table, told
from scenarios.replay.example import history

__all__ = ["history", "replayed", "written"]


def written(folder: Path, frame: pd.DataFrame, name: str = "data.csv") -> str:
    """Write *frame* and return the path."""
    path = folder / name
    if name.endswith(".parquet"):
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False)
    return str(path)


def replayed(
    folder: Path,
    frame: pd.DataFrame | None = None,
    *,
    name: str = "data.csv",
    seed: int = 0,
    terms: Terms | None = None,
    **asked: object,
) -> Told:
    """Return the scenario of *frame* (or of the history) with *asked* said of its columns."""
    path = written(folder, history() if frame is None else frame, name)
    given = {"time": "ts", "label": "fraud", **asked}
    made = table(Asked(path=path, **given), folder / "cache")  # type: ignore[arg-type]
    return told(made, terms or Terms(), seed=seed)
