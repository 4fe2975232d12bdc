"""A small history with known properties: numbers, categories, gaps, late labels, a new category."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.replay import Asked, Terms, Told, table, told


def history(records: int = 6_000, *, days: int = 60, seed: int = 3) -> pd.DataFrame:
    """Return frauds: rarer than one in ten, likelier in FR; ES appears after half of the time."""
    luck = np.random.default_rng(seed)
    share = np.sort(luck.random(records))
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.round(share * days * 86_400), unit="s")
    amount = luck.lognormal(3, 1, records).round(2)
    age = luck.integers(18, 80, records).astype(float)
    country = luck.choice(["DE", "FR", "IT"], records, p=[0.5, 0.3, 0.2])
    country = np.where((share > 0.5) & (luck.random(records) < 0.2), "ES", country)
    odds = -3.0 + 0.8 * (np.log(amount) - 3) + 1.2 * (country == "FR")
    fraud = (luck.random(records) < 1 / (1 + np.exp(-odds))).astype(int)
    known = times + pd.to_timedelta(np.round(luck.exponential(2 * 86_400, records)), unit="s")
    return pd.DataFrame(
        {
            "ts": times,
            "customer": [f"c{k}" for k in luck.integers(0, 500, records)],
            "amount": amount,
            "age": np.where(luck.random(records) < 0.05, np.nan, age),
            "country": country,
            "channel": luck.choice(["web", "app"], records),
            "known": known,
            "fraud": fraud,
        }
    )


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
