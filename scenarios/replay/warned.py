"""Outcomes that are missing for a reason: what was decided decides what is known."""

from __future__ import annotations

from math import sqrt
from typing import Any

_SURE, _LARGE = 5.0, 0.02


def missing_by_decision(fates: dict[str, Any]) -> list[str]:
    """Return a warning if outcomes are missing more often after one logged decision.

    The two shares differ by 2 points and 5 standard errors at least.

    >>> missing_by_decision({"unlabelled": 0, "decided": [9, 9], "decided_unlabelled": [0, 0]})
    []
    """
    records, missing = fates["decided"], fates["decided_unlabelled"]
    if not all(records):
        return _unknown(fates)
    shares = [m / n for m, n in zip(missing, records, strict=True)]
    pooled = sum(missing) / sum(records)
    error = sqrt(pooled * (1 - pooled) * (1 / records[0] + 1 / records[1]))
    gap = abs(shares[0] - shares[1])
    if gap <= _LARGE or gap <= _SURE * error:
        return []
    return [
        f"selective labels: outcomes are missing for {100 * shares[0]:.1f} % of the records with "
        f"logged decision 0 and {100 * shares[1]:.1f} % with 1. What is known was chosen by the "
        "old model: losses here speak for those it let through, not for all"
    ]


def _unknown(fates: dict[str, Any]) -> list[str]:
    if not fates["unlabelled"]:
        return []
    return [
        "are outcomes known only where a decision let them happen (credit granted, item shown)? "
        "then losses here speak for those alone; give the decisions with --prediction to see"
    ]
