"""What each control of a policy is worth, in words that fit a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.comparison.ablation import EARNS, HARMS, NOTHING, OPEN
from reports.comparison.measure import measure
from reports.table import paragraph, table
from reports.words import amount, count

if TYPE_CHECKING:
    from reports.comparison.ablation import Ablation, Removal
    from reports.comparison.contrast import Contrast
    from reports.intervals import Figure

HEADS = {"pages": "calls", "false_alarms": "false alarms"}
STANDS_ALONE = "Each control is left out alone: what they are worth does not add up."
WIDTH = 16
"""Signs of the longest bar."""


def tell(found: Ablation) -> str:
    """Return what each control is worth, with bars, and what changes without it."""
    most = max((abs(one.worth.value) for one in found.removals), default=0.0) or 1.0
    title = f"{found.strategy} in {found.scenario}, {count(found.seeds, 'seed')}, one control less"
    head = ["without", "loss saved by it", "", "", "its own price"]
    lines = [title, "", *table(head, [_worth(one, most) for one in found.removals]), ""]
    more = [name for name in found.measures if name not in ("loss", "cost")]
    if more:
        rows = [_changes(one, more) for one in found.removals]
        lines += [*table(["without", *(f"more {HEADS.get(n, n)}" for n in more)], rows), ""]
    unit = found.removals[0].unit
    lines += paragraph(f"loss saved: {unit}, with an interval; ?: not settled. {STANDS_ALONE}")
    lines += paragraph(finding(found))
    lines += [f"failed    {line}" for line in found.failures[:5]]
    return "\n".join(lines)


def finding(found: Ablation) -> str:
    """Return which controls earn their keep, in a sentence or two."""
    told = {verdict: [one.control for one in found.removals if one.verdict == verdict]
            for verdict in (EARNS, HARMS, NOTHING, OPEN)}  # fmt: skip
    several = {EARNS: "earn their keep", HARMS: "do harm", NOTHING: "change nothing here",
               OPEN: "are not settled"}  # fmt: skip
    one = {**{verdict: verdict for verdict in told}, OPEN: "is not settled"}
    said = [
        f"{', '.join(names)} {one[verdict] if len(names) == 1 else several[verdict]}"
        for verdict, names in told.items()
        if names
    ]
    return f"{'; '.join(said)}."


def _worth(one: Removal, most: float) -> list[str]:
    known = one.worth.value == one.worth.value
    bar = "█" * round(WIDTH * abs(one.worth.value) / most) if known else ""
    bar = bar if one.worth.value > 0 else bar.replace("█", "░")
    price = f"{signed(one.price)} {one.price_unit}" if one.price.value else "0"
    return [one.control, signed(one.worth), bar, one.verdict, price]


def _changes(one: Removal, more: list[str]) -> list[str]:
    told = {change.measure: change for change in one.changes}
    return [one.control, *(change(told[name]) for name in more)]


def change(one: Contrast) -> str:
    """Return a change of a measure, marked where it is not settled."""
    by, value = measure(one.measure.partition("(")[0]), one.difference.value
    if value != value:
        return "–"
    if not value:
        return "same"
    sure = "" if one.settled else " ?"
    return f"{'+' if value > 0 else ''}{by.written(value)}{sure}"


def signed(one: Figure) -> str:
    """Return a change with half its interval."""
    if one.value != one.value:
        return "unknown"
    if not one.value:
        return "0"
    text = f"{'+' if one.value > 0 else '-'}{amount(abs(one.value))}"
    return f"{text} ± {amount(float(f'{(one.high - one.low) / 2:.2g}'))}" if one.known else text
