"""What versions claimed offline beside what they lived to, strategy by strategy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import intervals

if TYPE_CHECKING:
    from reports.comparison.year import Year
    from reports.intervals import Figure


@dataclass(frozen=True, kw_only=True)
class Furthest:
    """The *version* of the year of a *seed* that fell short of its own claim by most, in loss."""

    seed: int
    version: str
    claimed: float
    lived: float


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Loss a request, *claimed* and *lived*, each version as often as it answered.

    *short* is by how much it was missed, from year to year; *versions* how many answered in a
    year; *loss* by what they are judged; *furthest* is None where nothing fell short.
    """

    scenario: str
    strategy: str
    loss: str
    versions: float
    claimed: Figure
    lived: Figure
    short: Figure
    furthest: Furthest | None


def claim(scenario: str, strategy: str, years: Sequence[Year]) -> Claim | None:
    """Put what was claimed beside what was lived to; None where no version answered anybody."""
    told = [(year, known) for year in years if (known := list(_known(year)))]
    if not told:
        return None
    claimed, lived = ([_mean(known, name) for _, known in told] for name in ("claim", "lived"))
    worst, year = max(
        ((row, year) for year, known in told for row in known),
        key=lambda pair: float(pair[0]["lived"] - pair[0]["claim"]),
    )
    fell = worst["lived"] > worst["claim"]
    furthest = Furthest(
        seed=year.seed, version=worst["version"], claimed=worst["claim"], lived=worst["lived"]
    )
    return Claim(
        scenario=scenario,
        strategy=strategy,
        loss=str(told[0][0].run["judged_by"]),
        versions=sum(len(known) for _, known in told) / len(told),
        claimed=intervals.mean(claimed),
        lived=intervals.mean(lived),
        short=intervals.mean([b - a for a, b in zip(claimed, lived, strict=True)]),
        furthest=furthest if fell else None,
    )


def _known(year: Year) -> Iterator[dict[str, Any]]:
    """Return the versions that claimed something and answered somebody."""
    for row in year.versions:
        if row["requests"] and row["claim"] is not None and row["lived"] is not None:
            yield row


def _mean(rows: Sequence[dict[str, Any]], name: str) -> float:
    total = sum(row["requests"] for row in rows)
    return float(sum(row[name] * row["requests"] for row in rows) / total)
