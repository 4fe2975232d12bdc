"""A small history to try things on: `python -m scenarios.replay.example fraud.csv`.

Drawn, not recorded: payments, some of them frauds that become known days later; a new country
turns up half way.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def history(records: int = 6_000, *, days: int = 60, seed: int = 3) -> pd.DataFrame:
    """Return frauds: rarer than one in ten, likelier in FR; ES appears after half of the time."""
    import pandas as pd

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


if __name__ == "__main__":
    history().to_csv(sys.argv[1], index=False)
